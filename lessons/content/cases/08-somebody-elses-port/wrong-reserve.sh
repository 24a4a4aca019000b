# Reserve the port. For the future that is right; the agent has it now.
sysctl -w net.ipv4.ip_local_reserved_ports=38151
sleep 1
