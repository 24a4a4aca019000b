# It runs, where no client looks for it.
sed -i 's/9000/9001/' orders.py
python3 orders.py > orders.log 2>&1 &
until ss -ltn | grep -q :9001; do sleep 0.05; done
