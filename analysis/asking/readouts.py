"""Readouts in words: outputs of a model, named formulas of them, and formulas written out.

A word is taken for the first of these that there is:

1. a readout of the reviews (``S6K_pT389``), where the model has all that it is made of;
2. an output of the model: an observable, a species (by id or pattern), a parameter;
3. arithmetic of both, with a name of one's own or without: ``pS6K_t389 / S6K_total``,
   ``ratio = MTORC1 / MTORC2``.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import numpy as np
import xarray as xr

from ...models import catalogue
from ...simulation.columns import columns
from ...simulation.engines import EngineError, Loaded
from ...simulation.results import overview
from ...simulation.sbml.model import SbmlModel, UnknownNameError
from ...simulation.simulator import Simulator, exposure
from ..claims import reading
from ..claims.arithmetic import Formula, FormulaError, in_order
from ..claims.arithmetic import read as formula
from ..claims.readouts import Readouts as Formulas

TAKEN: Final = frozenset(
    [
        "agent",
        "branch",
        "candidate",
        "cell",
        "checksums",
        "compound",
        "dose",
        "dose_unit",
        "genotype",
        "has_control",
        "level",
        "marker",
        "member",
        "message",
        "model",
        "parameter",
        "point",
        "quantile",
        "readout",
        "replicate",
        "sample",
        "share",
        "stable",
        "status",
        "target",
        "time",
        "treatment",
        "virtual_cell",
    ]
)
"""What results of analyses call something else: dimensions, and what is told of each point."""


class ReadoutError(ValueError):
    """A readout that the model does not have; the message names the nearest."""


@dataclass(frozen=True)
class Readouts:
    """What an analysis looks at, in the order in which it was asked for.

    Parameters
    ----------
    model : SbmlModel
        The model that is asked.
    asked : mapping
        Formula by the name that the reader sees.
    named : mapping
        Formulas that those may name; anything else is an output of the model.
    """

    model: SbmlModel
    asked: Mapping[str, Formula]
    named: Mapping[str, Formula]

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the reader sees."""
        return tuple(self.asked)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs of the model that have to be recorded."""
        return tuple(
            dict.fromkeys(o for each in self.asked.values() for o in self.outputs_of(each))
        )

    def of(self, data: Mapping[Any, xr.DataArray]) -> xr.Dataset:
        """Return the readouts from what was recorded.

        Parameters
        ----------
        data : mapping
            :attr:`outputs` over any dimensions, with their units, as a dataset has them.

        Returns
        -------
        xarray.Dataset
            :attr:`names` over the same dimensions; one that a coordinate has is given a ``_``. Of
            an output the unit is kept, a share of two alike has none (``1``), and that of any other
            formula is not stated.
        """
        formulas = Formulas(self.named, self.model)
        first = data[self.outputs[0]]
        numbers = {each: data[each].transpose(*first.dims).to_numpy() for each in self.outputs}
        called = columns(self.asked, first.coords)
        found = {
            called[name]: first.copy(
                data=np.broadcast_to(formulas.value(each, numbers), first.shape)
            )
            .drop_attrs()
            .assign_attrs(units=self._unit(each, data), long_name=each.text)
            for name, each in self.asked.items()
        }
        return xr.Dataset(found)

    def _unit(self, asked: Formula, data: Mapping[Any, xr.DataArray]) -> str:
        if asked.text in data:
            return str(data[asked.text].attrs.get("units", ""))
        units = {str(data[output].attrs.get("units", "")) for output in self.outputs_of(asked)}
        power = _power(ast.parse(asked.text, mode="eval").body, self.named)
        if len(units) != 1 or power is None:
            return ""
        return "1" if power == 0 else units.pop() if power == 1 else ""

    def outputs_of(self, asked: Formula) -> tuple[str, ...]:
        """Return the outputs of the model that one formula rests on."""
        return Formulas(self.named, self.model).observables(asked)


def _power(node: ast.expr, named: Mapping[str, Formula]) -> int | None:
    """Return to which power a formula holds a unit that all names in it share; None: to no one."""
    match node:
        case ast.Name(id=name) if name in named:
            return _power(ast.parse(named[name].text, mode="eval").body, named)
        case ast.Name():
            return 1
        case ast.Constant():
            return 0
        case ast.UnaryOp(operand=operand):
            return _power(operand, named)
        case ast.Call(func=ast.Name(id=function), args=parts):
            powers = {_power(part, named) for part in parts}
            power = powers.pop() if len(powers) == 1 else None
            return power if function != "log" or power == 0 else None
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _power(left, named), _power(right, named)
            if one is None or other is None:
                return None
            if isinstance(op, ast.Mult):
                return one + other
            if isinstance(op, ast.Div):
                return one - other
            if isinstance(op, ast.Pow):
                return 0 if one == other == 0 else None
            return one if one == other else None
    return None


def of(model: SbmlModel, words: Sequence[str]) -> Readouts:
    """Return the readouts that words ask for.

    Raises
    ------
    ReadoutError
        If there is none of a name, a word is no arithmetic, or a name is given twice.
    """
    named = known(model)
    asked: dict[str, Formula] = {}
    for word in words:
        name, each = _read(model, word.strip(), named)
        if name in asked:
            raise ReadoutError(f"The readout {name!r} is asked for twice.")
        asked[name] = each
    if not asked:
        raise ReadoutError("No readout is named.")
    readouts = Readouts(model, asked, named)
    try:
        found = readouts.outputs
    except UnknownNameError as error:
        raise ReadoutError(f"Model {model.id!r}: {error}.") from None
    if not found:
        raise ReadoutError("A readout that names nothing of the model is a number, no readout.")
    return readouts


def check_apart(asked: Readouts, taken: Container[str] = TAKEN) -> None:
    """Refuse readouts that results would take for something else, as one called ``time``.

    Parameters
    ----------
    asked : Readouts
        What an analysis looks at.
    taken : container of str
        What results call something else.

    Raises
    ------
    ReadoutError
        If there is one; the message says how to call it.
    """
    for name in asked.names:
        if name in taken:
            raise ReadoutError(
                f"Results call something else {name!r}; give the readout another name, as in "
                f"'{name}_ = {name}'."
            )


def apart(name: str) -> str:
    """Return a readout under a name that results leave free."""
    return f"{name}_ = {name}" if name in TAKEN else name


def default(loaded: Loaded, name: str, *, preferred: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what to look at where nobody said: what the catalogue says, or what changes most.

    Parameters
    ----------
    loaded : Loaded
        The model; one that the catalogue does not hold is run for a day.
    name : str
        What the user called it.
    preferred : sequence of str
        What to look at first of all, where the model has any of it.
    """
    if there := tuple(each for each in preferred if _expressible(loaded.model, each)):
        return there
    outputs = tuple(loaded.model.outputs) or tuple(loaded.model.species)
    if name in catalogue.names():
        return tuple(each for each in catalogue.entry(name).readouts if each in outputs)
    if len(outputs) <= overview.MOST:
        return outputs
    day = exposure(list(np.linspace(0, 86400, 50)), equilibrated=False)
    try:
        course = Simulator(loaded, list(outputs)).course(day)
    except EngineError:  # which the analysis will tell; a shorter course may do
        return outputs[: overview.MOST]
    return tuple(overview.main(course, name))


