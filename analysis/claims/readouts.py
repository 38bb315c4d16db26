"""Readouts: formulas of a model's outputs, which may name one another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from ...simulation.sbml.model import UnknownNameError
from .arithmetic import Formula, in_order


class Outputs(Protocol):
    """What has outputs by name, such as a model."""

    @property
    def outputs(self) -> Iterable[str]: ...  # noqa: D102

    def output(self, written: str, /) -> str: ...  # noqa: D102


class Readouts:
    """What formulas rest on, and what they come to.

    Parameters
    ----------
    named : mapping
        Readouts by name; a name stands for its readout before any output of the model.
    model : SbmlModel or Outputs
        Whose outputs are meant.
    """

    def __init__(self, named: Mapping[str, Formula], model: Outputs) -> None:
        self.named, self.model = named, model
        self._steps: dict[frozenset[str], tuple[str, ...]] = {}

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return in_order(self.named)

    def observables(self, formula: Formula) -> tuple[str, ...]:
        """Return the model's outputs that a formula rests on.

        Raises
        ------
        UnknownNameError
            If there is none of a name.
        """
        found = tuple(name for name in self._below(formula) if name not in self.named)
        for name in found:
            try:
                self.model.output(name)
            except UnknownNameError:
                known = [*self.named, *self.model.outputs]
                near = difflib.get_close_matches(name, known, n=2)
                hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
                raise UnknownNameError(f"there is no readout {name!r}{hint}") from None
        return found

    def value(self, formula: Formula, courses: Mapping[str, Any]) -> Any:
        """Return a formula's value from courses of observables."""
        if formula.names not in self._steps:
            below = set(self._below(formula))
            self._steps[formula.names] = tuple(name for name in self._order if name in below)
        values = dict(courses)
        for name in self._steps[formula.names]:
            values[name] = self.named[name](values)
        return formula(values)

    def _below(self, formula: Formula) -> Iterator[str]:
        """Yield every name that a formula rests on, once."""
        waiting = sorted(formula.names, reverse=True)
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            yield name
            if name in self.named:
                waiting += sorted(self.named[name].names, reverse=True)
