"""Comparison of drugs: multiples, words and order, on data made by hand."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis import drugs
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.asking.treatments import TREATMENT, Agent
from mtorules.models.perturbations import compounds
from mtorules.simulation.load import load

GIVEN = [
    Agent("everolimus", "compound", "RAPA_medium", (20.0,)),
    Agent("AZD8055", "compound", "TORKI_medium", (500.0,)),
]


def data() -> xr.Dataset:
    """Untreated, everolimus, AZD8055; in one cell, at one time."""
    coords = {"cell": ["reference"], "time": ("time", [86400.0], {"units": "s"})}
    dims = ("cell", TREATMENT, "time")
    values = {"EBP1_pT37": [2.0, 1.9, 0.1], "AKT_pS473": [1.0, 1.5, 0.2], "none": [1e-31, 1.0, 0.0]}
    return xr.Dataset(
        {
            **{n: (dims, np.reshape(v, (1, 3, 1)), {"units": "nM"}) for n, v in values.items()},
            "message": (dims[:-1], np.full((1, 3), "")),
        },
        coords,
    )


def test_readouts_are_multiples_of_the_untreated() -> None:
    answer = drugs.answer(data(), GIVEN)
    table = answer.table.set_index("compound")
    assert table["EBP1_pT37"].tolist() == pytest.approx([0.95, 0.05])
    assert table["AKT_pS473"].tolist() == pytest.approx([1.5, 0.2])
    assert table["none"].isna().all()
    assert any("rapalog" in said and "raised AKT_pS473" in said for said in answer.said)
    assert any("blocked EBP1_pT37, AKT_pS473" in said for said in answer.said)
    assert set(answer.draw()) == {"drugs", "drugs_coverage"}


@pytest.mark.parametrize(
    ("multiple", "word"),
    [(0.0, "blocked"), (0.5, "lowered"), (1.0, "spared"), (2.0, "raised"), (np.nan, "-")],
)
def test_a_multiple_has_a_word(multiple: float, word: str) -> None:
    assert drugs.word(multiple) == word


def test_classes_of_the_reviews_come_first_and_each_other_has_a_partner() -> None:
    given = drugs.agents(load("signalling").model)
    kinds = list(dict.fromkeys(drugs.class_of(each.name) for each in given))
    assert kinds[: len(drugs.MAIN)] == list(drugs.MAIN)
    species = [
        compounds.find(each.name).species
        for each in given
        if drugs.class_of(each.name) not in drugs.MAIN
    ]
    assert len(species) == len(set(species))
    for each in given:
        assert each.levels == (compounds.find(each.name).usual_dose,)


@pytest.mark.parametrize(
    ("name", "named", "said"),
    [
        ("mapk_tsc", ("everolimus",), "no target of everolimus"),
        ("complexes", ("everolimus=1, 2 nM",), "at one dose"),
        ("complexes", ("everolimus", "everolimus"), "twice"),
        ("complexes", ("everolimus", "all"), "twice"),
    ],
)
def test_what_cannot_be_compared_is_said(name: str, named: tuple[str, ...], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        drugs.agents(load(name).model, named)
