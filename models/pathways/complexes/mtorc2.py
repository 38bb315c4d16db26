"""mTORC2: Rictor takes the scaffold surface of mTOR.

Rictor and mTOR form a complex without Raptor (Sarbassov 2004; Jacinto 2004). In the assembled
complex Rictor covers the FRB surface, so that FKBP12-rapamycin cannot bind (Stuttfeld 2018); by
microscopic reversibility Rictor cannot join an mTOR that already carries the drug.
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_mtorc2(model: Model, rates: Rates) -> None:
    """Add Rictor and its reversible binding to mTOR; observable ``MTORC2``."""
    mtor = model.monomers["MTOR"]
    rictor = add_seeded(model, rates, "RICTOR", ["mtor", "sin1", "t1135"], {"t1135": ["u", "p"]})
    with drafting(model):
        rule = Rule(
            "MTOR_binds_RICTOR",
            mtor(scaf=None, frb=None) + rictor(mtor=None) | mtor(scaf=1, frb=None) % rictor(mtor=1),
            rates.parameter("kf_MTOR_binds_RICTOR"),
            rates.parameter("kr_MTOR_binds_RICTOR"),
        )
        cite(rule, "MTORC2_COMPOSITION", "MTORC2_COMPOSITION_JACINTO", "MTORC2_FRB_COVERED")
        Observable("MTORC2", mtor(scaf=1) % rictor(mtor=1))
