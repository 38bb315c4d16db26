"""Lipid synthesis: SREBF1, which GSK3 destroys, and ACLY, which AKT activates.

GSK3 phosphorylates mature SREBF1 on T426 and S430 (here ``s430``) for FBXW7 (Sundqvist 2005); AKT,
by holding GSK3, keeps it. AKT phosphorylates ACLY on S455 (Berwick 2002). An arm from S6K to SREBF1
(Duvel 2010) is there with a small weight.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, renewal, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_lipids(model: Model, rates: Rates) -> None:
    """Add SREBF1 and ACLY; observables ``SREBF1_mature`` and ``pACLY_s455``."""
    both = ["u", "p"]
    srebp = add_seeded(model, rates, "SREBF1", ["s430"], {"s430": both})
    acly = add_seeded(model, rates, "ACLY", ["s455"], {"s455": both})
    with drafting(model):
        s6k = known(model, "S6K_active_nM")
        drive = 1 + rates.parameter("gain_SREBF1_S6K") * s6k / (
            s6k + rates.parameter("K_SREBF1_S6K")
        )
        renewal(
            model,
            rates,
            "SREBF1",
            srebp(s430="u"),
            srebp(s430="u"),
            "SREBP_GSK3",
            "SREBP_S6K",
            factor=drive,
        )
        catalysed(
            rates,
            "GSK3B_phosphorylates_SREBF1_s430",
            srebp(s430="u"),
            srebp(s430="p"),
            known(model, "GSK3B_active_nM"),
            "SREBP_GSK3",
        )
        spontaneous(rates, "SREBF1_s430_degradation", srebp(s430="p"), None, "SREBP_GSK3")
        observe(model, "SREBF1_mature", srebp(s430="u"))
        catalysed(
            rates,
            "AKT_phosphorylates_ACLY_s455",
            acly(s455="u"),
            acly(s455="p"),
            acting_on(model, rates, "ACLY"),
            "ACLY_AKT",
        )
        spontaneous(rates, "ACLY_s455_dephosphorylation", acly(s455="p"), acly(s455="u"))
        observe(model, "pACLY_s455", acly(s455="p"))
