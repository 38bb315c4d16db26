"""A network as graphs, and graphs as pictures."""
