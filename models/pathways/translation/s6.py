"""Ribosomal protein S6: S240/S244 by S6K alone, S235/S236 by S6K and RSK (Roux 2007)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_s6(model: Model, rates: Rates) -> None:
    """Add S6 and what S6K does to it; observables ``pRPS6_s240`` and ``pRPS6_s235``."""
    s6 = add_seeded(
        model, rates, "RPS6", ["s235", "s240"], {"s235": ["u", "p"], "s240": ["u", "p"]}
    )
    with drafting(model):
        for site in ("s235", "s240"):
            bare, marked = s6(**{site: "u"}), s6(**{site: "p"})
            catalysed(
                rates,
                f"S6K_phosphorylates_RPS6_{site}",
                bare,
                marked,
                known(model, "S6K_active_nM"),
                "S6_S6K",
            )
            spontaneous(rates, f"RPS6_{site}_dephosphorylation", marked, bare)
            observe(model, f"pRPS6_{site}", marked)


def add_s6_rsk(model: Model, rates: Rates) -> None:
    """Let RSK phosphorylate S235/S236."""
    s6 = model.monomers["RPS6"]
    with drafting(model):
        catalysed(
            rates,
            "RSK_phosphorylates_RPS6_s235",
            s6(s235="u"),
            s6(s235="p"),
            known(model, "RSK_active_nM"),
            "S6_RSK",
        )
