# Stop everything that has to do with it, and start it again.
pkill -f run.sh
pkill -f store.py
sleep 0.5
bash run.sh &
sleep 1
