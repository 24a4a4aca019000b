# Start nginx again.
pkill nginx
until ! pgrep nginx >/dev/null; do sleep 0.1; done
nginx -p . -e nginx.log -c nginx.conf
until ss -ltn | grep -q :8000; do sleep 0.1; done
