# It is no TIME-WAIT, which would pass.
python3 orders.py > orders.log 2>&1
