from typing import Any

import pytest


def test_tfeb_enters_the_nucleus_under_torin_and_hardly_under_rapamycin(tables: Any) -> None:
    """Settembre 2012; Roczniak-Ferguson 2012."""
    torin, rapamycin = (
        tables.after(2, dose)["TFEB_nuclear"] for dose in ({"TORKI_0": 250.0}, {"RAPA_0": 20.0})
    )
    assert torin[-1] > 2.5 * torin[0]
    assert rapamycin[-1] < 2 * rapamycin[0]


def test_lysosomes_rest_where_making_and_loss_balance(tables: Any) -> None:
    fed = tables.rest()
    nuclear = fed["TFEB_nuclear_nM"]
    made = tables["basal_LYSOSOME"] + nuclear / (nuclear + tables["K_LYSOSOME_TFEB"])
    ratio = tables["k_LYSOSOME_synthesis"] / tables["k_LYSOSOME_decay"]
    assert fed["LYSOSOME_total"] == pytest.approx(tables["LYSOSOME_0"] * ratio * made, rel=1e-3)


def test_mtorc1_comes_back_hours_into_starvation_and_autophagy_feeds_it(tables: Any) -> None:
    """Yu 2010: not without autophagy."""
    hours = [1, 48]
    course = tables.after(hours, {"amino_acids": 0.0})["pS6K_t389"]
    assert course[1] < 0.25 * course[0]
    assert course[1] < course[2] < 0.5 * course[0]
    cut = tables.after(hours, {"amino_acids": 0.0}, ULK1_0=0.0)["pS6K_t389"]
    assert course[2] / course[1] > 1.15 * cut[2] / cut[1]
