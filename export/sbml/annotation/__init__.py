"""What the elements of an SBML document are: terms, references, notes, groups."""
