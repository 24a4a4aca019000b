"""The application behind nginx, at 127.0.0.1:8080."""
import http.server
import socketserver


class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"tickets\n")

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        socketserver.TCPServer.server_bind(self)


Server(("127.0.0.1", 8080), App).serve_forever()
