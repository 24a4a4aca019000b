#!/usr/bin/env python3
"""`loopscope explain` about sockets that are not this project's. Argument: the program."""
import json
import os
import shutil
import socket
import subprocess
import sys

program = sys.argv[1]
wrong = []


def explain(*words):
    ran = subprocess.run([program, "explain", *words], capture_output=True, text=True)
    return ran.returncode, ran.stdout, ran.stderr


def expect(holds, what, *seen):
    if not holds:
        wrong.append(f"{what}: {seen}")


# A TCP socket that is bound and silent, of another program of the same user.
code = "import socket,sys\ns=socket.socket();s.bind(('127.0.0.1',0));print(s.getsockname()[1],flush=True);sys.stdin.read()"
holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
port = holder.stdout.readline().strip()
status, out, _ = explain(f"127.0.0.1:{port}")
# Kernels before 6.8 do not tell of such a socket; then the answer says so.
tells = "does not tell" not in out
if tells:
    expect(status == 1 and f"pid {holder.pid}" in out and "BOUND" in out, "a silent holder", status, out)
    expect(len(out.splitlines()) <= 6, "at most five lines and the command", out)
    for form in (f"localhost:{port}", f":{port}", port, f"http://localhost:{port}/page?x=1"):
        status, out, _ = explain(form)
        expect(status == 1 and f"pid {holder.pid}" in out, f"the form {form}", status, out)
    status, out, _ = explain("--json", f"localhost:{port}")
    answer = json.loads(out)
    expect(status == 1 and answer["holders"][0]["pid"] == holder.pid and answer["would_work"], "--json", out)
status, out, _ = explain("--try", f"127.0.0.1:{port}")
expect(status == 1 and "EADDRINUSE" in out, "--try on a port that is taken", status, out)
holder.communicate("")
status, out, _ = explain("--try", f"127.0.0.1:{port}")
expect(status == 0 and "bind succeeded" in out, "--try on a free port", status, out)

# A listener on :: that blocks 127.0.0.1.
with socket.create_server(("127.0.0.1", 0)) as probe:
    free = probe.getsockname()[1]
if shutil.which("nc"):
    other = subprocess.Popen(["nc", "-6", "-l", "-k", "::", str(free)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    waiting = True
    while waiting and other.poll() is None:  # until it listens
        waiting = f"pid {other.pid}" not in explain(f"[::]:{free}")[1]
    status, out, _ = explain(f"127.0.0.1:{free}")
    if other.poll() is None:
        expect(status == 1 and f"pid {other.pid}" in out and "[::]" in out, "a listener on ::", status, out)
        other.kill()
    other.wait()

# A TIME-WAIT, with the seconds that are left.
listener = socket.create_server(("127.0.0.1", 0))
busy = listener.getsockname()[1]
client = socket.create_connection(("127.0.0.1", busy))
served, _ = listener.accept()
served.close()
client.close()
listener.close()
status, out, _ = explain(f"127.0.0.1:{busy}")
expect(status == 1 and "TIME-WAIT" in out and "gone in" in out and "Wait " in out, "a TIME-WAIT", status, out)

for bad in (["nonsense"], ["127.0.0.1:99999"], [], ["5000", "--with", "SO_NOTHING"], ["5000", "--tcp", "--udp"]):
    status, out, err = explain(*bad)
    expect(status == 2 and not out and err, f"usage: {bad}", status, out, err)

for words in wrong:
    print(words)
print("explain: as it should be" if not wrong else f"explain: {len(wrong)} wrong")
sys.exit(1 if wrong else 0)
