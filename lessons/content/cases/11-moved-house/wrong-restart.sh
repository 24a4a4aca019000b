# Stop it, and let it start again.
pkill nginx
sleep 1
