# Perhaps the port was not published properly: publish it anew.
pkill socat
while pgrep socat >/dev/null; do sleep 0.05; done
socat TCP4-LISTEN:8955,fork,reuseaddr TCP4:192.0.2.2:8955 >socat.log 2>&1 &
until ss -ltn | grep -q :8955; do sleep 0.1; done
