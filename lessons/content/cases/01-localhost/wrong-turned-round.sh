# Now the new client is served, and the old ones are not.
sed -i 's/^address.*/address = ::1/' shop.conf
pkill -f shop.py
until ! ss -ltn | grep -q :8080; do sleep 0.05; done
python3 shop.py > shop.log 2>&1 &
until ss -ltn | grep -q :8080; do sleep 0.05; done
