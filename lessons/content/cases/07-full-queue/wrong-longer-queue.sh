# The queue is full, so make it longer.
sed -i 's/^backlog = .*/backlog = 128/' desk.ini
pkill -f desk.py
sleep 0.3
python3 desk.py >desk.log 2>&1 &
until ss -ltn | grep -q :62893; do sleep 0.1; done
sleep 1
