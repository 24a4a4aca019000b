# The database hangs: start it again.
pkill redis-server
sleep 0.3
redis-server redis.conf >redis.log 2>&1 &
until ss -ltn | grep -q :6379; do sleep 0.1; done
