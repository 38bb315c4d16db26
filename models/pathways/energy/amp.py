"""AMP, the messenger of an empty battery.

Adenylate kinase turns a small fall of ATP into a large rise of AMP. ``energy_stress`` (0 to 1)
stands for lack of glucose; metformin blocks complex I and raises AMP (Zhou 2001; Owen 2000);
without oxygen breathing fails and AMP rises (Laderoute 2006), from about 1 % downwards; the cell
then lives on glycolysis, and more glucose transport means less AMP.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, holds, known, step
from ...numbers.parameters import Rates


def add_amp(model: Model, rates: Rates) -> None:
    """Add AMP; expression ``AMP_nM``."""
    amp = add_seeded(model, rates, "AMP", [])
    cell = model.compartments["cell"]
    with drafting(model):
        lack = rates.parameter("gain_AMP_energy_stress") * rates.parameter("energy_stress")
        if holds(model, "METFORMIN_cell_nM"):
            dose = known(model, "METFORMIN_cell_nM")
            lack += (
                rates.parameter("gain_AMP_METFORMIN")
                * dose
                / (dose + rates.parameter("K_METFORMIN"))
            )
        oxygen, air = known(model, "oxygen"), rates.parameter("oxygen_air")
        half = rates.parameter("K_breathing_oxygen")
        breathing = oxygen * (air + half) / (air * (oxygen + half))  # 1 in air
        lack += rates.parameter("gain_AMP_hypoxia") * (1 - breathing)
        if holds(model, "glucose_uptake"):
            # What glucose uptake brings covers part of the lack.
            share = rates.parameter("share_glycolysis_AMP")
            lack = lack / (1 - share + share * known(model, "glucose_uptake"))
        rate = derived(
            "rate_AMP_synthesis",
            rates.parameter("k_AMP_renewal") * model.parameters["AMP_0"] * (1 + lack),
            "nM/s",
        )
        step("AMP_synthesis", None, amp() ** cell, rate, "AMP_METFORMIN")
        step("AMP_removal", amp(), None, model.parameters["k_AMP_renewal"], "AMP_METFORMIN")
        derived("AMP_nM", model.observables["AMP_total"] / cell.size, "nM")
