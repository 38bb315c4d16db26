"""Conditions: what sets one cell, drug or dish apart from the reference, as data.

A condition never edits a model. It is a set of values for named parameters (PEtab v2 means the
same by it), kept in ``conditions.csv``, so that one table serves a simulation, an SED-ML change and
a PEtab file. Conditions combine as long as no two of them set one parameter differently.

A value stands in a unit of its own, or in ``fold`` of what the tables of the mechanisms say, so
that "ten times the receptor" stays true when receptors are counted anew; ``fold of KRAS_0`` is a
multiple of another parameter, as of the gene whose other allele is mutated. The compounds of
:mod:`.compounds` are conditions too: they set the constants of their drug class.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from .. import catalogue
from ..numbers import evidence, fitted, parameters
from ..numbers.decimals import number
from ..numbers.parameters import KINDS, UNITS, Quantity, Rates
from . import compounds

_TABLE = Path(__file__).with_name("conditions.csv")
COLUMNS: Final = (
    "condition",
    "kind",
    "parameter",
    "value",
    "unit",
    "evidence",
    "source",
    "note",
)
FOLD: Final = "fold"
"""The unit of a value that is a multiple of the reference."""
_FOLD_OF: Final = "fold of "

SORTS: Final[Mapping[str, str]] = {
    "genotype": "what a tumour carries or lacks",
    "mutant": "a knock-out, knock-down, over-expression or site mutant that probes a mechanism",
    "environment": "what the dish offers",
    "compound": "the constants of one compound of a drug class, or what it does to an input",
    "context": "the kind of cell",
    "feedback": "a feedback loop that is cut",
    "switch": "a modelling decision taken the other way",
}
"""The kinds of condition, each in words."""


class ConditionError(ValueError):
    """An unknown condition, two that contradict each other, or a table with faults."""


@dataclass(frozen=True)
class Condition:
    """A named set of parameter values, in the units of the model."""

    name: str
    kind: str  # a key of SORTS
    values: dict[str, float]
    notes: dict[str, str]  # by parameter
    summary: str = ""
    # Of values that are multiples: how many times which parameter.
    folds: dict[str, tuple[float, str]] = field(default_factory=dict)

    def values_on(self, base: Mapping[str, float]) -> dict[str, float]:
        """Return the values in a cell whose reference values are those of ``base``."""
        moved = {
            parameter: _multiple(fold, base[of])
            for parameter, (fold, of) in self.folds.items()
            if of in base
        }
        return self.values | moved


@cache
def table() -> Mapping[str, Condition]:
    """Return every condition by name: those of ``conditions.csv``, then the compounds.

    Raises
    ------
    ConditionError
        If the table has faults; the message lists each with its line.
    """
    faults: list[str] = []
    found: dict[str, Condition] = {}
    with _TABLE.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ConditionError(f"{_TABLE.name}:1: the columns are not {', '.join(COLUMNS)}.")
        for row in reader:
            problem = _fault(row)
            if problem:
                faults.append(f"{_TABLE.name}:{reader.line_num}: {problem}")
                continue
            name = row["condition"]
            new = Condition(name, row["kind"], {}, {}, row["note"].partition("; ")[0])
            condition = found.setdefault(name, new)
            if condition.kind != row["kind"]:
                faults.append(f"{_TABLE.name}:{reader.line_num}: {name!r} is of two kinds.")
            condition.values[row["parameter"]] = _value(row["value"], row["unit"], row["parameter"])
            condition.notes[row["parameter"]] = row["note"]
            of = _fold_of(row["unit"], row["parameter"])
            if of is not None:
                condition.folds[row["parameter"]] = float(row["value"]), of
    for compound in compounds.table().values():
        if compound.name in found:
            faults.append(f"{compound.name!r} is both a condition and a compound.")
        found[compound.name] = _of_compound(compound)
    if faults:
        raise ConditionError("\n".join(faults))
    return found


@cache
def tables() -> Mapping[str, Quantity]:
    """Return every parameter of every mechanism's table, by name, as the tables have it."""
    header = ",".join(parameters.COLUMNS)
    found: dict[str, Quantity] = {}
    for path in sorted(_TABLE.parents[1].rglob("*.csv")):
        with path.open(encoding="utf-8") as file:
            if file.readline().strip() == header:
                found.update(parameters.read(path))
    return found


