"""HIF, VHL and REDD1."""
