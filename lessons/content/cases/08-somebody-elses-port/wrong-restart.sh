# Start the service anew.
pkill nginx
sleep 1
