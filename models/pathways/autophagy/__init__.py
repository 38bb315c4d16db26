"""ULK1, the switch of autophagy."""
