#!/usr/bin/env python3
"""The order service: one page on 127.0.0.1:9000."""
import http.server


class Orders(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"3 orders are open\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Orders).serve_forever()
