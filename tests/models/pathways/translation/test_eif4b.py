from typing import Any

import pytest


def test_s422_rests_where_s6k_rsk_and_phosphatases_balance(tables: Any) -> None:
    fed = tables.rest()
    gain = sum(
        tables[f"keff_{kinase}_phosphorylates_EIF4B_s422"] * fed[f"{kinase}_active_nM"]
        for kinase in ("S6K", "RSK")
    )
    loss = tables["k_EIF4B_s422_dephosphorylation"]
    assert fed["pEIF4B_s422"] / fed["EIF4B_total"] == pytest.approx(gain / (gain + loss), rel=1e-3)


def test_rapamycin_lowers_help_more_than_the_cap(tables: Any) -> None:
    course = tables.after(24, {"RAPA_0": 20.0})
    helped, cap = (
        course[name][-1] / course[name][0] for name in ("EIF4E_EIF4G1_helped_nM", "EIF4E_EIF4G1_nM")
    )
    assert helped < 0.8 * cap


def test_rsk_marks_it_under_rapamycin(tables: Any) -> None:
    """Shahbazian 2006: ERK signalling marks S422 where mTORC1 is off."""
    rapamycin = tables.after(6, {"RAPA_0": 20.0})["pEIF4B_s422"][-1]
    both = tables.after(6, {"RAPA_0": 20.0, "MEKI_0": 60.0})["pEIF4B_s422"][-1]
    assert both < 0.5 * rapamycin
