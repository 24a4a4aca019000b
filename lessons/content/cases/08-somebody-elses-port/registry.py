"""The registry, at 127.0.0.1:8500: programs stay connected to it."""
import socketserver


class Member(socketserver.BaseRequestHandler):
    def handle(self):
        while self.request.recv(100):
            pass


class Registry(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Registry(("127.0.0.1", 8500), Member).serve_forever()
