"""Glucose transport: GLUT1 follows AKT and HIF.

AKT raises the transcription and the surface level of GLUT1 (SLC2A1; Barthel 1999), HIF its
transcription (Ebert 1995). What is taken up keeps AMP down when breathing fails.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, known, observe, renewal
from ...numbers.parameters import Rates


def add_glucose(model: Model, rates: Rates) -> None:
    """Add GLUT1; expression ``glucose_uptake``, about 1 in the fed cell."""
    glut1 = add_seeded(model, rates, "SLC2A1", [])
    with drafting(model):
        akt, hif = known(model, "AKT_full_active_nM"), known(model, "HIF1A_nM")
        drive = (
            rates.parameter("basal_SLC2A1")
            + akt / (akt + rates.parameter("K_SLC2A1_AKT"))
            + rates.parameter("gain_SLC2A1_HIF1A") * hif / (hif + rates.parameter("K_SLC2A1_HIF1A"))
        )
        renewal(model, rates, "SLC2A1", glut1(), glut1(), "GLUT1_AKT", "GLUT1_HIF", factor=drive)
        level = observe(model, "SLC2A1_surface", glut1())
        derived(
            "glucose_uptake",
            2 * level / (level + rates.parameter("K_glucose_uptake")),
            "dimensionless",
        )
