# At 8081 it starts. The visitors go to port 80.
sed -i 's/listen 80;/listen 8081;/' nginx.conf
until ss -ltn | grep -q ':8081 '; do sleep 0.1; done
