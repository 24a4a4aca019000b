ss -ltnp 'sport = :62893'
pgrep -af model.py
kill $(pgrep -f 'model.py 62893 thistle')
while pgrep -f 'model.py 62893 thistle' >/dev/null; do sleep 0.05; done
