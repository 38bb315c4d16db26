"""One course of all observables in each of several simulators, as that simulator reads the model.

Unlike the engines, which are given start values and rate constants worked out once for all of
them, each of these is left alone with the file: with the SBML document, or with BioNetGen's network
file. So they check what is in the file, and not only how it is integrated.
"""
