from typing import Any

import pytest
from mtorules.models.perturbations import conditions


def left(tables: Any, dose: float, name: str, **values: float) -> float:
    course = tables.after(1, {"RAPA_0": dose}, **values)[name]
    return float(course[-1] / course[0])


def test_micromolar_rapamycin_takes_4ebp1_and_mtorc2(tables: Any) -> None:
    """Shor 2008: both fall at micromolar doses, not at the usual ones."""
    assert left(tables, 2e4, "pEIF4EBP1_s65") < 0.5 * left(tables, 20, "pEIF4EBP1_s65")
    assert left(tables, 2e4, "pAKT_s473") < 0.8
    assert left(tables, 20, "pAKT_s473") > 1
    cut = {"Ki_RAPA_MTORC1": 1e12, "Ki_RAPA_MTORC2": 1e12}
    assert left(tables, 2e4, "pAKT_s473", **cut) > 1


def test_the_free_drug_counts(tables: Any) -> None:
    course = tables.after(1, {"RAPA_0": 1e4})
    free = course["RAPA_cell_free"][-1]
    expected = 1 / (1 + free / tables["Ki_RAPA_MTORC2"])
    assert course["uninhibited_MTORC2_rapalog"][-1] == pytest.approx(expected, rel=1e-6)


def test_a_bisteric_compound_acts_where_rapamycin_and_azd8055_do_not(tables: Any) -> None:
    """Rodrik-Outmezguine 2016: on wild type, F2108L and M2327I alike, and on 4EBP1 too."""
    rapalink = conditions.values("RapaLink1")
    for allele in ("MTOR_F2108L", "MTOR_M2327I"):
        cell = conditions.values(allele)
        course = tables.after(24, {"RAPA_0": 10.0}, **cell, **rapalink)
        assert course["pS6K_t389"][-1] < 0.35 * course["pS6K_t389"][0]
        assert course["pEIF4EBP1_s65"][-1] < 0.5 * course["pEIF4EBP1_s65"][0]
    assert left(tables, 20, "pS6K_t389", **conditions.values("MTOR_F2108L")) > 0.9
    azd = conditions.values("AZD8055")
    plain, faster = (
        tables.after(1, {"TORKI_0": 100.0}, **azd, **cell)["pS6K_t389"][-1]
        for cell in ({}, conditions.values("MTOR_M2327I"))
    )
    assert faster > 2 * plain


def test_the_active_allele_goes_on_without_amino_acids(tables: Any) -> None:
    """Urano 2007: E2419K."""
    hungry = {"amino_acids": 0.0}
    active = conditions.values("MTOR_E2419K")
    assert tables.rest(**hungry, **active)["pS6K_t389"] > tables.rest()["pS6K_t389"]
