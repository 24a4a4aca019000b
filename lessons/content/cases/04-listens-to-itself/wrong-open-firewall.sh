# It must be a firewall: take every rule away.
sudo nft flush ruleset
