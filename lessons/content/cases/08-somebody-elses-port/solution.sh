tail -n 1 nginx.log
ss -ltnp 'sport = :38151'
ss -tanp 'sport = :38151'
sysctl -w net.ipv4.ip_local_reserved_ports=38151
ss -K 'sport = :38151'
until ss -ltn | grep -q :38151; do sleep 0.1; done
