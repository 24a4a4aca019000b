# Share the port.
sed -i 's/listen 80;/listen 80 reuseport;/' nginx.conf
sleep 1
