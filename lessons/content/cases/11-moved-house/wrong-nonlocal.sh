# Allow addresses that are not there. It starts; nobody can come in.
sysctl -w net.ipv4.ip_nonlocal_bind=1
until ss -ltn | grep -q :8080; do sleep 0.1; done
