# Send the customers home.
pkill -f browser.py
while pgrep -f browser.py >/dev/null; do sleep 0.1; done
