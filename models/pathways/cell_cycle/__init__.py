"""GSK3, FOXO4, cyclins, and the inhibitors of CDKs."""
