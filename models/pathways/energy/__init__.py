"""AMP, LKB1, AMPK, and p53 with its sestrin."""
