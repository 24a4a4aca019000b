"""The shop: asks its database, Redis, on this machine, and tells the visitor what it said."""
import http.server
import socket
import socketserver


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with socket.create_connection(("127.0.0.1", 6379), timeout=1) as db:
                db.sendall(b"PING\r\n")
                answer = db.recv(100)
        except OSError as error:
            print(f"database at 127.0.0.1:6379: {error}", flush=True)
            return self.send_error(503, "No database")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the database says " + answer)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        socketserver.TCPServer.server_bind(self)


Server(("0.0.0.0", 8080), Shop).serve_forever()
