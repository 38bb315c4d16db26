"""PRAS40 (AKT1S1) fills the substrate groove of Raptor.

PRAS40 carries a TOS motif and competes with substrates for Raptor (Sancak 2007; Yang 2017). Its
release by AKT and by mTORC1 itself is in ``mtorc1/pras40_release.py``; only the bare form binds,
and only Raptor that 14-3-3 has not covered (``s792`` unphosphorylated).
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_pras40(model: Model, rates: Rates) -> None:
    """Add PRAS40 and its reversible binding to Raptor; observable ``MTORC1_PRAS40``."""
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
    pras40 = add_seeded(
        model,
        rates,
        "AKT1S1",
        ["tos", "t246", "s183"],
        {"t246": ["u", "p"], "s183": ["u", "p"]},
    )
    bare = {"t246": "u", "s183": "u"}
    with drafting(model):
        rule = Rule(
            "RPTOR_binds_AKT1S1",
            rptor(tos=None, s792="u") + pras40(tos=None, **bare)
            | rptor(tos=1, s792="u") % pras40(tos=1, **bare),
            rates.parameter("kf_RPTOR_binds_AKT1S1"),
            rates.parameter("kr_RPTOR_binds_AKT1S1"),
        )
        cite(rule, "PRAS40_ON_RAPTOR", "PRAS40_INHIB")
        Observable("MTORC1_PRAS40", mtor(scaf=1) % rptor(mtor=1, tos=2) % pras40(tos=2))
