"""Compounds: what the literature says of each drug, and how it enters the network.

``compounds.csv`` holds a row for each drug: its class, the species it is dosed as, what it acts
on. ``potencies.csv`` holds the constants that set it apart within its class, each with what was
reported, where, and how sure one can be of it. One species of the model stands for a class, and one
compound of a class can be in the dish at a time: a compound is a set of values for the constants of
its class.

A dose is the concentration in the medium, in nM, and is given to ``species`` there. An inhibitor
that competes with ATP needs ``shift_<target>`` times its Ki in a cell, from the share of it that is
free (:mod:`.inhibitors.occupancy`). Drugs that act on an input of the network (the supply of a
hormone, DNA damage) set that input and take no dose. Drugs whose target no model holds are listed
with the reason.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from ..numbers.decimals import number

_COMPOUNDS = Path(__file__).with_name("compounds.csv")
_POTENCIES = Path(__file__).with_name("potencies.csv")
COLUMNS: Final = (
    "compound",
    "class",
    "species",
    "usual_dose",
    "aliases",
    "targets",
    "identifier",
    "action",
)
POTENCY_COLUMNS: Final = (
    "compound",
    "parameter",
    "value",
    "unit",
    "evidence",
    "reported",
    "citation",
    "identifier",
    "confidence",
    "note",
)
MAIN_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "TORKI": ("MTORC1", "MTORC2"),
    "DUAL": ("PI3K", "MTORC1", "MTORC2"),
    "PI3KI": ("PI3K",),
}
"""What the compounds of a class are meant for; others are hit at higher doses."""

CONFIDENCES: Final = ("high", "medium", "low")


class CompoundError(ValueError):
    """A compound without a target in any model, a dose that it cannot take, or a faulty table."""


@dataclass(frozen=True)
class Constant:
    """What one compound sets one parameter to, and on whose authority."""

    parameter: str
    value: float
    unit: str  # of parameters.UNITS, or "fold" of the reference
    evidence: str  # measured, fitted, transferred or assumed
    reported: str  # what the source says, in its own terms
    citation: str
    identifier: str  # doi:..., pubmed:...; empty where there is none
    confidence: str  # high: read in the source; medium: read elsewhere; low: remembered or assumed
    note: str


@dataclass(frozen=True)
class Compound:
    """A drug: how it is dosed and what it sets."""

    name: str
    drug_class: str
    species: str  # what it is dosed as, in the medium; empty: it takes no dose
    usual_dose: float | None  # nM in the medium, as cells are usually treated
    aliases: tuple[str, ...]
    targets: tuple[str, ...]
    identifier: str
    action: str  # a sentence
    constants: tuple[Constant, ...]

    @property
    def medium(self) -> str:
        """The observable of the medium that a dose goes into; empty where it takes no dose."""
        return f"{self.species}_medium" if self.species else ""

    def check_target(self) -> None:
        """Raise :class:`CompoundError` if no model holds what the compound acts on."""
        if not self.constants:
            raise CompoundError(
                f"{self.name} acts on {' and '.join(self.targets)}, which no model holds: "
                f"{self.action}."
            )

    def check_dose(self, given: bool) -> None:
        """Raise :class:`CompoundError` where a dose is missing, or is given to what takes none.

        Parameters
        ----------
        given : bool
            Whether a concentration is.
        """
        self.check_target()
        if self.species and not given:
            usual = f"{self.usual_dose:g} nM" if self.usual_dose else "10 nM"
            raise CompoundError(
                f"{self.name} needs a concentration; write '{self.name}={usual}', as cells are "
                "usually treated."
            )
        if given and not self.species:
            raise CompoundError(
                f"{self.name} takes no dose: it sets "
                f"{', '.join(constant.parameter for constant in self.constants)}. Name it without "
                "a concentration."
            )

    def ic50(self, reference: Mapping[str, float]) -> float:
        """Return the concentration that leaves the target half of its activity in a cell.

        Parameters
        ----------
        reference : mapping
            Values of the cell's parameters, of which those are looked up that turn a biochemical
            constant into one in cells: ``shift_<target>`` and ``free_fraction_<class>``.

        Returns
        -------
        float
            In nM in the medium. Where a class has several targets, like the two complexes or PI3K
            and mTOR, it is the largest.

        Raises
        ------
        CompoundError
            If the compound is of a class for which targets are not told apart from others that it
            also hits.
        """
        own = {
            constant.parameter: constant.value
            * (reference[constant.parameter] if constant.unit == "fold" else 1.0)
            for constant in self.constants
        }
        halves = [
            own[f"Ki_{self.species}_{target}"]
            * reference.get(f"shift_{target}", 1.0)
            / reference.get(f"free_fraction_{self.species}", 1.0)
            for target in MAIN_TARGETS.get(self.species, ())
            if f"Ki_{self.species}_{target}" in own
        ]
        if not halves:
            raise CompoundError(
                f"No IC50 is known of {self.name}; give a dose in nM, or 'usual'. Those of "
                f"{', '.join(MAIN_TARGETS)} have one."
            )
        return max(halves)

    def dose(self, concentration: float | None = None) -> dict[str, float]:
        """Return the dose as the amount of the class in the medium at time 0.

        Parameters
        ----------
        concentration : float, optional
            In nM in the medium; by default the usual dose.

        Returns
        -------
        dict
            The parameter ``<species>_0`` and its value in nM; empty for a drug without a dose.

        Raises
        ------
        CompoundError
            If no model holds a target, if the drug takes no dose, or if the dose is negative.
        """
        self.check_dose(concentration is not None or bool(self.species))
        if not self.species:
            return {}
        amount = self.usual_dose if concentration is None else concentration
        if amount is None or not 0 <= amount < float("inf"):
            raise CompoundError(f"A dose of {self.name} in nM was expected, not {concentration!r}.")
        return {f"{self.species}_0": amount}


@cache
def table() -> Mapping[str, Compound]:
    """Return every compound by name.

    Raises
    ------
    CompoundError
        If a table has faults; the message lists each with its line.
    """
    faults: list[str] = []
    constants: dict[str, list[Constant]] = {}
    for line, row in _rows(_POTENCIES, POTENCY_COLUMNS):
        if problem := _fault(row):
            faults.append(f"{_POTENCIES.name}:{line}: {problem}")
            continue
        constants.setdefault(row["compound"], []).append(
            Constant(
                row["parameter"],
                float(row["value"]),
                *(row[column] for column in POTENCY_COLUMNS[3:]),
            )
        )
    found: dict[str, Compound] = {}
    for line, row in _rows(_COMPOUNDS, COLUMNS):
        name = row["compound"]
        if name in found:
            faults.append(f"{_COMPOUNDS.name}:{line}: {name!r} stands twice.")
        found[name] = Compound(
            name,
            row["class"],
            row["species"],
            float(row["usual_dose"]) if row["usual_dose"] else None,
            tuple(filter(None, row["aliases"].split("; "))),
            tuple(filter(None, row["targets"].split("; "))),
            row["identifier"],
            row["action"],
            tuple(constants.pop(name, ())),
        )
    faults += [f"{_POTENCIES.name}: {name!r} is not in {_COMPOUNDS.name}." for name in constants]
    if faults:
        raise CompoundError("\n".join(faults))
    return found


def plain(name: str) -> str:
    """Return a name as people compare them: case, blanks, hyphens and underscores do not count."""
    return "".join(character for character in name.casefold() if character.isalnum())


@cache
def spellings() -> Mapping[str, str]:
    """Return the compound that each name and each other name, as :func:`plain` has it, means."""
    found = {plain(name): name for name in table()}
    for compound in table().values():
        for alias in compound.aliases:
            found.setdefault(plain(alias), compound.name)
    return found


def find(name: str) -> Compound:
    """Return the compound called ``name``, by any of its names and however it is spelled.

    Raises
    ------
    CompoundError
        If there is none; the message names the nearest.
    """
    if name in table():
        return table()[name]
    if plain(name) in spellings():
        return table()[spellings()[plain(name)]]
    near = get_close_matches(plain(name), spellings(), n=3)
    nearest = " or ".join(dict.fromkeys(repr(spellings()[each]) for each in near))
    hint = (
        f"Did you mean {nearest}?" if near else "'mtorules conditions --kind compound' lists them."
    )
    raise CompoundError(f"There is no compound called {name!r}. {hint}")


def check_apart(names: Iterable[str]) -> None:
    """Raise :class:`CompoundError` if two compounds share the one species of their class."""
    owner: dict[str, str] = {}
    for name in names:
        compound = table().get(name)
        if compound is None or not compound.species:
            continue
        other = owner.setdefault(compound.species, name)
        if other != name:
            raise CompoundError(
                f"{other!r} and {name!r} both set what {compound.species!r} stands for, which is "
                f"one compound of its class ({compound.drug_class}) at a time; they cannot be "
                "combined. Ask for one after the other."
            )


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise CompoundError(f"{path.name}:1: the columns are not {', '.join(columns)}.")
        for row in reader:
            if None in row or None in row.values():
                raise CompoundError(
                    f"{path.name}:{reader.line_num}: {len(columns)} cells were expected."
                )
            yield reader.line_num, row


def _fault(row: Mapping[str, str]) -> str | None:
    """Return what is wrong with a potency, if anything."""
    try:
        if number(row["value"]) < 0:
            return f"{row['parameter']!r} is negative."
    except ValueError:
        return f"{row['parameter']!r} has value {row['value']!r}, which is not a number."
    if row["confidence"] not in CONFIDENCES:
        return f"confidence {row['confidence']!r} is not one of {', '.join(CONFIDENCES)}."
    if row["evidence"] == "assumed":
        return None if row["note"] else f"{row['parameter']!r} is assumed but does not say why."
    if not row["citation"]:
        return f"{row['parameter']!r} is {row['evidence']} but names no source."
    return None
