# And the other half.
sysctl -w net.ipv4.tcp_tw_reuse=1
sleep 1.5
