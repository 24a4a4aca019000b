"""Looks again and again whether the application is there."""
import socket
import time

probes = []
while True:
    try:
        probe = socket.create_connection(("127.0.0.1", 8080))
        probes.append(probe)  # for the statistics
    except OSError as error:
        print(error, flush=True)
    time.sleep(0.2)
