"""What may be fitted: what was not measured, and what nobody argues about."""

from __future__ import annotations

from mtorules.analysis.calibration import priors
from mtorules.models.perturbations import conditions
from mtorules.simulation.load import load


def test_neither_side_of_a_dispute_is_fitted_nor_what_was_measured() -> None:
    """Yang 2015 has SIN1 T86 raise mTORC2, Liu 2013 lower it: there is a switch to either side."""
    sides = [conditions.values(f"SIN1_T86_{side}_mTORC2") for side in ("raises", "lowers")]
    names = {prior.name for prior in priors.free(load("signalling").model)}
    table = conditions.tables()
    assert sides[1]["activity_MAPKAP1_t86"] < table["activity_MAPKAP1_t86"].value
    assert sides[0]["activity_MAPKAP1_t86"] > table["activity_MAPKAP1_t86"].value
    assert not names & {"activity_MAPKAP1_t86", "gain_SREBF1_S6K"}
    measured = {name for name in names if table[name].evidence == "measured"}
    assert all(name.endswith("_0") for name in measured)  # counted, within a factor of two
    assert "keff_MTORC2_phosphorylates_AKT_s473" in names
