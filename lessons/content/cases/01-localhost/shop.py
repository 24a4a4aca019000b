#!/usr/bin/env python3
"""The shop's server: one page on the address of shop.conf."""
import http.server
import socket

settings = {}
for line in open("shop.conf"):
    name, equals, value = line.partition("=")
    if equals and not line.startswith("#"):
        settings[name.strip()] = value.strip()


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"Hello from the shop\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6 if ":" in settings["address"] else socket.AF_INET


Server((settings["address"], int(settings["port"])), Shop).serve_forever()
