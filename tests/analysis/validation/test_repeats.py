"""What data sets say of each other, counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from mtorules.analysis.validation import question, repeats, scores
from mtorules.analysis.validation.predicting import Prediction
from mtorules.analysis.validation.targets import Target

Make = Callable[..., Target]


def framed(targets: Sequence[Target], predicted: Sequence[float]) -> pd.DataFrame:
    return scores.frame(
        [
            Prediction(each, value, "none", above=2.0**value, below=1.0)
            for each, value in zip(targets, predicted, strict=True)
        ]
    )


@pytest.fixture
def met(target: Make) -> list[Target]:
    """Two data sets that saw the same ligand, one of them twice; and some that saw others."""
    ligand = {"reference": "before", "stimulus": "EGF=1 nM"}
    return [
        target(dataset="a", log2=1.0, **ligand),
        target(dataset="b", log2=2.0, time_h=0.5, **ligand),
        target(dataset="b", log2=-4.0, time_h=3.0, **ligand | {"stimulus": "EGF=9 nM"}),
        target(dataset="b", log2=7.0, time_h=3.1, **ligand),  # too late for the first
        target(dataset="c", log2=7.0, **ligand | {"line": "other"}),
        target(dataset="c", log2=7.0, **ligand | {"readout": "B_level"}),
        target(dataset="c", log2=7.0, **ligand | {"stimulus": "EGF=1 nM + INS=1 nM"}),
        target(dataset="c", log2=7.0, stimulus="EGF=1 nM", drug="D=1 nM"),
    ]


def test_another_data_set_predicts_what_it_measured_of_the_same(met: list[Target]) -> None:
    found = repeats.elsewhere(framed(met, [0.0] * len(met)))
    np.testing.assert_array_equal(found, [-1.0, 1.0, 1.0, *[np.nan] * 5])


def test_a_drug_is_the_same_whatever_the_ligand_beside_it(target: Make) -> None:
    first = target(dataset="a", drug="D=1 nM", stimulus="EGF=1 nM", log2=-1.0)
    other = target(dataset="b", drug="D=50 nM", log2=-2.0)
    np.testing.assert_array_equal(repeats.elsewhere(framed([first, other], [0.0, 0.0])), [-2, -1])


def test_the_model_stands_beside_on_the_same_rows(met: list[Target]) -> None:
    predicted = [1.0, 2.0, 4.0, *[0.0] * 5]
    table = repeats.table(framed(met, predicted)).set_index("predicted by")
    assert table.index.to_list() == [scores.MODEL, repeats.OTHERS]
    assert table["changed"].to_list() == [3, 3]
    assert table["sign_changed"].to_list() == pytest.approx([2 / 3, 1 / 3])
    assert table["rmse"].to_list() == pytest.approx(
        [np.sqrt(8.0**2 / 3), np.sqrt((2.0**2 + 1.0**2 + 5.0**2) / 3)]
    )


def test_the_answer_says_so_only_where_data_sets_meet(met: list[Target]) -> None:
    def said(targets: Sequence[Target]) -> str:
        rows = [Prediction(each, each.log2, "none", above=2.0, below=1.0) for each in targets]
        return " ".join(question.answer(rows).said)

    assert (
        "Another data set measured 3 of the same in the same line. Of the 3 that changed it has "
        "33% of the signs right, and the model 100%"
    ) in said(met)
    assert "Another data set" not in said(met[4:])
