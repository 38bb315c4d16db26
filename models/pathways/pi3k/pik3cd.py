"""PI3K with p110 delta, which blood cells have and HEK293T do not.

It works for receptors of antigen and cytokines, which no model here holds, at a steady pace, and is
what idelalisib inhibits (Lannutti 2011).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, observe, uninhibited
from ...numbers.parameters import Rates


def add_pik3cd(model: Model, rates: Rates) -> None:
    """Add p110 delta; observable ``PIK3CD_all``."""
    delta, lipid = add_seeded(model, rates, "PIK3CD", []), model.monomers["PIP"]
    with drafting(model):
        catalysed(
            rates,
            "PIK3CD_phosphorylates_PIP2",
            lipid(ph=None, head="pip2"),
            lipid(ph=None, head="pip3"),
            observe(model, "PIK3CD_all", delta()) * uninhibited(model, "PIK3CD"),
            "PIK3CD_CELLS",
        )
