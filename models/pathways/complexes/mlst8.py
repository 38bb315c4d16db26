"""mLST8 sits on the kinase domain of mTOR, in both complexes.

mLST8 binds the kinase domain next to the active site, whatever holds the scaffold surface (Kim
2003; Yang 2013). It is in excess, so nearly every mTOR carries it. Rictor needs it to stay on mTOR,
Raptor does not (Guertin 2006): without mLST8 Rictor falls off ``loosening_RICTOR_MLST8`` times
sooner, and by microscopic reversibility mLST8 leaves an mTOR with Rictor that much later.
"""

from pysb import Annotation, Expression, Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.metadata import UNIT
from ...numbers.parameters import Rates


def add_mlst8(model: Model, rates: Rates) -> None:
    """Add mLST8 and its reversible binding; observables ``MTORC1_MLST8``, ``MTORC2_MLST8``."""
    mtor = model.monomers["MTOR"]
    rptor, rictor = model.monomers["RPTOR"], model.monomers["RICTOR"]
    mlst8 = add_seeded(model, rates, "MLST8", ["mtor"])
    with drafting(model):
        kf = rates.parameter("kf_MTOR_binds_MLST8")
        kr = rates.parameter("kr_MTOR_binds_MLST8")
        loosening = rates.parameter("loosening_RICTOR_MLST8")
        held_kr = Expression("kr_MTOR_binds_MLST8_RICTOR", kr / loosening)
        bare_kr = Expression(
            "kr_MTOR_binds_RICTOR_MLST8",
            model.parameters["kr_MTOR_binds_RICTOR"] * (loosening - 1),
        )
        for constant in (held_kr, bare_kr):
            Annotation(constant, "1/s", UNIT)
        for who, scaffold, partner, slow in (
            ("MTOR", None, None, kr),
            ("MTORC1", 2, rptor, kr),
            ("MTORC2", 2, rictor, held_kr),
        ):
            free, bound = mtor(scaf=scaffold, lst8=None), mtor(scaf=scaffold, lst8=1)
            if partner is not None:
                free, bound = free % partner(mtor=2), bound % partner(mtor=2)
            rule = Rule(
                f"{who}_binds_MLST8",
                free + mlst8(mtor=None) | bound % mlst8(mtor=1),
                kf,
                slow,
            )
            cite(rule, "MLST8_ON_KINASE_DOMAIN", "MTOR_MLST8_STRUCTURE")
        rule = Rule(
            "RICTOR_leaves_MTOR_without_MLST8",
            mtor(scaf=1, lst8=None) % rictor(mtor=1)
            >> mtor(scaf=None, lst8=None) + rictor(mtor=None),
            bare_kr,
        )
        cite(rule, "MLST8_FOR_RICTOR")
        held = mtor(scaf=1, lst8=2) % mlst8(mtor=2)
        Observable("MTORC1_MLST8", held % rptor(mtor=1))
        Observable("MTORC2_MLST8", held % rictor(mtor=1))
