"""IRS1 carries the signal of the insulin and IGF1 receptors to PI3K.

The receptors phosphorylate IRS1 on tyrosines that bind PI3K (Myers 1992). S6K phosphorylates
serines (S270, S307, S636/S639, S1101; here one site ``s636``), which keeps IRS1 from the receptor
and from PI3K and sends it to the proteasome (Harrington 2004; Um 2004; Shah 2004; Haruta 2000).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, renewal, spontaneous
from ...numbers.parameters import Rates


def add_irs1(model: Model, rates: Rates) -> None:
    """Add IRS1 and its turnover; observables ``pIRS1_y`` and ``pIRS1_s636``."""
    irs1 = add_seeded(
        model, rates, "IRS1", ["pi3k", "y", "s636"], {"y": ["u", "p"], "s636": ["u", "p"]}
    )
    with drafting(model):
        observe(model, "pIRS1_y", irs1(y="p"))
        observe(model, "pIRS1_s636", irs1(s636="p"))
        for receptor in ("IGF1R", "INSR"):
            catalysed(
                rates,
                f"{receptor}_phosphorylates_IRS1_y",
                irs1(y="u", s636="u"),
                irs1(y="p", s636="u"),
                known(model, f"p{receptor}_nM"),
                "IRS1_PI3K",
            )
        spontaneous(
            rates, "IRS1_y_dephosphorylation", irs1(y="p", pi3k=None), irs1(y="u", pi3k=None)
        )
        spontaneous(rates, "IRS1_s636_dephosphorylation", irs1(s636="p"), irs1(s636="u"))
        newborn = irs1(pi3k=None, y="u", s636="u")
        renewal(model, rates, "IRS1", newborn, irs1(s636="u"), "HL_IRS1_insulin")
        spontaneous(rates, "IRS1_s636_degradation", irs1(s636="p"), None, "IRS1_DEGRADATION")


def add_irs1_feedback(model: Model, rates: Rates) -> None:
    """Let S6K phosphorylate IRS1: feedback loop L1."""
    irs1 = model.monomers["IRS1"]
    with drafting(model):
        catalysed(
            rates,
            "S6K_phosphorylates_IRS1_s636",
            irs1(s636="u", pi3k=None),
            irs1(s636="p", pi3k=None),
            known(model, "S6K_active_nM"),
            "IRS1_S6K",
            "IRS1_S6K_MOUSE",
            "IRS1_TSC",
        )
