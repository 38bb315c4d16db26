"""mTORC1: Raptor takes the scaffold surface of mTOR.

mTOR and Raptor form a one-to-one complex (Kim 2002; Hara 2002) that pairs up to an obligate dimer
(Yip 2010); the dimer is left out, so "one mTORC1" is one protomer. This file holds the assembly on
mTOR whose FRB is empty; what a bound drug changes is in ``rapalog.py``. The sites ``s721``
(RSK) and ``s792`` (AMPK) are used in ``mtorc1/raptor_sites.py``.
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_mtorc1(model: Model, rates: Rates) -> None:
    """Add Raptor and its reversible binding to mTOR; observable ``MTORC1``."""
    mtor = model.monomers["MTOR"]
    rptor = add_seeded(
        model,
        rates,
        "RPTOR",
        ["mtor", "tos", "s721", "s792"],
        {"s721": ["u", "p"], "s792": ["u", "p"]},
    )
    with drafting(model):
        rule = Rule(
            "MTOR_binds_RPTOR",
            mtor(scaf=None, frb=None) + rptor(mtor=None) | mtor(scaf=1, frb=None) % rptor(mtor=1),
            rates.parameter("kf_MTOR_binds_RPTOR"),
            rates.parameter("kr_MTOR_binds_RPTOR"),
        )
        cite(rule, "MTORC1_COMPOSITION", "MTORC1_COMPOSITION_HARA")
        Observable("MTORC1", mtor(scaf=1) % rptor(mtor=1))
