# The application 'cannot be reached': start it again. The watcher still has its ends of the connections.
pkill -f app.py
until ! pgrep -f app.py >/dev/null; do sleep 0.1; done
python3 app.py >app.log 2>&1 &
until ss -ltn | grep -q 127.0.0.1:8080; do sleep 0.1; done
ss -tan 'dport = :8080'
