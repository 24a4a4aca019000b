# Something has a port with '80' in it: end it.
pkill -f http.server
sleep 1
