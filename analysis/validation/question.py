"""How near a model comes to what was measured, beside rules that need no model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ..asking.answer import Answer
from ..asking.grid import AnalysisError
from . import assays, drawings, potencies, repeats, rules, scores
from .predicting import Prediction

SPLITS: Final = ("readout", "drug_class", "line", "dataset")
"""By what scores are told apart."""
ASSAYED: Final = "the model, seen as in other data sets"
"""What a model predicts over the backgrounds of assays, which other data sets tell."""


def answer(predictions: Sequence[Prediction], settings: Mapping[str, Any] | None = None) -> Answer:
    """Return the scores of predictions, in all and by readout, drug class, line and data set.

    Parameters
    ----------
    predictions : sequence of Prediction
        Of a model; see :func:`.predicting.predict`.
    settings : mapping, optional
        What was asked, for the record.

    Raises
    ------
    AnalysisError
        If no target has a prediction.
    """
    rows = scores.frame(predictions)
    known = rows[rows["predicted"].notna()].reset_index(drop=True)
    if known.empty:
        raise AnalysisError(f"No target has a prediction; the first: {rows['problem'][0]}")
    beside = scores.beside(known, {ASSAYED: assays.elsewhere(known), **rules.all_rules(known)})
    halves, repeated = potencies.table(known), repeats.table(known)
    by = {column: scores.by(known, column) for column in SPLITS}
    return Answer(
        "validation",
        "How near the model comes to what was measured",
        list(_said(rows, known, beside, halves, repeated)),
        beside,
        rows.rename_axis("target").to_xarray(),
        lambda: drawings.draw(known, by["readout"]),
        settings or {},
        {
            **{f"validation_by_{column}": table for column, table in by.items()},
            "validation_missed": scores.missed(known),
            "validation_half_way_doses": halves,
            "validation_repeats": repeated,
            "validation_targets": rows,
        },
    )


def _said(
    rows: pd.DataFrame,
    known: pd.DataFrame,
    beside: pd.DataFrame,
    halves: pd.DataFrame,
    repeated: pd.DataFrame,
) -> Iterator[str]:
    lost = rows[rows["predicted"].isna()]
    if len(lost):
        yield (
            f"{len(lost):,} of {len(rows):,} targets have no prediction; the first: "
            f"{lost['problem'].iloc[0]}"
        )
    model = beside.iloc[0]
    yield (
        f"Of {known['dataset'].nunique()} data sets {model['n']:,} targets were predicted; "
        f"{model['sign']:.0%} of all signs are right."
    )
    if model["changed"]:
        yield (
            f"Of the {model['changed']:,} that changed (|log2| above {scores.BIG:g}), "
            f"{model['sign_changed']:.0%} have the right sign, {model['opposite']:.0%} the "
            f"opposite one, and {model['flat']:.0%} do not move in the model."
        )
    told = ", ".join(
        f"{rmse:.2f} by {name!r}"
        for name, rmse in zip(beside["predicted by"][1:], beside["rmse"][1:], strict=True)
    )
    yield f"The RMSE is {model['rmse']:.2f} in log2, beside {told}."
    if pd.notna(model["median_rank"]):
        yield f"Within readouts the rank correlation has a median of {model['median_rank']:.2f}."
    if len(halves):
        error = potencies.fold_error(halves)
        off = f"off {error:.1f} times in the median" if pd.notna(error) else "beyond the doses"
        yield (
            f"Of {len(halves)} series of doses, half-way doses are {off}; in "
            f"{int(halves['agree'].sum())} both lie among the doses, or beyond the same end."
        )
    if len(repeated):
        ours, others = (repeated.iloc[place] for place in (0, 1))
        yield (
            f"Another data set measured {ours['n']:,} of the same in the same line. Of the "
            f"{ours['changed']:,} that changed it has {others['sign_changed']:.0%} of the signs "
            f"right, and the model {ours['sign_changed']:.0%}; the RMSE is {others['rmse']:.2f}, "
            f"of the model {ours['rmse']:.2f}."
        )
