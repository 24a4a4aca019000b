tail -n 1 nginx.log
ip -brief address
grep -n listen nginx.conf
sed -i 's/listen .*/listen 8080;/' nginx.conf
until ss -ltn | grep -q :8080; do sleep 0.1; done
