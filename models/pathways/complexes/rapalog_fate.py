"""Water breaks the ring of a rapalog that nothing holds, with a half-life of ten hours.

Hydrolysis was measured in buffer (Il'ichev 2007); what FKBP12 or mTOR holds is taken to be safe. A
dish that nobody refreshes so loses its drug over days, and a bath without end is less potent than
its dose and FKBP12 alone would make it.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import spontaneous
from ...numbers.parameters import Rates


def add_rapalog_fate(model: Model, rates: Rates) -> None:
    """Let the free drug be hydrolysed, in the medium and in the cell."""
    free = model.monomers["RAPA"](fkbp=None, frb=None)
    with drafting(model):
        spontaneous(rates, "RAPA_degradation", free, None)
