"""PKC alpha: its hydrophobic motif S657 follows mTORC2 (Ikenoue 2008; Sarbassov 2004)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_pkc(model: Model, rates: Rates) -> None:
    """Add PKC alpha; observable ``pPRKCA_s657``."""
    pkc = add_seeded(model, rates, "PRKCA", ["s657"], {"s657": ["u", "p"]})
    with drafting(model):
        catalysed(
            rates,
            "MTORC2_phosphorylates_PRKCA_s657",
            pkc(s657="u"),
            pkc(s657="p"),
            known(model, "MTORC2_active_nM"),
            "MTORC2_PKC",
        )
        spontaneous(rates, "PRKCA_s657_dephosphorylation", pkc(s657="p"), pkc(s657="u"))
        observe(model, "pPRKCA_s657", pkc(s657="p"))
