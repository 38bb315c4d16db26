"""REDD1 (DDIT4): made by HIF1A and p53, gone within minutes, takes 14-3-3 away from TSC2.

HIF1A transcribes DDIT4 (Brugarolas 2004; Shoshani 2002), and so does p53 (Ellisen 2002). REDD1
binds 14-3-3 and so frees TSC2, phosphorylated as it is, to act on RHEB (DeYoung 2008). Its
half-life is five minutes (Kimball 2008).
"""

from __future__ import annotations

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import binding, known, observe, renewal
from ...building.transcription import transcribed
from ...numbers.parameters import Rates


def add_redd1(model: Model, rates: Rates) -> None:
    """Add REDD1 and its messenger; observables ``DDIT4_total`` and ``DDIT4_YWHAZ``."""
    redd1 = add_seeded(model, rates, "DDIT4", ["ywha"])
    ywha = model.monomers["YWHAZ"]
    with drafting(model):
        hif, p53 = known(model, "HIF1A_nM"), known(model, "pTP53_s15_nM")
        drive = (
            rates.parameter("basal_DDIT4")
            + hif / (hif + rates.parameter("K_DDIT4_HIF1A"))
            + rates.parameter("gain_DDIT4_TP53") * p53 / (p53 + rates.parameter("K_DDIT4_TP53"))
        )
        level = transcribed(model, rates, "DDIT4", drive, "REDD1_HIF", "P53_REDD1")
        renewal(model, rates, "DDIT4", redd1(ywha=None), redd1(), "HL_REDD1", factor=level)
        binding(
            rates,
            "YWHAZ_binds_DDIT4",
            ywha(groove=None) + redd1(ywha=None),
            ywha(groove=1) % redd1(ywha=1),
            "REDD1_1433",
        )
        observe(model, "DDIT4_YWHAZ", redd1(ywha=ANY))
