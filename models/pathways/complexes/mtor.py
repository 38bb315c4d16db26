"""mTOR, the kinase that both complexes share.

Raptor and Rictor bind the same HEAT-repeat surface, here the site ``scaf``, so that one mTOR is in
one complex or the other (Kim 2002; Sarbassov 2004). On the FRB surface, ``frb``, next to the
catalytic cleft lands FKBP12-rapamycin (Choi 1996). mLST8 sits on the kinase domain, DEPTOR on FAT.
"""

from pysb import Model

from ...building.seeding import add_seeded
from ...numbers.parameters import Rates


def add_mtor(model: Model, rates: Rates) -> None:
    """Add mTOR, all of it free at the start."""
    add_seeded(model, rates, "MTOR", ["scaf", "lst8", "deptor", "frb"])
