"""The drug crosses the membrane between a finite bath and the cell.

Rapalogs are lipophilic and diffuse; only the unbound drug crosses. The permeability-surface product
times the difference of the two concentrations is the flux, so both sides reach the same free
concentration and the bath runs dry when FKBP12 holds more than it had (evidence VOL_ECF).
"""

from pysb import Annotation, Expression, Model, Observable, Rule

from ...building.drafting import drafting
from ...numbers.evidence import cite
from ...numbers.metadata import UNIT
from ...numbers.parameters import Rates


def add_uptake(model: Model, rates: Rates) -> None:
    """Add the exchange; observables ``RAPA_medium``, ``RAPA_cell`` (all) and ``RAPA_cell_free``."""
    rapa = model.monomers["RAPA"]
    medium, cell = model.compartments["medium"], model.compartments["cell"]
    unbound = rapa(fkbp=None, frb=None)
    with drafting(model):
        flow = rates.parameter("permeability_surface_RAPA")
        inward = Expression("k_RAPA_enters_cell", flow / medium.size)
        outward = Expression("k_RAPA_leaves_cell", flow / cell.size)
        for constant in (inward, outward):
            Annotation(constant, "1/s", UNIT)
        for rule in (
            Rule("RAPA_enters_cell", unbound**medium >> unbound**cell, inward),
            Rule("RAPA_leaves_cell", unbound**cell >> unbound**medium, outward),
        ):
            cite(rule, "VOL_ECF", "PAPP_DRUGS")
        Observable("RAPA_medium", rapa() ** medium)
        Observable("RAPA_cell", rapa() ** cell)
        Observable("RAPA_cell_free", unbound**cell)
