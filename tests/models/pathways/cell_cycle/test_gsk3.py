"""GSK3 and its three kinases, with the numbers of the tables alone."""

from typing import Any

import pytest
from mtorules.models.perturbations import conditions

STARVED = conditions.values("GF0")


def test_s9_rests_where_its_kinases_and_phosphatase_balance(tables: Any) -> None:
    fed = tables.rest()
    gain = tables["k_GSK3B_s9_phosphorylation"]
    for kinase, level in (
        ("AKT", "AKT_on_GSK3B_nM"),
        ("S6K", "S6K_active_nM"),
        ("RSK", "RSK_active_nM"),
    ):
        gain += tables[f"keff_{kinase}_phosphorylates_GSK3B_s9"] * fed[level]
    share = gain / (gain + tables["k_GSK3B_s9_dephosphorylation"])
    assert fed["pGSK3B_s9_nM"] / fed["GSK3B_total"] == pytest.approx(share, rel=1e-4)


def test_s6k_holds_gsk3_where_tsc_is_lost(tables: Any) -> None:
    """Zhang 2006: phosphorylated without growth factors, and no longer under rapamycin."""
    cell = conditions.values("TSC2_null") | STARVED
    lost = tables.rest(**cell)["pGSK3B_s9_nM"]
    assert lost > 1.3 * tables.rest(**STARVED)["pGSK3B_s9_nM"]
    s9 = tables.after([3], {"RAPA_0": 20.0}, **cell)["pGSK3B_s9_nM"]
    assert s9[-1] < 0.8 * s9[0]
    cut = tables.rest(**cell, keff_S6K_phosphorylates_GSK3B_s9=0.0)["pGSK3B_s9_nM"]
    assert cut < 0.8 * lost


def test_s6k_disarms_bad_where_tsc_is_lost(tables: Any) -> None:
    """Harada 2001."""
    cell = conditions.values("TSC2_null") | STARVED
    s99 = tables.after([3], {"RAPA_0": 20.0}, **cell)["pBAD_s99_nM"]
    assert s99[-1] < 0.8 * s99[0]
    assert s99[0] > tables.rest(**cell, keff_S6K_phosphorylates_BAD_s99=0.0)["pBAD_s99_nM"]


def test_insulin_reaches_gsk3_within_minutes(tables: Any) -> None:
    course = tables.after([5 / 60, 30 / 60], conditions.values("INS_STIM"), **STARVED)
    start, early, late = course["pGSK3B_s9_nM"]
    assert early - start > 0.5 * (late - start)
