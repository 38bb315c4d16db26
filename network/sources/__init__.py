"""Where models come from: the catalogue, PySB models, Python and BNGL files."""
