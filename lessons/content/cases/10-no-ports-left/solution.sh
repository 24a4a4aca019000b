tail -n 1 nginx.log
sysctl net.ipv4.ip_local_port_range
ss -tnp 'dport = :8080'
kill $(pgrep -f poll.py)
sysctl -w net.ipv4.ip_local_port_range="32768 60999"
while pgrep -f poll.py >/dev/null; do sleep 0.05; done
