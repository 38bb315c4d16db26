"""What the words of targets are in a model: lines, media, stimuli, drugs and readouts.

The tables in ``mapping/`` hold it. A name that they lack may be one of the model's: a condition
instead of a line, a parameter instead of a stimulus, a compound or a species instead of a drug, an
output or arithmetic instead of a readout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...models.perturbations import compounds, conditions
from ...models.perturbations.compounds import CompoundError
from ...models.perturbations.conditions import ConditionError
from ...network.units.quantities import QuantityError
from ...simulation.periods import dosing
from ...simulation.sbml.model import SbmlModel, UnknownNameError, near
from ..asking import readouts as asking
from ..asking.readouts import ReadoutError
from ..claims.arithmetic import Formula
from . import tables
from .tables import TargetError

FOLDER: Final = Path(__file__).with_name("mapping")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "lines": ("line", "conditions", "how_known", "note"),
    "media": (
        "medium",
        "rest_conditions",
        "rest_settings",
        "starved_conditions",
        "starved_h",
        "note",
    ),
    "stimuli": ("stimulus", "parameter", "conditions", "proxy", "note"),
    "drugs": ("drug", "compound", "species", "constants", "class", "note"),
    "readouts": ("readout", "formula", "note"),
    "below": ("class", "readouts"),
}
REFERENCE: Final = "reference"
"""The line that no condition sets apart, as in scans."""
# Kinds of conditions that tell no cells apart.
_NO_CELL: Final = ("environment", "compound")
NO_DRUG: Final = "none"
"""The class of what is no drug."""


@cache
def table(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return one of the tables: its rows by their first column."""
    key, *_ = COLUMNS[name]
    return {row[key]: row for _, row in tables.read(FOLDER / f"{name}.csv", COLUMNS[name])}


class Medium(NamedTuple):
    """What cells rest in, and what is withdrawn for how many hours before anything is given."""

    conditions: tuple[str, ...]
    settings: tuple[str, ...]
    starved: tuple[str, ...]
    hours: float


@dataclass(frozen=True)
class Given:
    """What a stimulus or a drug comes to: conditions, settings, and doses of species."""

    conditions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    doses: tuple[str, ...] = ()


