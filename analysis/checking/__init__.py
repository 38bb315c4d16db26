"""Looking an SBML file over: one subject a module, all of them gathered by :mod:`..check`."""
