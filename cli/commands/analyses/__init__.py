"""The analyses as commands: a module of the same name as the analysis, with a ``command``."""
