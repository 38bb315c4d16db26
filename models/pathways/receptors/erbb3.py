"""ERBB3 (HER3), which ERBB2 phosphorylates and which holds PI3K for it.

ERBB3 hardly works as a kinase; with heregulin (NRG1) on it, it pairs with ERBB2, which
phosphorylates it, and its six p85 sites make it the pair's way to PI3K (Holbro 2003; Sliwkowski
1994). ERBB2 that is active without heregulin does it too, unless trastuzumab is on it. The pair
switches ERBB2 on. It is short-lived (Qiu 2002), so that its level follows its making: see
``foxo_supply.py``.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import (
    catalysed,
    derived,
    known,
    newborn,
    observe,
    renewal,
    spontaneous,
    uninhibited,
)
from ...numbers.parameters import Rates


def add_erbb3(model: Model, rates: Rates) -> None:
    """Add ERBB3; observable ``pERBB3``."""
    erbb3 = add_seeded(model, rates, "ERBB3", ["y", "pi3k"], {"y": ["u", "p"]})
    erbb2 = model.monomers["ERBB2"]
    with drafting(model):
        ligand = known(model, "NRG1_nM")
        paired = derived(
            "ERBB3_occupancy", ligand / (ligand + rates.parameter("Kd_ERBB3_NRG1")), "dimensionless"
        )
        working = uninhibited(model, "ERBB2")
        for name, enzyme in (
            (
                "ERBB2_phosphorylates_ERBB3_y",
                known(model, "pERBB2_nM") * uninhibited(model, "ERBB2_unliganded"),
            ),
            ("NRG1_ERBB2_phosphorylates_ERBB3_y", paired * known(model, "ERBB2_surface_nM")),
        ):
            catalysed(rates, name, erbb3(y="u"), erbb3(y="p"), enzyme * working, "ERBB2_ERBB3")
        spontaneous(
            rates, "ERBB3_dephosphorylation", erbb3(y="p", pi3k=None), erbb3(y="u", pi3k=None)
        )
        observe(model, "pERBB3", erbb3(y="p"))
        catalysed(
            rates,
            "NRG1_ERBB3_activates_ERBB2",
            erbb2(y="u", place="surface"),
            erbb2(y="p", place="surface"),
            paired * observe(model, "ERBB3_all", erbb3()) * working,
            "ERBB2_ERBB3",
        )
        renewal(model, rates, "ERBB3", newborn(erbb3), erbb3(), "ERBB3_TURNOVER")