class Names:
    """Resolves names for one model; each method raises ``TargetError`` where there is none.

    Parameters
    ----------
    model : SbmlModel
        The model that is asked.
    """

    def __init__(self, model: SbmlModel) -> None:
        self.model = model
        self._kept: dict[tuple[str, str], Any] = {}

    def line(self, name: str) -> tuple[str, ...]:
        """Return the conditions that make a cell line of the reference cell."""
        return self._once("line", name, self._line)

    def medium(self, name: str) -> Medium:
        """Return what cells rest in."""
        return self._once("medium", name, self._medium)

    def stimulus(self, text: str) -> Given:
        """Return what a stimulus sets, as in ``EGF=10 nM + INS=100 nM``."""
        return self._once("stimulus", text, self._stimulus)

    def drug(self, text: str) -> Given:
        """Return what drugs set and which species they are, as in ``AZD8055=300 nM``."""
        return self._once("drug", text, self._drug)

    def readout(self, name: str) -> Formula:
        """Return a readout as arithmetic over the model's outputs."""
        return self._once("readout", name, self._readout)

    def _once(self, kind: str, text: str, find: Callable[[str], Any]) -> Any:
        if (kind, text) not in self._kept:
            self._kept[kind, text] = find(text)
        return self._kept[kind, text]

    # -- one by one -------------------------------------------------------------------------------

    def _line(self, name: str) -> tuple[str, ...]:
        row = table("lines").get(name)
        if row is not None:
            return _several(row["conditions"], "+")
        if name == REFERENCE:
            return ()
        try:
            held = [conditions.find(part) for part in name.split("+")]
        except ConditionError:
            raise TargetError(
                f"there is no cell line {name!r}.{near(name, table('lines'))} Known are those of "
                f"mapping/lines.csv, {REFERENCE!r}, and conditions such as 'PTEN_null+KRAS_G12V'."
            ) from None
        for each in held:
            if each.kind in _NO_CELL:
                raise TargetError(
                    f"{each.name!r} is no cell line but {conditions.SORTS[each.kind]}; write it "
                    f"where it belongs, and {REFERENCE!r} for the reference cell."
                )
        return tuple(each.name for each in held)

    def _medium(self, name: str) -> Medium:
        row = table("media").get(name)
        if row is None:
            raise TargetError(
                f"there is no medium {name!r}.{near(name, table('media'))} There are "
                f"{', '.join(table('media'))}."
            )
        return Medium(
            _several(row["rest_conditions"], "+"),
            _several(row["rest_settings"], ";"),
            _several(row["starved_conditions"], "+"),
            float(row["starved_h"]),
        )

    def _stimulus(self, text: str) -> Given:
        held: list[str] = []
        settings: list[str] = []
        for name, dose in _parts(text):
            row = table("stimuli").get(name)
            if row is not None and row["conditions"] and not dose:
                held += _several(row["conditions"], "+")
            elif row is not None and row["parameter"] and dose:
                settings.append(f"{row['parameter']}={dose}")
            elif row is None and name in self.model.settable and dose:
                settings.append(f"{name}={dose}")
            elif row is not None:
                how = f"'{name}'" if row["conditions"] else f"'{name}=10 nM'"
                raise TargetError(f"the stimulus {text!r} cannot be read; write {how}.")
            else:
                hint = near(name, [*table("stimuli"), *self.model.settable])
                raise TargetError(f"there is no stimulus {name!r}.{hint}")
        return Given(tuple(held), tuple(settings))

    def _drug(self, text: str) -> Given:
        held: list[str] = []
        settings: list[str] = []
        doses: dict[str, str] = {}
        for name, dose in _parts(text):
            if not dose:
                raise TargetError(f"the drug {text!r} has no dose; write '{name}=10 nM'.")
            names, constants, species = self._agent(name)
            if species in doses:
                raise TargetError(f"the drugs {text!r} share {species!r}, so they act as one.")
            try:
                for id in self.model.species_of(species):
                    dosing(self.model, id)[0](dose)
            except UnknownNameError:
                pass  # told where experiments are made
            except QuantityError as error:
                raise TargetError(f"the dose of {name!r} cannot be read: {error}") from None
            held += names
            settings += constants
            doses[species] = dose
        return Given(
            tuple(held),
            tuple(settings),
            tuple(f"{species}={dose}" for species, dose in doses.items()),
        )

    def _agent(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Return conditions and constants of a drug, and the species of the medium that it is."""
        row = table("drugs").get(name)
        if row is not None and row["species"]:
            return (), _several(row["constants"], ";"), f"{row['species']}_medium"
        try:
            compound = compounds.find(row["compound"] if row is not None else name)
        except CompoundError as error:
            try:
                (_,) = self.model.species_of(name)
            except (UnknownNameError, ValueError):
                hint = near(name, [*table("drugs"), *compounds.table()])
                raise TargetError(f"there is no drug {name!r}.{hint or f' {error}'}") from None
            return (), (), name
        if not compound.species:
            raise TargetError(f"{name} takes no dose, so it is no drug of targets.")
        return (compound.name,), (), compound.medium

    def _readout(self, name: str) -> Formula:
        row = table("readouts").get(name)
        word = name if row is None else row["formula"]
        try:
            (formula,) = asking.of(self.model, [word]).asked.values()
        except ReadoutError as error:
            if row is not None:
                raise TargetError(f"the readout {name!r} is {word!r} here. {error}") from None
            hint = near(name, table("readouts"))
            raise TargetError(f"there is no readout {name!r}.{hint or f' {error}'}") from None
        return formula

    # -- classes ----------------------------------------------------------------------------------

    def drug_class(self, text: str) -> str:
        """Return the classes of drugs, as in ``MEK inhibitor + TOR-KI``; ``none`` without any."""
        found = set()
        for name, _ in _parts(text):
            row = table("drugs").get(name)
            if row is not None:
                found.add(row["class"])
                continue
            try:
                found.add(compounds.find(name).drug_class)
            except CompoundError:  # a species of the model
                found.add(name)
        return " + ".join(sorted(found)) or NO_DRUG


# Between two of which each has a name; '1e+3 nM' is one dose.
_PLUS: Final = re.compile(r"\s+\+\s+|\s*\+\s*(?=[A-Za-z])")


def _several(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and dose of ``A=1 nM + B``."""
    for part in _PLUS.split(text) if text else ():
        name, _, dose = part.partition("=")
        yield name.strip(), dose.strip()
