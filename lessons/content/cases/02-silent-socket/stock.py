#!/usr/bin/env python3
"""The stock service: takes its port first, and serves once its data has come."""
import os
import socket
import time

port = int(os.environ.get("STOCK_PORT", "9000"))
door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
door.bind(("127.0.0.1", port))
open("stock.pid", "w").write(str(os.getpid()))
while not os.path.exists("stock.data"):
    time.sleep(0.2)
door.listen(16)
while True:
    connection, peer = door.accept()
    connection.sendall(b"HTTP/1.0 503 Service Unavailable\r\n\r\n")
    connection.close()
