"""Assembly of the two mTOR complexes and their capture by rapalogs."""

from pysb import Model

from ...building.about import describe
from ...building.compartments import add_compartments
from ...building.composing import compose
from .deptor import add_deptor
from .mlst8 import add_mlst8
from .mtor import add_mtor
from .mtorc1 import add_mtorc1
from .mtorc2 import add_mtorc2
from .pras40 import add_pras40
from .rapalog import add_rapalog
from .sin1 import add_sin1
from .turnover import add_turnover
from .uptake import add_uptake

_CORE = (
    add_compartments,
    add_mtor,
    add_mtorc1,
    add_mtorc2,
)
_DRUG = (
    add_rapalog,
    add_uptake,
)


def complexes() -> Model:
    """Build both complexes with all their subunits, the drug, and turnover of every protein."""
    model = compose(
        "complexes",
        (*_CORE, add_sin1, add_mlst8, add_deptor, add_pras40, *_DRUG, add_turnover),
    )
    return describe(
        model,
        title="mTOR complexes and their capture by FKBP12-rapalogs",
        text=(
            "Stepwise assembly of mTORC1 (mTOR, Raptor, mLST8, PRAS40) and mTORC2 (mTOR, Rictor, "
            "SIN1, mLST8) with DEPTOR on both, synthesis and decay of every protein, and a rapalog "
            "that enters the cell from a finite bath, binds FKBP12 and captures free and "
            "Raptor-bound mTOR."
        ),
    )


def rapamycin() -> Model:
    """Build the least model in which rapamycin, FKBP12 and the three mTOR pools meet."""
    model = compose("rapamycin", (*_CORE, *_DRUG, add_turnover))
    return describe(
        model,
        title="Rapamycin, FKBP12 and the pools of mTOR",
        text=(
            "FKBP12, the drug, mTOR, Raptor and Rictor alone: the part of the model `complexes` "
            "that decides how rapamycin divides mTOR between its complexes and captivity."
        ),
    )
