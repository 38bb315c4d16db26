"""What the formulas of a file call by name: circles among them, and names that stand for nothing.

BNG2.pl follows functions that need each other until there is no memory left, and tells of an
undefined name at the end of the block or of the file.
"""

from __future__ import annotations

import difflib
import graphlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...mathematics import expressions
from .blocks import Entry

Entries = Mapping[str, Sequence[Entry]]

_FORMULAS: Final = ("parameters", "functions")
_VALUES: Final = (*_FORMULAS, "observables")
# What other languages call so.
_INSTEAD: Final = {
    "time": "time()",
    "t": "time()",
    "pi": "_pi()",
    "_pi": "_pi()",
    "_e": "_e()",
    "log": "ln(x) or log10(x)",
    "pow": "x^y",
    "floor": "rint(x-0.5)",
    "ceil": "-rint(-x-0.5)",
    "sign": "if(x>0,1,if(x<0,-1,0))",
}


def circle(entries: Entries) -> tuple[str, int] | None:
    """Return a message and a line if parameters or functions need each other in a circle."""
    formulas = {entry.name: entry for entry in _formulas(entries)}
    try:
        graphlib.TopologicalSorter({n: _needs(e) for n, e in formulas.items()}).prepare()
    except graphlib.CycleError as error:
        *names, _ = reversed(error.args[1])  # each needs the next one, and the last the first
        first = min(range(len(names)), key=lambda place: formulas[names[place]].line)
        names = names[first:] + names[:first]
        found = " needs ".join(map(repr, [*names, names[0]]))
        return f"A formula cannot need itself: {found}.", formulas[names[0]].line
    return None


def undefined(name: str, entries: Entries) -> tuple[str, int] | None:
    """Return a message and a line for a name that is not defined; None if no formula has it."""
    for entry in _formulas(entries):
        if name in _needs(entry):
            known = [each.name for block in _VALUES for each in entries.get(block, ())]
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            if name in _INSTEAD:
                hint = f" BioNetGen writes {_INSTEAD[name]}."
            return (
                f"{name!r} is no parameter, observable or function, but {entry.name!r} needs it."
                f"{hint}"
            ), entry.line
    return None


def _formulas(entries: Entries) -> Iterator[Entry]:
    for block in _FORMULAS:
        yield from entries.get(block, ())


def _needs(entry: Entry) -> set[str]:
    """Return the names in a formula but those of its arguments, with what is built in."""
    _, *arguments, formula = entry.parts
    called = (expressions.Name, expressions.Constant, expressions.Call)
    found = {n.name for n in expressions.parse(formula).walk() if isinstance(n, called)}
    return found.difference(*arguments)
