# 'All addresses', but of IPv4 only.
sed -i 's/^address.*/address = 0.0.0.0/' shop.conf
pkill -f shop.py
until ! ss -ltn | grep -q :8080; do sleep 0.05; done
python3 shop.py > shop.log 2>&1 &
until ss -ltn | grep -q :8080; do sleep 0.05; done
