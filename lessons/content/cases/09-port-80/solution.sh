tail -n 1 nginx.log
ss -ltn 'sport = :80'
sysctl net.ipv4.ip_unprivileged_port_start
sysctl -w net.ipv4.ip_unprivileged_port_start=80
until ss -ltn | grep -q ':80 '; do sleep 0.1; done
