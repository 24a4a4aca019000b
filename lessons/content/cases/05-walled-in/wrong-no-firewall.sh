# Away with the firewall.
nft flush ruleset
