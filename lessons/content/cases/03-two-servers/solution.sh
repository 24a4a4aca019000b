ss -ltnp 'sport = :62893'
pgrep -af model.py
kill $(pgrep -f 'model.py 62893 thistle')
