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
    readouts: tuple[str, ...]  # what to look at first, at most a dozen

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
            (
                "MTORC1",
                "MTORC1_intact",
                "MTORC1_RAPA",
                "MTORC1_PRAS40",
                "MTORC1_DEPTOR",
                "MTORC2",
                "MTORC2_SIN1",
                "MTORC2_DEPTOR",
                "MTOR_free",
                "MTOR_captured",
                "RAPA_medium",
                "RAPA_cell_free",
            ),
        ),
        Entry(
            "rapamycin",
            "The least model of rapamycin: FKBP12, the drug, mTOR, Raptor and Rictor",
            ".pathways.complexes:rapamycin",
            (
                "MTORC1",
                "MTORC1_intact",
                "MTORC1_RAPA",
                "MTORC2",
                "MTOR_free",
                "MTOR_captured",
                "FKBP1A_RAPA",
                "RAPA_medium",
                "RAPA_cell_free",
            ),
        ),
        Entry(
            "translation",
            "mTORC1 on S6K, S6 and 4EBP1, eIF4E between 4EBP1 and eIF4G, with a rapalog",
            ".networks:translation",
            (
                "MTORC1",
                "MTORC1_intact",
                "MTORC1_RAPA",
                "MTORC2",
                "pS6K_t389",
                "S6K_active",
                "pRPS6_s235",
                "pRPS6_s240",
                "pEIF4EBP1_t37",
                "pEIF4EBP1_s65",
                "EIF4E_EIF4G1",
                "RAPA_medium",
            ),
        ),
        Entry(
            "insulin_mtor",
            "Insulin and IGF1 through IRS1, PI3K, AKT and TSC to both complexes, with the feedback",
            ".networks:insulin_mtor",
            (
                "pIGF1R",
                "pINSR",
                "pIRS1_y",
                "PIP3",
                "pAKT_t308",
                "pAKT_s473",
                "pTSC2_s939",
                "RHEB_GTP",
                "MTORC1_intact",
                "MTORC2",
                "pS6K_t389",
                "RAPA_medium",
            ),
        ),
        Entry(
            "mapk_tsc",
            "EGF through RAS, RAF, MEK, ERK and RSK to TSC2 and RHEB",
            ".networks:mapk_tsc",
            (
                "pEGFR",
                "pERBB2",
                "KRAS_GTP",
                "BRAF_active",
                "pMEK_s218",
                "pERK_y204",
                "pRSK_s380",
                "pTSC2_s664",
                "pTSC2_s1798",
                "TSC2_free",
                "RHEB_GTP",
            ),
        ),
        Entry(
            "energy_stress",
            "Lack of energy, oxygen or intact DNA through AMPK, HIF and p53 to TSC2 and RHEB",
            ".networks:energy_stress",
            (
                "pAMPK_t172",
                "STK11_AMPK",
                "LESION_total",
                "pTP53_s15",
                "SESN2_total",
                "HIF1A_total",
                "EPAS1_total",
                "DDIT4_total",
                "pTSC2_s1387",
                "TSC2_free",
                "RHEB_GTP",
            ),
        ),
        Entry(
            "signalling",
            "The whole network: receptors, PI3K, mTOR, MAPK, stresses, outputs, drugs, phenotypes",
            ".networks:signalling",
            (
                "pAKT_t308",
                "pAKT_s473",
                "pERK_y204",
                "pAMPK_t172",
                "RHEB_GTP",
                "MTORC1_intact",
                "MTORC2",
                "pS6K_t389",
                "pEIF4EBP1_t37",
                "protein_synthesis",
                "autophagy",
                "net_growth",
            ),
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
