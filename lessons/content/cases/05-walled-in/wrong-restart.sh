# The database hangs: start it again.
pkill redis-server
while pgrep redis-server >/dev/null; do sleep 0.05; done
redis-server redis.conf >redis.log 2>&1 &
until ss -ltn | grep -q :6379; do sleep 0.1; done