@cache
def reference() -> Mapping[str, Quantity]:
    """Return every parameter by name, in the reference cell and dish: fitted where it was."""
    return fitted.applied(Rates(tables(), "the tables"))


def unfitted(names: Container[str], settable: Container[str]) -> dict[str, float]:
    """Return the tables' values of what the package's fitted set holds and ``names`` do not.

    Another set stands instead of the package's, so what it leaves out goes back to the tables; of
    that a model has only what is ``settable``.
    """
    table = tables()
    left = (name for name in fitted.table() if name not in names and name in settable)
    return {name: table[name].value for name in left}


def _value(value: str, unit: str, parameter: str) -> float:
    """Return a value in the unit of the model, digits as in the table."""
    of = _fold_of(unit, parameter)
    return _multiple(float(value), UNITS[unit][1] if of is None else reference()[of].value)


def _fold_of(unit: str, parameter: str) -> str | None:
    """Return the parameter that a value is a multiple of, if it is one."""
    if unit == FOLD:
        return parameter
    return unit.removeprefix(_FOLD_OF) if unit.startswith(_FOLD_OF) else None


def _multiple(value: float, factor: float) -> float:
    return float(f"{value * factor:.12g}")


def _of_compound(compound: compounds.Compound) -> Condition:
    set_to = {
        constant.parameter: _value(str(constant.value), constant.unit, constant.parameter)
        for constant in compound.constants
    }
    notes = {
        constant.parameter: "; ".join(filter(None, (constant.citation, constant.note)))
        for constant in compound.constants
    }
    folds = {
        each.parameter: (each.value, each.parameter)
        for each in compound.constants
        if each.unit == FOLD
    }
    return Condition(compound.name, "compound", set_to, notes, compound.action, folds)


def _fault(row: Mapping[str, str]) -> str | None:
    """Return what is wrong with a row, if anything."""
    if None in row or None in row.values():
        return f"{len(COLUMNS)} cells were expected."
    parameter = row["parameter"]
    try:
        if number(row["value"]) < 0:
            return f"{parameter!r} is negative."
    except ValueError:
        return f"{parameter!r} has value {row['value']!r}, which is not a number."
    if parameter not in reference():
        return f"no mechanism has a parameter {parameter!r}.{_nearest(parameter, reference())}"
    of = _fold_of(row["unit"], parameter)
    if of is not None and of not in reference():
        return f"no mechanism has a parameter {of!r}.{_nearest(of, reference())}"
    if of is None:
        if row["unit"] not in UNITS:
            return f"{parameter!r} has the unknown unit {row['unit']!r}."
        if UNITS[row["unit"]][0] != reference()[parameter].unit:
            return f"{parameter!r} is in {reference()[parameter].unit}, not in {row['unit']}."
    if row["kind"] not in SORTS:
        return f"the kind {row['kind']!r} is not one of {', '.join(SORTS)}."
    if row["evidence"] not in KINDS:
        return f"evidence {row['evidence']!r} is not one of {', '.join(KINDS)}."
    missing = [source for source in row["source"].split() if source not in evidence.table()]
    if missing:
        return f"evidence.csv does not hold {', '.join(missing)}."
    return None


def _nearest(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, names, n=3)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def find(name: str) -> Condition:
    """Return the condition called ``name``.

    Case, hyphens and blanks do not count (``PTEN-null`` is ``PTEN_null``), and a compound is found
    by each of its names.

    Raises
    ------
    ConditionError
        If there is none; the message names the nearest.
    """
    if name in table():
        return table()[name]
    spelled = compounds.plain(name)
    spellings = {**compounds.spellings(), **{compounds.plain(known): known for known in table()}}
    if spelled in spellings:
        return table()[spellings[spelled]]
    near = get_close_matches(spelled, spellings, n=3)
    nearest = dict.fromkeys(repr(spellings[each]) for each in near)
    hint = f"Did you mean {' or '.join(nearest)}?" if near else ""
    raise ConditionError(f"There is no condition called {name!r}. {hint}".rstrip())


