"""Ligands, receptor tyrosine kinases and their adaptors."""
