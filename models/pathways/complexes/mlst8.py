"""mLST8 sits on the kinase domain of mTOR, in both complexes.

mLST8 binds the kinase domain next to the active site, whatever holds the scaffold surface (Kim
2003; Yang 2013). It is in excess, so nearly every mTOR carries it.
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_mlst8(model: Model, rates: Rates) -> None:
    """Add mLST8 and its reversible binding; observables ``MTORC1_MLST8``, ``MTORC2_MLST8``."""
    mtor = model.monomers["MTOR"]
    rptor, rictor = model.monomers["RPTOR"], model.monomers["RICTOR"]
    mlst8 = add_seeded(model, rates, "MLST8", ["mtor"])
    with drafting(model):
        rule = Rule(
            "MTOR_binds_MLST8",
            mtor(lst8=None) + mlst8(mtor=None) | mtor(lst8=1) % mlst8(mtor=1),
            rates.parameter("kf_MTOR_binds_MLST8"),
            rates.parameter("kr_MTOR_binds_MLST8"),
        )
        cite(rule, "MLST8_ON_KINASE_DOMAIN", "MTOR_MLST8_STRUCTURE")
        held = mtor(scaf=1, lst8=2) % mlst8(mtor=2)
        Observable("MTORC1_MLST8", held % rptor(mtor=1))
        Observable("MTORC2_MLST8", held % rictor(mtor=1))
