"""Drugs other than rapalogs."""
