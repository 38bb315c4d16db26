"""Every protein is made and lost.

Each protein decays with its half-life wherever it sits (Schwanhausser 2011); what it held is set
free, the drug included. Synthesis is constant and makes up for the loss, so that without a drug
the totals stay at their starting values. ``turnover`` is 1, or 0 for a closed system.
"""

import sympy
from pysb import Annotation, Expression, Model, Rule

from ...building.drafting import drafting
from ...numbers.evidence import cite
from ...numbers.metadata import UNIT
from ...numbers.parameters import Rates


def add_turnover(model: Model, rates: Rates) -> None:
    """Add synthesis and decay of every monomer that has a half-life in the table."""
    cell = model.compartments["cell"]
    with drafting(model):
        switch = rates.parameter("turnover")
        for monomer in list(model.monomers):
            name = monomer.name
            if f"thalf_{name}" not in rates:
                continue
            half_life = rates.parameter(f"thalf_{name}")
            decay = Expression(f"kdeg_{name}", switch * sympy.log(2) / half_life)
            Annotation(decay, "1/s", UNIT)
            synthesis = Expression(f"ksyn_{name}", decay * model.parameters[f"{name}_0"])
            Annotation(synthesis, "nM/s", UNIT)
            free = {
                site: monomer.site_states[site][0] if site in monomer.site_states else None
                for site in monomer.sites
            }
            for rule in (
                Rule(f"{name}_synthesis", None >> monomer(**free) ** cell, synthesis),
                Rule(f"{name}_decay", monomer() >> None, decay, delete_molecules=True),
            ):
                cite(rule, *rates[f"thalf_{name}"].sources)
