"""Formulas of an SBML document as MathML, with a unit for everything."""
