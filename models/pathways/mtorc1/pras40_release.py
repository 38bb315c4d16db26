"""PRAS40 leaves Raptor once AKT or mTORC1 phosphorylates it.

AKT phosphorylates T246 (Kovacina 2003; Sancak 2007), mTORC1 itself S183 and S221 (Oshiro 2007; here
``s183``); either sends PRAS40 off to 14-3-3. AKT reaches it bound or free, mTORC1 while it is
bound, and PRAS40 that AKT has set free, if slowly: with T246 it is the better substrate, so that
insulin raises S183 (Nascimento 2010). With a rapalog on it mTORC1 keeps a part of its speed, as on
other sites (Oshiro 2007). PIM1
does some of T246 without PI3K (Zhang 2009): one small constant rate.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, observe, spontaneous, step
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on
from .activity import acting
from .groove import add_phosphorylation


def add_pras40_release(model: Model, rates: Rates) -> None:
    """Add both phosphorylations; observables ``pAKT1S1_t246`` and ``pAKT1S1_s183``."""
    rptor = model.monomers["RPTOR"]
    pras40 = model.monomers["AKT1S1"]
    with drafting(model):
        akt = acting_on(model, rates, "AKT1S1")
        rule = catalysed(
            rates,
            "AKT_phosphorylates_AKT1S1_t246",
            pras40(tos=None, t246="u"),
            pras40(tos=None, t246="p"),
            akt,
            "PRAS40_AKT",
            "PRAS40_ON_RAPTOR",
        )
        step(
            "AKT_releases_AKT1S1",
            rptor(tos=1) % pras40(tos=1, t246="u"),
            rptor(tos=None) + pras40(tos=None, t246="p"),
            rule.rate_forward,
            "PRAS40_AKT",
            "PRAS40_ON_RAPTOR",
        )
        spontaneous(
            rates,
            "AKT1S1_t246_phosphorylation",
            pras40(tos=None, t246="u"),
            pras40(tos=None, t246="p"),
            "PRAS40_PIM1",
        )
        add_phosphorylation(model, rates, pras40, "s183", "PRAS40_MTORC1")
        catalysed(
            rates,
            "MTORC1_phosphorylates_AKT1S1_pt246_s183",
            pras40(tos=None, t246="p", s183="u"),
            pras40(tos=None, t246="p", s183="p"),
            acting(model, rates, "AKT1S1"),
            "PRAS40_T246_S183",
        )
        for site in ("t246", "s183"):
            spontaneous(
                rates,
                f"AKT1S1_{site}_dephosphorylation",
                pras40(**{site: "p"}),
                pras40(**{site: "u"}),
            )
            observe(model, f"pAKT1S1_{site}", pras40(**{site: "p"}))
