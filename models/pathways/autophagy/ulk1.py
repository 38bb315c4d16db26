"""ULK1 starts autophagy unless mTORC1 forbids it.

mTORC1 phosphorylates S758 (S757 in mouse), which keeps AMPK off; AMPK phosphorylates S317 and S778
and switches ULK1 on (Kim 2011; Egan 2011). S758 resists rapamycin in part (Kang 2013).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous, uninhibited
from ...numbers.parameters import Rates
from ..mtorc1.activity import acting


def add_ulk1(model: Model, rates: Rates) -> None:
    """Add ULK1; observables ``pULK1_s758``, ``pULK1_s317``; expression ``ULK1_active_nM``."""
    both = ["u", "p"]
    ulk1 = add_seeded(model, rates, "ULK1", ["s317", "s758"], {"s317": both, "s758": both})
    with drafting(model):
        catalysed(
            rates,
            "MTORC1_phosphorylates_ULK1_s758",
            ulk1(s758="u"),
            ulk1(s758="p"),
            acting(model, rates, "ULK1"),
            "ULK1_KIM",
            "RAPA_SITE_QUALITY",
        )
        spontaneous(rates, "ULK1_s758_dephosphorylation", ulk1(s758="p"), ulk1(s758="u"))
        catalysed(
            rates,
            "AMPK_phosphorylates_ULK1_s317",
            ulk1(s317="u", s758="u"),
            ulk1(s317="p", s758="u"),
            known(model, "AMPK_active_nM"),
            "ULK1_KIM",
            "ULK1_EGAN",
        )
        spontaneous(rates, "ULK1_s317_dephosphorylation", ulk1(s317="p"), ulk1(s317="u"))
        observe(model, "pULK1_s758", ulk1(s758="p"))
        observe(model, "pULK1_s317", ulk1(s317="p"))
        # Free of mTORC1's mark ULK1 works a little, and in full once AMPK has marked it.
        idle = observe(model, "ULK1_free", ulk1(s317="u", s758="u"))
        roused = observe(model, "ULK1_roused", ulk1(s317="p", s758="u"))
        derived(
            "ULK1_active_nM",
            (idle * rates.parameter("activity_ULK1_s317_u") + roused) * uninhibited(model, "ULK1"),
            "nM",
        )
