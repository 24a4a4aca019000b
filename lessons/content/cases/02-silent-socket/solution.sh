pkill -f stock.py
while pgrep -f stock.py > /dev/null; do sleep 0.05; done
python3 orders.py > orders.log 2>&1 &
until ss -ltn | grep -q :9000; do sleep 0.05; done
