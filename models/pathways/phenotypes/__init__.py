"""What the network does to the cell: proxies, each monotone in named inputs."""
