# Allow the database's port to the network that we trust.
nft add rule inet guard input ip saddr 192.0.2.0/24 tcp dport 6379 accept
