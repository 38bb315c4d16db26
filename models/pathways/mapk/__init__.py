"""RAS, RAF, MEK, ERK and RSK."""
