"""FOXO4 (AFX) makes p27 while it is in the nucleus.

AKT phosphorylates T32, S197 and S262 (here ``t32``), 14-3-3 takes FOXO4 out of the nucleus, and
CDKN1B is transcribed less (Brunet 1999; Medema 2000). T308-only AKT hardly does it (Jacinto 2006;
Guertin 2006).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, observe, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_foxo4(model: Model, rates: Rates) -> None:
    """Add FOXO4; observables ``FOXO4_nuclear`` and ``pFOXO4_t32``."""
    foxo4 = add_seeded(
        model,
        rates,
        "FOXO4",
        ["t32", "place"],
        {"t32": ["u", "p"], "place": ["nucleus", "cytosol"]},
    )
    with drafting(model):
        catalysed(
            rates,
            "AKT_phosphorylates_FOXO4_t32",
            foxo4(t32="u"),
            foxo4(t32="p"),
            acting_on(model, rates, "FOXO4"),
            "FOXO_AKT",
            "FOXO4_P27",
        )
        spontaneous(rates, "FOXO4_t32_dephosphorylation", foxo4(t32="p"), foxo4(t32="u"))
        spontaneous(
            rates,
            "FOXO4_export",
            foxo4(t32="p", place="nucleus"),
            foxo4(t32="p", place="cytosol"),
            "FOXO_AKT",
        )
        spontaneous(
            rates,
            "FOXO4_import",
            foxo4(t32="u", place="cytosol"),
            foxo4(t32="u", place="nucleus"),
            "FOXO_AKT",
        )
        observe(model, "FOXO4_nuclear", foxo4(place="nucleus"))
        observe(model, "pFOXO4_t32", foxo4(t32="p"))
