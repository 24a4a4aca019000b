# Give the old address back to it. The visitors do not know it.
ip address add 192.0.2.104/24 dev eth0
until ss -ltn | grep -q :8080; do sleep 0.1; done