def search(word: str = "", kind: str | None = None) -> Iterator[Condition]:
    """Yield the conditions of a kind in whose names, notes or parameters a word occurs."""
    wanted = word.casefold()
    for condition in table().values():
        if kind is not None and condition.kind != kind:
            continue
        compound = compounds.table().get(condition.name)
        words = (
            condition.name,
            condition.summary,
            *condition.values,
            *condition.notes.values(),
            *((*compound.aliases, *compound.targets) if compound else ()),
        )
        if any(wanted in each.casefold() for each in words):
            yield condition


def values(*names: str, base: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the parameter values of one or more conditions taken together.

    Parameters
    ----------
    names : str
        The conditions.
    base : mapping, optional
        Values of the reference cell, where they are other than the tables'; multiples are of these.

    Raises
    ------
    ConditionError
        If a name is unknown (the message names the nearest), or if two conditions set the same
        parameter to different values, or two compounds are of one class.
    CompoundError
        If a compound acts on nothing that any model holds.
    """
    merged: dict[str, tuple[float, str]] = {}
    try:
        compounds.check_apart(find(name).name for name in names)
    except compounds.CompoundError as error:
        raise ConditionError(str(error)) from None
    for name in names:
        condition = find(name)
        if condition.kind == "compound":
            compounds.table()[condition.name].check_target()
        for parameter, value in condition.values_on(base or {}).items():
            if parameter in merged and merged[parameter][0] != value:
                raise ConditionError(
                    f"{condition.name!r} and {merged[parameter][1]!r} both set {parameter!r}, to "
                    f"{value:g} and {merged[parameter][0]:g}; they cannot be combined."
                )
            merged[parameter] = value, condition.name
    return {parameter: value for parameter, (value, _) in merged.items()}


def values_in(model: str, *names: str, own: Container[str] | None = None) -> dict[str, float]:
    """Return the values of conditions taken together, for a model of the catalogue.

    A part of the network may take of an environment what it has inputs for; see :func:`lacks`.

    Parameters
    ----------
    model : str
        The model.
    names : str
        The conditions.
    own : container of str, optional
        Its parameters, where they are known; without them the model is built.

    Raises
    ------
    ConditionError
        As for :func:`values`, and if the model lacks what a condition sets; the message says which
        models have it.
    UnknownModel
        If the catalogue holds no such model.
    """
    merged = values(*names)
    own = _parameters(model) if own is None else own
    for name in names:
        condition = find(name)
        if _met(condition, own):
            continue
        lacking = ", ".join(map(repr, lacks(condition, own)))
        able = [repr(other) for other in catalogue.names() if suits(condition, other)]
        remedy = f"{' and '.join(able)} can" if able else "no model can"
        raise ConditionError(
            f"The model {model!r} cannot be put under {condition.name!r}, as it has no {lacking}; "
            f"{remedy}."
        )
    return {parameter: value for parameter, value in merged.items() if parameter in own}


def suits(condition: Condition, model: str) -> bool:
    """Return whether a model of the catalogue can be put under a condition."""
    return _met(condition, _parameters(model))


def _met(condition: Condition, own: Container[str]) -> bool:
    return bool(condition.values) and not lacks(condition, own)


def lacks(condition: Condition, own: Container[str]) -> list[str]:
    """Return what a model must have to be put under a condition, and has not.

    A part of the network takes of an environment what it has inputs for; of anything else it must
    have every parameter.

    Parameters
    ----------
    condition : Condition
        The condition.
    own : container of str
        The parameters of the model.
    """
    lacking = [name for name in condition.values if name not in own]
    inputs = condition.kind == "environment" and len(lacking) < len(condition.values)
    return [] if inputs else lacking


@cache
def _parameters(model: str) -> frozenset[str]:
    return frozenset(parameter.name for parameter in catalogue.build(model).parameters)
