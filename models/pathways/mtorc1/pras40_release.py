"""PRAS40 leaves Raptor once AKT or mTORC1 phosphorylates it.

AKT phosphorylates T246 (Kovacina 2003; Sancak 2007), mTORC1 itself S183 and S221 (Oshiro 2007; here
``s183``); either sends PRAS40 off to 14-3-3. AKT reaches it bound or free, mTORC1 while it is
bound.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import catalysed, derived, holds, known, observe, spontaneous, step
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_pras40_release(model: Model, rates: Rates) -> None:
    """Add both phosphorylations; observables ``pAKT1S1_t246`` and ``pAKT1S1_s183``."""
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
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
        brake = {"deptor": None} if holds(model, "DEPTOR") else {}
        holder = mtor(scaf=1, frb=None, **brake)
        name = "MTORC1_phosphorylates_AKT1S1_s183"
        step(
            name,
            holder % rptor(mtor=1, tos=2) % pras40(tos=2, s183="u"),
            holder % rptor(mtor=1, tos=None) + pras40(tos=None, s183="p"),
            derived(
                f"rate_{name}",
                rates.parameter(f"kcat_{name}") * known(model, "MTORC1_drive"),
                "1/s",
            ),
            "PRAS40_MTORC1",
        )
        for site in ("t246", "s183"):
            spontaneous(
                rates,
                f"AKT1S1_{site}_dephosphorylation",
                pras40(**{site: "p"}),
                pras40(**{site: "u"}),
            )
            observe(model, f"pAKT1S1_{site}", pras40(**{site: "p"}))
