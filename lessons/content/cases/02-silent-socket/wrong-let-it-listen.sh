# Now somebody listens, and it is not the order service.
touch stock.data
until ss -ltn | grep -q :9000; do sleep 0.05; done
