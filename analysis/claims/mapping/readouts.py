"""Readouts of claims, in the ids of a model of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....simulation.sbml.model import UnknownNameError
from ..arithmetic import Formula
from ..readouts import Readouts
from .schema import Meaning


class _Ours:
    """The names of ours that have a meaning in a model, as outputs."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self.outputs = tuple(meanings)

    def output(self, written: str, /) -> str:
        if written not in self.outputs:
            raise UnknownNameError(f"there is no meaning of {written!r}")
        return written


class TranslatedReadouts:
    """What formulas of claims rest on in a model, and what they come to.

    A name of a claim is never taken for an id of the model that happens to be spelled alike.

    Parameters
    ----------
    named : mapping
        Readouts of the claims, by name.
    meanings : mapping
        What the mapping says of names.
    """

    def __init__(self, named: Mapping[str, Formula], meanings: Mapping[str, Meaning]) -> None:
        self.meanings = meanings
        others = {name: formula for name, formula in named.items() if name not in meanings}
        self._ours = Readouts(others, _Ours(meanings))

    def lacking(self, formula: Formula) -> tuple[str, ...]:
        """Return the names in a formula that have no meaning in the model."""
        return tuple(name for name in sorted(formula.names) if not self._has(name))

    def _has(self, name: str) -> bool:
        try:
            self._ours.observables(Formula(name, frozenset({name})))
        except UnknownNameError:
            return False
        return True

    def proxies(self, formula: Formula) -> Iterator[str]:
        """Yield the names that a formula rests on and whose meaning is only near."""
        for name in self._ours.observables(formula):
            if self.meanings[name].proxy:
                yield name

    def observables(self, formula: Formula) -> tuple[str, ...]:
        """Return the model's outputs that a formula rests on.

        Raises
        ------
        UnknownNameError
            If a name has no meaning in the model.
        """
        ours = self._ours.observables(formula)
        ids = (id for name in ours for id in sorted(self.meanings[name].formula.names))
        return tuple(dict.fromkeys(ids))

    def value(self, formula: Formula, courses: Mapping[str, Any]) -> Any:
        """Return a formula's value from courses of the model's outputs."""
        ours = self._ours.observables(formula)
        return self._ours.value(formula, {n: self.meanings[n].formula(courses) for n in ours})
