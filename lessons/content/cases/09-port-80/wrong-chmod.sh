# Permission denied? Give permissions.
chmod -R 777 .
sleep 1
