"""How others read a model: networks, SBML, and later formats."""
