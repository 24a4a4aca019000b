# And no protected mode, as a forum says. Now it answers anybody.
sed -i 's/^bind .*/bind 0.0.0.0/' redis.conf
echo 'protected-mode no' >>redis.conf
pkill redis-server
until ss -ltn | grep -q 0.0.0.0:6379; do sleep 0.1; done
