"""A help desk's page. Its settings are in desk.ini."""
import configparser
import http.server
import socketserver

ini = configparser.ConfigParser()
ini.read("desk.ini")
desk = ini["desk"]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the desk is open\n")

    def log_message(self, *words):
        pass


Base = http.server.ThreadingHTTPServer if desk.getboolean("threads") else http.server.HTTPServer


class Server(Base):
    request_queue_size = desk.getint("backlog")  # for listen()

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)


Server(("127.0.0.1", 62893), Page).serve_forever()
