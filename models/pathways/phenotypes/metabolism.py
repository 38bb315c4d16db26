"""Making lipids and burning glucose: products of what the network provides for them."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived, known, share
from ...numbers.parameters import Rates


def add_metabolism(model: Model, rates: Rates) -> None:
    """Add ``lipogenesis`` and ``glycolysis``."""
    with drafting(model):
        working = share(model, "ACACA_s80_u", "ACACA")
        srebp, acly = known(model, "SREBF1_mature_nM"), known(model, "pACLY_s455_nM")
        derived(
            "lipogenesis",
            srebp
            / (srebp + rates.parameter("K_lipogenesis_SREBF1"))
            * acly
            / (acly + rates.parameter("K_lipogenesis_ACLY"))
            * working,
            "dimensionless",
        )
        hif = known(model, "HIF1A_nM")
        enzymes = 1 + rates.parameter("gain_glycolysis_HIF1A") * hif / (
            hif + rates.parameter("K_glycolysis_HIF1A")
        )
        derived("glycolysis", known(model, "glucose_uptake") * enzymes, "dimensionless")
