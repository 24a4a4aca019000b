"""A store of measurements: python3 store.py [-r]

-r  reuse the address (SO_REUSEADDR): a restart need not wait for old connections

POST /restart makes it end, so that run.sh starts it again; the backup does that each night.
"""
import http.server
import os
import socketserver
import sys

REUSE = "-r" in sys.argv[1:]


class Store(http.server.BaseHTTPRequestHandler):
    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer(b"stored\n")  # and then the store hangs up first

    def do_POST(self):
        self.answer(b"restarting\n")
        os._exit(0)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = REUSE  # SO_REUSEADDR, set before bind

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)


Server(("127.0.0.1", 62893), Store).serve_forever()
