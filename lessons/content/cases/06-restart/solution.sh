tail -n 1 store.log
ss -tan 'sport = :62893'
sed -i 's/^OPTIONS=.*/OPTIONS="-r"/' store.env
until ss -ltn | grep -q 127.0.0.1:62893; do sleep 0.1; done
