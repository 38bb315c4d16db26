"""SIN1 (MAPKAP1) joins Rictor.

SIN1 is a constant part of mTORC2 and needed for AKT S473 phosphorylation (Frias 2006; Jacinto
2006). It binds Rictor whether or not Rictor holds mTOR; only the complex with SIN1 is complete. Its
sites ``ph`` and ``t86`` are used in ``mtorc2/activity.py`` and ``mtorc2/sin1_t86.py``.
"""

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.parameters import Rates


def add_sin1(model: Model, rates: Rates) -> None:
    """Add SIN1 and its reversible binding to Rictor; observable ``MTORC2_SIN1``."""
    mtor, rictor = model.monomers["MTOR"], model.monomers["RICTOR"]
    sin1 = add_seeded(model, rates, "MAPKAP1", ["rictor", "ph", "t86"], {"t86": ["u", "p"]})
    with drafting(model):
        rule = Rule(
            "RICTOR_binds_MAPKAP1",
            rictor(sin1=None) + sin1(rictor=None) | rictor(sin1=1) % sin1(rictor=1),
            rates.parameter("kf_RICTOR_binds_MAPKAP1"),
            rates.parameter("kr_RICTOR_binds_MAPKAP1"),
        )
        cite(rule, "SIN1_IN_MTORC2", "SIN1_IN_MTORC2_JACINTO")
        Observable("MTORC2_SIN1", mtor(scaf=1) % rictor(mtor=1, sin1=2) % sin1(rictor=2))
