"""SBML as input: any file read, and what it declares."""
