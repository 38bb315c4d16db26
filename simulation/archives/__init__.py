"""Experiments into archives and out of them again."""
