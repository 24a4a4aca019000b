ss -ltn 'sport = :62893'
ss -tnp 'sport = :62893'
sed -i 's/^threads = .*/threads = yes/' desk.ini
pkill -f desk.py
while pgrep -f desk.py >/dev/null; do sleep 0.05; done
python3 desk.py >desk.log 2>&1 &
until ss -ltn | grep -q :62893; do sleep 0.1; done
