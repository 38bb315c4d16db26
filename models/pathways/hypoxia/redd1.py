"""REDD1 (DDIT4): made by HIF1A, gone within minutes, takes 14-3-3 away from TSC2.

HIF1A transcribes DDIT4 (Brugarolas 2004; Shoshani 2002). REDD1 binds 14-3-3 and so frees TSC2,
phosphorylated as it is, to act on RHEB (DeYoung 2008). Its half-life is about five minutes (Kimball
2008).
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, known, observe, renewal
from ...numbers.parameters import Rates


def add_redd1(model: Model, rates: Rates) -> None:
    """Add REDD1; observables ``DDIT4_total`` and ``DDIT4_YWHAZ``."""
    redd1 = add_seeded(model, rates, "DDIT4", ["ywha"])
    ywha = model.monomers["YWHAZ"]
    with drafting(model):
        hif = known(model, "HIF1A_nM")
        drive = rates.parameter("basal_DDIT4") + hif / (hif + rates.parameter("K_DDIT4_HIF1A"))
        renewal(
            model, rates, "DDIT4", redd1(ywha=None), redd1(), "REDD1_HIF", "HL_REDD1", factor=drive
        )
        binding(
            rates,
            "YWHAZ_binds_DDIT4",
            ywha(groove=None) + redd1(ywha=None),
            ywha(groove=1) % redd1(ywha=1),
            "REDD1_1433",
        )
        observe(model, "DDIT4_YWHAZ", redd1(ywha=ANY))
