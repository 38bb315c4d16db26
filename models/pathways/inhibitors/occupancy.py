"""Inhibitors other than rapalogs: each class one species, each target a share that is left free.

A small molecule crosses from the medium within a minute and meets its targets in excess, so it is
not used up and its binding is taken as in equilibrium: a target keeps ``1 / (1 + sum [I]/Ki)`` of
its activity. ``[I]`` is the free drug in the cell (``free_fraction_<class>`` of it). An inhibitor
that competes with ATP needs ``shift_<target>`` times its biochemical Ki in a cell (evidence
ATP_SHIFT). Antibodies stay in the medium. One class stands for one compound at a time: a compound
is a row of values for the ``Ki_<class>_<target>`` of its class; those in the table are of the
compound its note names.
"""

from __future__ import annotations

from typing import Any, Final

from pysb import Model, Observable, Rule

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived
from ...numbers.evidence import cite
from ...numbers.parameters import Rates

INSIDE: Final = (
    "TORKI", "DUAL", "PI3KI", "AKTI", "AKTIA", "MEKI", "RAFI", "EGFRI", "HER2I", "IGF1RI", "METI",
    "SRCI", "FTI", "SERM", "SERD", "ULKI",
)  # fmt: skip
OUTSIDE: Final = ("TRASTUZUMAB", "BEVACIZUMAB")


def add_inhibitors(model: Model, rates: Rates) -> None:
    """Add every class, its entry into the cell, and ``uninhibited_<target>`` for every target."""
    medium, cell = model.compartments["medium"], model.compartments["cell"]
    free: dict[str, Any] = {}
    with drafting(model):
        permeability = rates.parameter("permeability_surface_inhibitors")
        inward = derived("k_inhibitor_entry", permeability / medium.size, "1/s")
        outward = derived("k_inhibitor_exit", permeability / cell.size, "1/s")
    for name in (*INSIDE, *OUTSIDE, "METFORMIN"):
        drug = add_seeded(model, rates, name, [], compartment="medium")
        with drafting(model):
            Observable(f"{name}_medium", drug() ** medium)
            if name in OUTSIDE:
                free[name] = derived(
                    f"{name}_medium_nM", model.observables[f"{name}_total"] / medium.size, "nM"
                )
                continue
            rule = Rule(f"{name}_uptake", drug() ** medium | drug() ** cell, inward, outward)
            cite(rule, "PAPP_DRUGS")
            inside = Observable(f"{name}_cell", drug() ** cell) / cell.size
            if name == "METFORMIN":
                derived("METFORMIN_cell_nM", inside, "nM")
            else:
                free[name] = derived(
                    f"{name}_cell_nM", inside * rates.parameter(f"free_fraction_{name}"), "nM"
                )
    occupied: dict[str, Any] = {}
    with drafting(model):
        shifts = {
            name.removeprefix("shift_"): rates.parameter(name)
            for name in rates
            if name.startswith("shift_")
        }
        for name in rates:
            kind, _, rest = name.partition("_")
            drug, _, target = rest.partition("_")
            if kind == "Ki":
                ratio = free[drug] / (rates.parameter(name) * shifts.get(target, 1))
                occupied[target] = occupied.get(target, 0) + ratio
        for target, ratio in occupied.items():
            derived(f"uninhibited_{target}", 1 / (1 + ratio), "dimensionless")
