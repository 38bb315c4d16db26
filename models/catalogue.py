"""The named models: what exists, and how to build it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pysb import Model


class UnknownModel(LookupError):
    """A name that the catalogue does not hold; the message names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Entry:
    """A named model."""

    name: str
    summary: str
    _builder: str  # "module:function", imported only when the model is built

    def build(self) -> Model:
        """Return a new, independent PySB model."""
        module, _, function = self._builder.partition(":")
        builder: Callable[[], Model] = getattr(import_module(module, __package__), function)
        return builder()


_ENTRIES: Final[Mapping[str, Entry]] = {
    entry.name: entry
    for entry in (
        Entry(
            "complexes",
            "mTORC1 and mTORC2 with DEPTOR, PRAS40 and turnover; capture of mTOR by a rapalog",
            ".pathways.complexes:complexes",
        ),
        Entry(
            "rapamycin",
            "The least model of rapamycin: FKBP12, the drug, mTOR, Raptor and Rictor",
            ".pathways.complexes:rapamycin",
        ),
        Entry(
            "translation",
            "mTORC1 on S6K, S6 and 4EBP1, eIF4E between 4EBP1 and eIF4G, with a rapalog",
            ".networks:translation",
        ),
        Entry(
            "insulin_mtor",
            "Insulin and IGF1 through IRS1, PI3K, AKT and TSC to both complexes, with the feedback",
            ".networks:insulin_mtor",
        ),
        Entry(
            "mapk_tsc",
            "EGF through RAS, RAF, MEK, ERK and RSK to TSC2 and RHEB",
            ".networks:mapk_tsc",
        ),
        Entry(
            "energy_stress",
            "Lack of energy, oxygen or intact DNA through AMPK, HIF and p53 to TSC2 and RHEB",
            ".networks:energy_stress",
        ),
        Entry(
            "signalling",
            "The whole network: receptors, PI3K, mTOR, MAPK, stresses, outputs, drugs, phenotypes",
            ".networks:signalling",
        ),
    )
}


def names() -> tuple[str, ...]:
    """Return the names of all models, in the order in which they are best read."""
    return tuple(_ENTRIES)


def entry(name: str) -> Entry:
    """Return the entry called ``name``; a hyphen in it stands for an underscore.

    Raises
    ------
    UnknownModel
        If there is none; the message names the nearest.
    """
    spelled = name.replace("-", "_")
    if spelled not in _ENTRIES:
        near = get_close_matches(spelled, _ENTRIES, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(_ENTRIES)}."
        raise UnknownModel(f"There is no model called {name!r}. {hint}")
    return _ENTRIES[spelled]


def build(name: str) -> Model:
    """Return a new PySB model of the entry called ``name``."""
    return entry(name).build()
