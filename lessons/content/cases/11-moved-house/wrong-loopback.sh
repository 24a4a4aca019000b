# Bind it to 127.0.0.1: that is always there.
sed -i 's/listen .*/listen 127.0.0.1:8080;/' nginx.conf
until ss -ltn | grep -q :8080; do sleep 0.1; done
