"""A network's rate laws as arrays, as code and as BioNetGen's text."""
