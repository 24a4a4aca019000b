# It must be the firewall.
nft flush ruleset
