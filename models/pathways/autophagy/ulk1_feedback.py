"""ULK1 acts back on both that rule it: it closes Raptor and slows AMPK.

ULK1 phosphorylates Raptor on S855, S859 and S792, and substrates no longer dock (Dunlop 2011; here
AMPK's site ``s792`` stands for all of them): once on, autophagy keeps mTORC1 off. It phosphorylates
all subunits of AMPK, whose T172 is lost (Loffler 2011; here that loss itself): autophagy ends the
alarm.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, known
from ...numbers.parameters import Rates


def add_ulk1_feedback(model: Model, rates: Rates) -> None:
    """Let ULK1 phosphorylate Raptor and take T172 off AMPK."""
    rptor, ampk = model.monomers["RPTOR"], model.monomers["AMPK"]
    with drafting(model):
        ulk1 = known(model, "ULK1_active_nM")
        catalysed(
            rates,
            "ULK1_phosphorylates_RPTOR_s792",
            rptor(s792="u", tos=None),
            rptor(s792="p", tos=None),
            ulk1,
            "ULK1_RPTOR",
        )
        catalysed(rates, "ULK1_inactivates_AMPK", ampk(t172="p"), ampk(t172="u"), ulk1, "ULK1_AMPK")
