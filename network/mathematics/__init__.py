"""BioNetGen's expression language and the numbers of a network."""