def _expressible(model: SbmlModel, word: str) -> bool:
    try:
        of(model, [word])
    except ReadoutError:
        return False
    return True


def known(model: SbmlModel) -> Mapping[str, Formula]:
    """Return the readouts of the reviews that a model can express, by name."""
    formulas = Formulas(_reviews(), model)
    found: dict[str, Formula] = {}
    for name, each in formulas.named.items():
        try:
            formulas.observables(each)
        except UnknownNameError:
            continue
        found[name] = each
    return found


@cache
def _reviews() -> Mapping[str, Formula]:
    named = reading.read([reading.FOLDER / "readouts.yaml"]).readouts
    return {name: named[name] for name in in_order(named)}


def _is_output(model: SbmlModel, name: str) -> bool:
    try:
        model.output(name)
    except UnknownNameError:
        return False
    return True


# How many names a message offers.
_ALIKE: Final = 3


def _read(model: SbmlModel, word: str, named: Mapping[str, Formula]) -> tuple[str, Formula]:
    """Return what a word is called, and the formula behind it."""
    if not word:
        raise ReadoutError("A readout is empty.")
    if word in named or _is_output(model, word):
        return word, Formula(word, frozenset([word]))
    name, equals, text = (part.strip() for part in word.partition("="))
    if not equals:
        name, text = word, word
    try:
        found = formula(text)
    except FormulaError as error:
        raise ReadoutError(f"The readout {word!r} cannot be read: {error}.") from None
    if equals and (not name.isidentifier() or name in named or _is_output(model, name)):
        raise ReadoutError(
            f"The readout {word!r} cannot be called {name!r}: that is taken, or no name."
        )
    if text.isidentifier() and text not in named and not _is_output(model, text):
        near = get_close_matches(text, [*named, *model.outputs], n=_ALIKE)
        some = list(model.sums or model.shown)[:_ALIKE]
        hint = (
            f" Did you mean {' or '.join(map(repr, near))}?"
            if near
            else f" It has, for example, {', '.join(map(repr, some))}."
        )
        raise ReadoutError(f"Model {model.id!r} has no readout {text!r}.{hint}")
    return name, found
