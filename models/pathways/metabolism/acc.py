"""ACC, the first step of making fatty acids, which AMPK stops on S80 (Ha 1994; Fullerton 2013)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_acc(model: Model, rates: Rates) -> None:
    """Add ACC1 (numbers are human); observables ``pACACA_s80``, ``ACACA_s80_u``."""
    acc = add_seeded(model, rates, "ACACA", ["s80"], {"s80": ["u", "p"]})
    with drafting(model):
        catalysed(
            rates,
            "AMPK_phosphorylates_ACACA_s80",
            acc(s80="u"),
            acc(s80="p"),
            known(model, "AMPK_active_nM"),
            "ACC_AMPK",
        )
        spontaneous(rates, "ACACA_s80_dephosphorylation", acc(s80="p"), acc(s80="u"))
        observe(model, "pACACA_s80", acc(s80="p"))
        observe(model, "ACACA_s80_u", acc(s80="u"))
