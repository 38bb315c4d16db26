"""mLST8 sits on the kinase domain of mTOR, in both complexes.

mLST8 binds the kinase domain next to the active site, whatever holds the scaffold surface (Kim
2003; Yang 2013). It is in excess, so nearly every mTOR carries it. Rictor needs it to stay on mTOR,
Raptor does not (Guertin 2006): in models that ask what mTORC2 does, Rictor falls off mTOR without
mLST8 ``loosening_RICTOR_MLST8`` times sooner, and by microscopic reversibility mLST8 leaves an mTOR
with Rictor that much later. The model ``complexes``, whose mLST8 is never short, leaves it out.
"""

from typing import Any

from pysb import Annotation, Expression, Model, Monomer, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.metadata import UNIT
from ...numbers.parameters import Rates


def add_mlst8(model: Model, rates: Rates) -> None:
    """Add mLST8 and its reversible binding; observables ``MTORC1_MLST8``, ``MTORC2_MLST8``."""
    mtor = model.monomers["MTOR"]
    mlst8 = _seeded(model, rates)
    with drafting(model):
        kr = rates.parameter("kr_MTOR_binds_MLST8")
        _binding(model, "MTOR", mtor(lst8=None), mtor(lst8=1), mlst8, kr)


def add_gripping_mlst8(model: Model, rates: Rates) -> None:
    """Add mLST8 as :func:`add_mlst8` does, and let it hold Rictor on mTOR."""
    mtor = model.monomers["MTOR"]
    rptor, rictor = model.monomers["RPTOR"], model.monomers["RICTOR"]
    mlst8 = _seeded(model, rates)
    with drafting(model):
        kr = rates.parameter("kr_MTOR_binds_MLST8")
        loosening = rates.parameter("loosening_RICTOR_MLST8")
        held = Expression("kr_MTORC2_binds_MLST8", kr / loosening)
        bare = Expression(
            "k_RICTOR_leaves_MTOR_without_MLST8",
            model.parameters["kr_MTOR_binds_RICTOR"] * (loosening - 1),
        )
        for constant in (held, bare):
            Annotation(constant, "1/s", UNIT)
        _binding(model, "MTOR", mtor(scaf=None, lst8=None), mtor(scaf=None, lst8=1), mlst8, kr)
        for name, partner, release in (("MTORC1", rptor, kr), ("MTORC2", rictor, held)):
            _binding(
                model,
                name,
                mtor(scaf=2, lst8=None) % partner(mtor=2),
                mtor(scaf=2, lst8=1) % partner(mtor=2),
                mlst8,
                release,
            )
        rule = Rule(
            "RICTOR_leaves_MTOR_without_MLST8",
            mtor(scaf=1, lst8=None) % rictor(mtor=1)
            >> mtor(scaf=None, lst8=None) + rictor(mtor=None),
            bare,
        )
        cite(rule, "MLST8_FOR_RICTOR")


def _seeded(model: Model, rates: Rates) -> Monomer:
    """Return mLST8 with its on-rate in the model, and observe it on both complexes."""
    mtor = model.monomers["MTOR"]
    mlst8 = add_seeded(model, rates, "MLST8", ["mtor"])
    with drafting(model):
        rates.parameter("kf_MTOR_binds_MLST8")
        held = mtor(scaf=1, lst8=2) % mlst8(mtor=2)
        Observable("MTORC1_MLST8", held % model.monomers["RPTOR"](mtor=1))
        Observable("MTORC2_MLST8", held % model.monomers["RICTOR"](mtor=1))
    return mlst8


def _binding(model: Model, name: str, free: Any, bound: Any, mlst8: Monomer, release: Any) -> None:
    rule = Rule(
        f"{name}_binds_MLST8",
        free + mlst8(mtor=None) | bound % mlst8(mtor=1),
        model.parameters["kf_MTOR_binds_MLST8"],
        release,
    )
    cite(rule, "MLST8_ON_KINASE_DOMAIN", "MTOR_MLST8_STRUCTURE")
