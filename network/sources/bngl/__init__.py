"""Reading BNGL files as data: which lines are the model, which are actions, and nothing else.

BNG2.pl reads a model itself, and evaluates as Perl whatever it takes for an action. So it never
sees an author's text: every line is parsed here and written again from its pieces, names that are
words, numbers, patterns, expressions and the arguments of a few actions. What is none of these is
refused. Lines keep their numbers. A file that generates a network, simulates it and scans its
parameters is read, not run:

* ``generate_network`` keeps what bounds the network (``max_iter``, ``max_agg``, ``max_stoich``,
  ``check_iso``); the first call counts.
* What changes the model before its first use (simulation, scan) is kept: ``setParameter``,
  ``setConcentration``, ``addConcentration``, the resetting of both, and options, version and units
  wherever they are. A warning names what changes it later.
* A table (``tfun``) becomes a formula in pieces.
* Everything else is an experiment with the model and is skipped.
"""

from .actions import Action, Literal
from .naming import undefined
from .reading import BnglError, BnglFile, read, with_tables

__all__ = ["Action", "BnglError", "BnglFile", "Literal", "read", "undefined", "with_tables"]
