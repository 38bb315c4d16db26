"""Growth factors in the medium, each kept at the level that the dish supplies.

Serum and perfusion renew the medium: a ligand's level follows its ``<name>_0`` within a minute, so
that one parameter starves, stimulates or lowers the supply, at any time. Receptors do not deplete
it (a medium of 2,000 pL holds far more than the receptors of one cell bind).
"""

from __future__ import annotations

from pysb import Annotation, Model, Rule

from ...building.composing import Mechanism
from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, holds
from ...numbers.metadata import NOTE
from ...numbers.parameters import Rates


def supplied(*names: str) -> Mechanism:
    """Return a mechanism that keeps each ligand at its level, and observes ``<name>_nM``."""

    def add_ligands(model: Model, rates: Rates) -> None:
        medium = model.compartments["medium"]
        for name in names:
            ligand = add_seeded(model, rates, name, [], compartment="medium")
            with drafting(model):
                if holds(model, "k_medium_renewal"):
                    renewal = model.parameters["k_medium_renewal"]
                else:
                    renewal = rates.parameter("k_medium_renewal")
                supply = derived(
                    f"rate_{name}_supply", renewal * model.parameters[f"{name}_0"], "nM/s"
                )
                for rule in (
                    Rule(f"{name}_supply", None >> ligand() ** medium, supply),
                    Rule(f"{name}_removal", ligand() ** medium >> None, renewal),
                ):
                    Annotation(rule, "Renewal of the medium: a boundary of the model.", NOTE)
                total = model.observables[f"{name}_total"]
                derived(f"{name}_nM", total / medium.size, "nM")

    return add_ligands


add_insulin_and_igf1 = supplied("IGF1", "INS")
add_egf = supplied("EGF")
add_hgf = supplied("HGF")
add_estradiol = supplied("E2")
