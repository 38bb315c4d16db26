"""Steady states over a parameter: branches, their stability, and where it changes."""
