"""A rapalog binds FKBP12, and the pair captures free and Raptor-bound mTOR.

FKBP12-rapamycin binds the FRB surface 2,000 times more tightly than rapamycin alone (Banaszynski
2005). The four dissociation constants of the square FKBP12, drug, FRB are tied by thermodynamics;
three are measured and the fourth follows. Assembled mTORC2 is out of reach, because Rictor covers
the FRB (Stuttfeld 2018). The drug and Raptor hinder each other's approach to mTOR by one factor, so
that Raptor, once off, returns slowly and mTORC1 dwindles under the drug (Kim 2002; Oshiro 2004;
Yip 2010). ``weakening_FRB_allele`` is above 1 for an mTOR whose FRB the pair no longer fits, as
S2035F. ``release_rapalog`` is 1 for the measured off-rate and 0 for a drug that never lets go.
"""

from pysb import Annotation, Expression, Model, Observable, Rule
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...numbers.evidence import cite
from ...numbers.metadata import UNIT
from ...numbers.parameters import Rates


def _constant(name: str, value: object, unit: str) -> Expression:
    """Create a derived constant with its unit."""
    expression = Expression(name, value)
    Annotation(expression, unit, UNIT)
    return expression


def add_rapalog(model: Model, rates: Rates) -> None:
    """Add FKBP12, the drug, and the capture of mTOR.

    The drug starts in the medium: ``RAPA_0`` is its concentration in the bath at time 0.
    Observables: ``FKBP1A_RAPA``, ``MTORC1_RAPA``, ``MTORC1_intact`` (no drug on it), ``MTOR_free``,
    ``MTOR_captured`` (drug-bound, in no complex) and ``RAPA_MTOR`` (drug on any mTOR).
    """
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]
    fkbp = add_seeded(model, rates, "FKBP1A", ["rapa"])
    rapa = add_seeded(model, rates, "RAPA", ["fkbp", "frb"], compartment="medium")

    with drafting(model):
        kf_fkbp = rates.parameter("kf_FKBP1A_binds_RAPA")
        kd_fkbp = rates.parameter("Kd_FKBP1A_RAPA")
        kf_frb = rates.parameter("kf_MTOR_binds_RAPA")
        kd_pair = rates.parameter("Kd_MTOR_FKBP1A_RAPA") * rates.parameter("weakening_FRB_allele")
        kd_alone = rates.parameter("Kd_MTOR_RAPA")
        release = rates.parameter("release_rapalog")
        hindrance = rates.parameter("hindrance_RPTOR_RAPA")
        kf_rptor = model.parameters["kf_MTOR_binds_RPTOR"]
        kr_rptor = model.parameters["kr_MTOR_binds_RPTOR"]

        per_second, per_nm_second = "1/s", "1/(nM*s)"
        kr_fkbp = _constant("kr_FKBP1A_binds_RAPA", kf_fkbp * kd_fkbp, per_second)
        kr_pair = _constant("kr_MTOR_binds_FKBP1A_RAPA", release * kf_frb * kd_pair, per_second)
        kr_alone = _constant("kr_MTOR_binds_RAPA", kf_frb * kd_alone, per_second)
        # The fourth side of the square: FKBP12 joining a drug that already sits on the FRB.
        kd_fourth = _constant("Kd_FKBP1A_MTOR_RAPA", kd_fkbp * kd_pair / kd_alone, "nM")
        kr_fourth = _constant("kr_FKBP1A_binds_MTOR_RAPA", kf_fkbp * kd_fourth, per_second)
        kf_frb_rptor = _constant("kf_MTORC1_binds_RAPA", kf_frb / hindrance, per_nm_second)
        kf_rptor_rapa = _constant("kf_MTOR_RAPA_binds_RPTOR", kf_rptor / hindrance, per_nm_second)

        pair = rapa(fkbp=1, frb=None) % fkbp(rapa=1)
        alone = rapa(fkbp=None, frb=None)
        # mTOR that the drug can reach: free, or in mTORC1.
        for place, kf, free, bound in (
            ("MTOR", kf_frb, mtor(scaf=None, frb=None), mtor(scaf=None, frb=3)),
            (
                "MTORC1",
                kf_frb_rptor,
                mtor(scaf=2, frb=None) % rptor(mtor=2),
                mtor(scaf=2, frb=3) % rptor(mtor=2),
            ),
        ):
            for drug, name, held, kr in (
                (pair, "FKBP1A_RAPA", rapa(fkbp=1, frb=3) % fkbp(rapa=1), kr_pair),
                (alone, "RAPA", rapa(fkbp=None, frb=3), kr_alone),
            ):
                rule = Rule(f"{place}_binds_{name}", free + drug | bound % held, kf, kr)
                cite(rule, "KD_FRB_FKBPRAPA", "MTORC2_FRB_COVERED")

        cite(
            Rule(
                "FKBP1A_binds_RAPA",
                fkbp(rapa=None) + alone | pair,
                kf_fkbp,
                kr_fkbp,
            ),
            "KD_FKBP12_RAPA",
        )
        cite(
            Rule(
                "FKBP1A_binds_MTOR_RAPA",
                fkbp(rapa=None) + rapa(fkbp=None, frb=ANY) | rapa(fkbp=1, frb=ANY) % fkbp(rapa=1),
                kf_fkbp,
                kr_fourth,
            ),
            "KD_FKBP12_RAPA",
            "KD_FRB_FKBPRAPA",
        )
        cite(
            Rule(
                "MTOR_RAPA_binds_RPTOR",
                mtor(scaf=None, frb=ANY) + rptor(mtor=None) | mtor(scaf=1, frb=ANY) % rptor(mtor=1),
                kf_rptor_rapa,
                kr_rptor,
            ),
            "RAPA_DISSOCIATES_RAPTOR",
            "TC_RAPA_MTORC1_DISASSEMBLY",
        )

        Observable("FKBP1A_RAPA", fkbp(rapa=1) % rapa(fkbp=1))
        Observable("MTORC1_RAPA", mtor(scaf=1, frb=ANY) % rptor(mtor=1))
        Observable("MTORC1_intact", mtor(scaf=1, frb=None) % rptor(mtor=1))
        Observable("MTOR_free", mtor(scaf=None, frb=None))
        Observable("MTOR_captured", mtor(scaf=None, frb=ANY))
        Observable("RAPA_MTOR", rapa(frb=ANY))
