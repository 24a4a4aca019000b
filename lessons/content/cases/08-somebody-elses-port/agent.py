"""The agent: keeps a connection to the registry, and makes a new one whenever it is lost."""
import socket
import time

while True:
    try:
        with socket.create_connection(("127.0.0.1", 8500)) as registry:
            print("connected", registry.getsockname(), flush=True)
            registry.sendall(b"here I am\n")
            registry.recv(1)
    except OSError as error:
        print(error, flush=True)
    time.sleep(0.3)
