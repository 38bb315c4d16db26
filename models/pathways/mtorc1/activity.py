"""What makes mTORC1 work: RHEB with GTP, amino acids, an empty ATP pocket, an open groove.

RHEB-GTP realigns the active site and needs both halves of the dimer (Yang 2017), so its effect is
cooperative; it binds weakly and is in excess, so that its occupancy is taken as in equilibrium. The
Rags bring mTORC1 to it. DEPTOR leaves a fraction of the activity (Heimhalt 2021). FKBP12-rapamycin
on the FRB leaves a fraction that depends on how good a substrate site is (Kang 2013). Substrates
that do not dock on Raptor meet mTORC1 whose groove is empty.
"""

from __future__ import annotations

from typing import Any

from pysb import Model
from pysb.core import ANY

from ...building.drafting import drafting
from ...building.steps import derived, holds, known, observe, uninhibited
from ...numbers.parameters import Rates


def add_mtorc1_activity(model: Model, rates: Rates) -> None:
    """Add ``MTORC1_drive`` (0 to 1), and ``MTORC1_open_nM`` without and with the drug on it."""
    mtor, rptor = model.monomers["MTOR"], model.monomers["RPTOR"]

    def complex1(frb: Any, mark: str | None = None, **deptor: Any) -> Any:
        marks = {} if mark is None else {"s721": mark}
        return mtor(scaf=1, frb=frb, **deptor) % rptor(mtor=1, tos=None, s792="u", **marks)

    with drafting(model):
        loaded, half = known(model, "RHEB_GTP_membrane_nM"), rates.parameter("K_RHEB_MTORC1")
        power = rates.parameter("hill_RHEB_MTORC1")
        occupancy = derived(
            "RHEB_occupancy", loaded**power / (half**power + loaded**power), "dimensionless"
        )
        leak = rates.parameter("leak_MTORC1")
        drive = known(model, "RRAG_share") * (leak + (1 - leak) * occupancy)
        kinase = rates.parameter("kinase_MTOR")
        derived("MTORC1_drive", drive * kinase * uninhibited(model, "MTORC1"), "dimensionless")

        boost = rates.parameter("boost_RPTOR_s721")
        # Mechanisms of docked substrates read this too.
        brake = rates.parameter("residual_DEPTOR_MTORC1") if holds(model, "DEPTOR") else None
        for name, frb in (("MTORC1_open", None), ("MTORC1_RAPA_open", ANY)):
            if frb is ANY and not holds(model, "RAPA"):
                continue
            bare: dict[str, Any] = {} if brake is None else {"deptor": None}
            working = observe(
                model, f"{name}_s721_u", complex1(frb, "u", **bare)
            ) + boost * observe(model, f"{name}_s721_p", complex1(frb, "p", **bare))
            if brake is not None:
                working += brake * observe(model, f"{name}_braked", complex1(frb, deptor=ANY))
            derived(f"{name}_nM", working, "nM")


def acting(model: Model, rates: Rates, substrate: str) -> Any:
    """Return the concentration of working mTORC1 as a substrate feels it that does not dock.

    mTORC1 with the drug on it counts by ``residual_RAPA_<substrate>``. Call it inside
    :func:`.drafting.drafting`.
    """
    open_groove = known(model, "MTORC1_open_nM")
    if holds(model, "RAPA"):
        open_groove = open_groove + rates.parameter(f"residual_RAPA_{substrate}") * known(
            model, "MTORC1_RAPA_open_nM"
        )
    return derived(f"MTORC1_on_{substrate}_nM", known(model, "MTORC1_drive") * open_groove, "nM")
