# Listen on every address. It answers now; with 'DENIED'.
sed -i 's/^bind .*/bind 0.0.0.0/' redis.conf
pkill redis-server
until ss -ltn | grep -q 0.0.0.0:6379; do sleep 0.1; done
