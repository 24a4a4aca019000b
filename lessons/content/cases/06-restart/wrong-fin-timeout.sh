# What half of the web says about TIME-WAIT.
sysctl -w net.ipv4.tcp_fin_timeout=1
sleep 1.5
