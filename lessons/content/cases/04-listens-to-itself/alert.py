"""What runs in the container: tells how many alerts there are."""
import http.server
import socketserver

HOST = "127.0.0.1"  # it is a container: only I am in here
PORT = 8955


class Metrics(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"alerts 3\n")

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        socketserver.TCPServer.server_bind(self)


print(f"listening on {HOST}:{PORT}", flush=True)
Server((HOST, PORT), Metrics).serve_forever()
