ss -ltn 'sport = :6379'
sed -i 's/^bind .*/bind 127.0.0.1 192.0.2.1/; s/^#requirepass/requirepass/' redis.conf
pkill redis-server
until ss -ltn | grep -q 192.0.2.1:6379; do sleep 0.1; done
