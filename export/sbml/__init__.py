"""SBML: the document, its identifiers, mathematics and annotation."""
