"""A model as rules in a language of its own: PySB, Kappa, SBML's package for rules."""
