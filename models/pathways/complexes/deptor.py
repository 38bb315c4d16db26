"""DEPTOR binds mTOR in both complexes.

DEPTOR binds mTOR through its PDZ domain and inhibits both complexes (Peterson 2009). In HEK293T
cells it is scarce beside mTOR, so that it can slow few of them; myeloma cells hold far more. Its
phospho-degron ``s286`` is used in ``mtorc1/deptor_degron.py``.
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_deptor(model: Model, rates: Rates) -> None:
    """Add DEPTOR and its reversible binding; observables ``MTORC1_DEPTOR``, ``MTORC2_DEPTOR``."""
    mtor = model.monomers["MTOR"]
    rptor, rictor = model.monomers["RPTOR"], model.monomers["RICTOR"]
    deptor = add_seeded(model, rates, "DEPTOR", ["mtor", "s286"], {"s286": ["u", "p"]})
    with drafting(model):
        rule = Rule(
            "MTOR_binds_DEPTOR",
            mtor(deptor=None) + deptor(mtor=None, s286="u")
            | mtor(deptor=1) % deptor(mtor=1, s286="u"),
            rates.parameter("kf_MTOR_binds_DEPTOR"),
            rates.parameter("kr_MTOR_binds_DEPTOR"),
        )
        cite(rule, "DEPTOR_ON_BOTH_COMPLEXES")
        held = mtor(scaf=1, deptor=2) % deptor(mtor=2)
        Observable("MTORC1_DEPTOR", held % rptor(mtor=1))
        Observable("MTORC2_DEPTOR", held % rictor(mtor=1))
