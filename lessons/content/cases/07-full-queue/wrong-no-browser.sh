# Send the customers home.
pkill -f browser.py
