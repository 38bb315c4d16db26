"""FOXO has receptors made, with the numbers of the tables alone."""

from typing import Any

import pytest
from mtorules.models.perturbations import conditions

CUT = conditions.values("FOXO_blind_receptors")


@pytest.mark.parametrize(("name", "least"), [("ERBB3", 1.7), ("IGF1R", 1.15), ("INSR", 1.15)])
def test_akt_inhibition_raises_receptors_over_a_day(name: str, least: float, tables: Any) -> None:
    """Chandarlapaty 2011; not where FOXO does not reach their genes."""
    total = tables.after([24], {"AKTIA_0": 1000.0})[f"{name}_total"]
    assert total[-1] > least * total[0]
    cut = tables.after([24], {"AKTIA_0": 1000.0}, **CUT)[f"{name}_total"]
    assert cut[-1] < 1.05 * cut[0]


def test_t308_comes_back_under_mtor_kinase_inhibitors(tables: Any) -> None:
    """Rodrik-Outmezguine 2011: down within minutes, above rest after a day; S473 stays away."""
    course = tables.after([10 / 60, 24], {"TORKI_0": 250.0})
    t308 = course["pAKT_t308_nM"] / course["pAKT_t308_nM"][0]
    assert t308[1] < 0.9
    assert t308[2] > 1.1
    assert course["pAKT_s473_nM"][2] < 0.25 * course["pAKT_s473_nM"][0]
    receptors = {"HER2I_0": 3000.0, "IGF1RI_0": 3000.0}
    blocked = tables.after([24], {"TORKI_0": 250.0, **receptors})["pAKT_t308_nM"]
    assert blocked[-1] < 0.5 * blocked[0]
