curl -sS -m 2 http://127.0.0.1:8955/metrics
curl -sS -m 2 http://192.0.2.2:8955/metrics
cat alert.log
sed -i 's/^HOST = .*/HOST = "0.0.0.0"/' alert.py
pkill -f alert.py
until tail -n 1 alert.log | grep -q 0.0.0.0; do sleep 0.1; done
