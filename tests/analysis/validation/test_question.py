"""The answer of a validation: sentences, tables and figures of predictions that are known."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.validation import question
from mtorules.analysis.validation.predicting import Prediction
from mtorules.analysis.validation.targets import Target


@pytest.fixture
def made(target: Callable[..., Target]) -> list[Prediction]:
    random = np.random.default_rng(0)
    found = []
    for place, readout in enumerate(("pERK", "pMEK") * 20):
        log2 = float(random.normal())
        asked = target(
            readout=readout,
            log2=log2,
            dataset=f"set{place % 3}",
            drug=f"trametinib={place + 1} nM" if place % 2 else "",
            stimulus="" if place % 2 else f"EGF={place + 1} nM + INS=1 nM",
            reference="vehicle" if place % 2 else "before",
        )
        kind = "MEK inhibitor" if place % 2 else "none"
        found.append(Prediction(asked, log2, kind, above=2.0**log2, below=1.0))
    return found


def test_a_model_that_is_right_is_said_to_be(made: list[Prediction], tmp_path: Path) -> None:
    answer = question.answer(made, {"model": "m"})
    model = answer.table.iloc[0]
    assert (model["sign"], model["rmse"], model["median_rank"]) == (1, 0, 1)
    assert "Of 3 data sets 40 targets were predicted; 100% of all signs are right." in answer.said
    written = answer.write(tmp_path)
    assert {"validation.svg", "validation_residuals.svg"} <= {path.name for path in written}
    shown = pd.read_csv(tmp_path / "validation_residuals.csv", index_col=0)
    assert np.nanmax(np.abs(shown.to_numpy())) == 0
    assert set(shown.columns) >= {"set1: MEK", "set0: EGF + INS"}
    told = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert len(told["tables"]["validation_targets"]) == 40


def test_what_has_no_prediction_is_counted_and_the_first_reason_told(
    made: list[Prediction], target: Callable[..., Target]
) -> None:
    lost = Prediction(target(drug="B=1 nM"), float("nan"), "B", "It took longer than 1 s.")
    answer = question.answer([*made, lost])
    assert answer.said[0] == (
        "1 of 41 targets have no prediction; the first: It took longer than 1 s."
    )
    assert answer.table["n"][0] == 40
    with pytest.raises(AnalysisError, match="No target has a prediction"):
        question.answer([lost])
