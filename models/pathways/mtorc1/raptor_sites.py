"""Raptor's own sites: AMPK closes it, RSK speeds it up.

AMPK phosphorylates S792 (and S722), which 14-3-3 covers, so that nothing docks (Gwinn 2008). RSK
phosphorylates S719 and S721 and raises the activity (Carriere 2008). S722, claimed for both, is
left out. 14-3-3 is abundant, so a phosphorylated S792 counts as covered; a filled groove keeps AMPK
off.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_raptor_ampk(model: Model, rates: Rates) -> None:
    """Let AMPK phosphorylate Raptor; observable ``pRPTOR_s792`` (Raptor with 14-3-3)."""
    rptor = model.monomers["RPTOR"]
    with drafting(model):
        catalysed(
            rates,
            "AMPK_phosphorylates_RPTOR_s792",
            rptor(s792="u", tos=None),
            rptor(s792="p", tos=None),
            known(model, "AMPK_active_nM"),
            "RPTOR_AMPK",
        )
        spontaneous(rates, "RPTOR_s792_dephosphorylation", rptor(s792="p"), rptor(s792="u"))
        observe(model, "pRPTOR_s792", rptor(s792="p"))


def add_raptor_rsk(model: Model, rates: Rates) -> None:
    """Let RSK phosphorylate Raptor; observable ``pRPTOR_s721``."""
    rptor = model.monomers["RPTOR"]
    with drafting(model):
        catalysed(
            rates,
            "RSK_phosphorylates_RPTOR_s721",
            rptor(s721="u"),
            rptor(s721="p"),
            known(model, "RSK_active_nM"),
            "RPTOR_RSK",
        )
        spontaneous(rates, "RPTOR_s721_dephosphorylation", rptor(s721="p"), rptor(s721="u"))
        observe(model, "pRPTOR_s721", rptor(s721="p"))
