"""Lipids and glucose."""
