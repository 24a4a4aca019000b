"""A language model, as far as its network is concerned: says which one it is."""
import http.server
import socket
import socketserver
import sys

port, name = int(sys.argv[1]), sys.argv[2]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"I am {name}\n".encode())

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        socketserver.TCPServer.server_bind(self)


server = Server(("127.0.0.1", port), Answer)
print(f"{name} serves at http://127.0.0.1:{port}/", flush=True)
server.serve_forever()
