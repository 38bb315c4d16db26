from typing import Any

import pytest


def test_mnk_reaches_only_the_eif4e_that_eif4g_holds(tables: Any) -> None:
    assert tables.rest(EIF4G1_0=0.0)["pEIF4E_s209"] == pytest.approx(0, abs=1e-6)


def test_s209_follows_erk(tables: Any) -> None:
    course = tables.after(1, {"MEKI_0": 60.0})
    assert course["pEIF4E_s209"][-1] < 0.3 * course["pEIF4E_s209"][0]


def test_mcl1_needs_s209_in_part(tables: Any) -> None:
    """Without S209 cells hold less MCL1 (Wendel 2007); without its arm S209 does not matter."""
    bare = {"keff_ERK_MNK_phosphorylates_EIF4E_s209": 0.0}
    assert tables.rest(**bare)["MCL1_nM"] < 0.9 * tables.rest()["MCL1_nM"]
    cut = {"gain_MCL1_EIF4E_s209": 0.0}
    plain = tables.rest(**cut)["MCL1_nM"]
    assert tables.rest(**bare, **cut)["MCL1_nM"] == pytest.approx(plain, rel=1e-3)
