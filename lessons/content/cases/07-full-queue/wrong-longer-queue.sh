# The queue is full, so make it longer.
sed -i 's/^backlog = .*/backlog = 128/' desk.ini
pkill -f desk.py
while pgrep -f desk.py >/dev/null; do sleep 0.05; done
python3 desk.py >desk.log 2>&1 &
until ss -ltn | grep -q :62893; do sleep 0.1; done
sleep 1
