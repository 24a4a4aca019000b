# Restart the container.
pkill -f alert.py
sleep 1
