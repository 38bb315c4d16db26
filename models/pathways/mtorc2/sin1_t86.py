"""SIN1 T86, which AKT and S6K phosphorylate, and whose effect is disputed.

Yang 2015: AKT does it and mTORC2 works better, a positive loop. Liu 2013: S6K or AKT do it and SIN1
falls off mTORC2, a negative one. Both phosphorylate it here; ``activity_MAPKAP1_t86`` is what the
mark does to the complex: by default nothing, and either side is a condition.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_sin1_t86(model: Model, rates: Rates) -> None:
    """Let AKT and S6K phosphorylate SIN1 on T86; observable ``pMAPKAP1_t86``."""
    sin1 = model.monomers["MAPKAP1"]
    with drafting(model):
        for kinase, enzyme, source in (
            ("AKT", "AKT_full_active_nM", "SIN1_T86_AKT"),
            ("S6K", "S6K_active_nM", "SIN1_T86_S6K"),
        ):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_MAPKAP1_t86",
                sin1(t86="u"),
                sin1(t86="p"),
                known(model, enzyme),
                source,
            )
        spontaneous(rates, "MAPKAP1_t86_dephosphorylation", sin1(t86="p"), sin1(t86="u"))
        observe(model, "pMAPKAP1_t86", sin1(t86="p"))
