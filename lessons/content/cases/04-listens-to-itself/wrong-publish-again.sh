# Perhaps the port was not published properly: publish it anew.
pkill socat
sleep 0.2
socat TCP4-LISTEN:8955,fork,reuseaddr TCP4:192.0.2.2:8955 >socat.log 2>&1 &
sleep 0.3
