"""FOXO in the nucleus has receptors made: the long feedback of AKT.

FOXO transcribes ERBB3, IGF1R, INSR and IRS2, so that inhibitors of AKT or of mTOR raise them over
hours (Chandarlapaty 2011; Rodrik-Outmezguine 2011; Puig 2005). FOXO4 stands for the family here;
IRS2 is most of the pool that ``IRS1`` stands for. HIF2A's part is in ``receptor_supply.py``.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived, known, newborn, share, step
from ...numbers.parameters import Rates


def add_foxo_supply(model: Model, rates: Rates) -> None:
    """Let nuclear FOXO4 add to the synthesis of ERBB3, IGF1R, INSR and IRS1."""
    cell = model.compartments["cell"]
    with drafting(model):
        nuclear = derived(
            "FOXO4_nuclear_share",
            share(model, "FOXO4_nuclear", "FOXO4"),
            "dimensionless",
        )
        for name in ("ERBB3", "IGF1R", "INSR", "IRS1"):
            rule = f"FOXO4_raises_{name}_synthesis"
            step(
                rule,
                None,
                newborn(model.monomers[name]) ** cell,
                derived(
                    f"rate_{rule}",
                    rates.parameter(f"gain_{name}_FOXO4")
                    * nuclear
                    * known(model, f"rate_{name}_synthesis"),
                    "nM/s",
                ),
                "FOXO_IRS2" if name == "IRS1" else "FOXO_RTK",
            )
