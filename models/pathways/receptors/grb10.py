"""GRB10, which mTORC1 makes stable and which then restrains the receptors: feedback loop L4.

mTORC1 phosphorylates GRB10 on S501/S503; phosphorylated GRB10 damps the insulin and IGF1 receptors
and, less, others (Yu 2011; Hsu 2011). Rapalogs relieve it in part only.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, holds, observe, spontaneous
from ...numbers.parameters import Rates
from ..mtorc1.activity import acting


def add_grb10(model: Model, rates: Rates) -> None:
    """Add GRB10 and its action on every receptor there is; observable ``pGRB10_s501``."""
    grb10 = add_seeded(model, rates, "GRB10", ["s501"], {"s501": ["u", "p"]})
    with drafting(model):
        active = observe(model, "pGRB10_s501", grb10(s501="p"))
        catalysed(
            rates,
            "MTORC1_phosphorylates_GRB10_s501",
            grb10(s501="u"),
            grb10(s501="p"),
            acting(model, rates, "GRB10"),
            "GRB10_YU",
            "GRB10_HSU",
        )
        spontaneous(rates, "GRB10_s501_dephosphorylation", grb10(s501="p"), grb10(s501="u"))
        for name in ("IGF1R", "INSR", "EGFR", "ERBB2", "MET"):
            if not holds(model, name):
                continue
            receptor = model.monomers[name]
            loose = {site: None for site in receptor.sites if site != "y"}
            catalysed(
                rates,
                f"GRB10_restrains_{name}",
                receptor(y="p", **loose),
                receptor(y="u", **loose),
                active,
                "GRB10_YU",
                "GRB10_HSU",
            )
