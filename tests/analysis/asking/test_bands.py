"""Answers of many parameter sets as one: rows that belong together, and quantiles of NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from mtorules.analysis.asking import bands
from mtorules.analysis.asking.answer import Answer
from mtorules.analysis.asking.bands import NoAnswerError


def answer(rows: Sequence[Mapping[str, Any]]) -> Answer:
    return Answer("some", "Some", ["said"], pd.DataFrame(rows), xr.Dataset(), dict)


def banded(tables: Sequence[Sequence[Mapping[str, Any]]], failed: Sequence[str] = ()) -> Answer:
    own, *others = map(answer, tables)
    return bands.banded(own, others, failed, {"model": "m"})


def test_numbers_have_bands_and_words_tell_rows_apart_in_whatever_order() -> None:
    random = np.random.default_rng(0)
    numbers = random.lognormal(size=(41, 2))
    tables = []
    for first, second in numbers:
        rows = [
            {"gene": "PTEN", "effect": first, "time (h)": 24.0, "unit": "nM"},
            {"gene": "TSC2", "effect": second, "time (h)": 24.0, "unit": "nM"},
        ]
        tables.append(sorted(rows, key=lambda row: row["effect"]))  # a ranking
    found = banded([tables[0], *tables])
    assert list(found.table.columns) == [
        *("gene", "effect", "effect, low", "effect, high", "time (h)", "unit")
    ]
    table = found.table.set_index("gene")
    for column, name in enumerate(("PTEN", "TSC2")):
        exact = np.quantile(numbers[:, column], [0.05, 0.5, 0.95])
        assert list(table.loc[name, ["effect, low", "effect", "effect, high"]]) == pytest.approx(
            exact
        )
    assert "Of 41 parameter sets" in found.said[0]
    assert found.said[-1] == "said"
    assert len(found.tables["some_sets"]) == 82


def test_doses_tell_rows_apart_where_words_do_not() -> None:
    tables = [
        [{"drug": "x", "dose": dose, "level": factor * dose} for dose in (1.0, 10.0)]
        for factor in (1.0, 2.0, 4.0)
    ]
    table = banded([tables[0], *tables]).table
    assert table["dose"].tolist() == [1, 10]
    assert table["level"].tolist() == [2, 20]
    assert "dose, low" not in table


def test_rows_that_only_some_sets_have_are_counted() -> None:
    stable, other = {"kind": "stable", "at": 1.0}, {"kind": "fold", "at": 2.0}
    table = banded([[stable], [stable], [stable, other], [{**stable, "at": 3.0}]]).table
    assert table.set_index("kind")["sets"].to_dict() == {"stable": 3, "fold": 1}
    assert table.set_index("kind")["at"].to_dict() == {"stable": 1, "fold": 2}


def test_words_that_differ_are_told_as_most_sets_say_them() -> None:
    """As of a table whose numbers are written for readers, with an interval beside."""
    rows = [
        {"drug": "x", "shape": "rising", "ec50": "15.2", "95 %": "12..19", "unit": "nM"},
        {"drug": "x", "shape": "rising", "ec50": "80 *", "95 %": "79..81", "unit": "nM"},
        {"drug": "x", "shape": "flat", "ec50": "-", "95 %": "-", "unit": "nM"},
    ]
    found = banded([[rows[2]], *([row] for row in rows)])
    (row,) = found.table.to_dict(orient="records")
    assert row["shape"] == "rising (2 of 3)"
    assert row["95 %"] == "varies"
    assert row["unit"] == "nM"
    exact = np.quantile([15.2, 80], [0.05, 0.5, 0.95])
    assert [row["ec50, low"], row["ec50"], row["ec50, high"]] == pytest.approx(exact)
    assert "'ec50' has no number in some row of 1 sets" in found.said[1]


def test_numbers_with_a_unit_have_bands_and_what_lies_beyond_is_infinite() -> None:
    words = ["20 nM", "26.4 nM *", "36 nM", "> 100 nM", "< 0.1 nM"]
    rows = [{"drug": "x", "time": "24 h", "ec50": word} for word in words]
    table = banded([[rows[0]], *([row] for row in rows)]).table
    (row,) = table.to_dict(orient="records")
    assert row["time"] == "24 h"
    assert [row[f"ec50 (nM){end}"] for end in ("", ", low", ", high")] == [26.4, 0, np.inf]
    finite = banded([[rows[0]], *([row] for row in rows[:3])]).table
    assert finite["ec50 (nM), low"].tolist() == [pytest.approx(20.64)]


def test_numbers_of_several_units_stay_words() -> None:
    rows = [{"drug": "x", "ec50": word} for word in ("20 nM", "2 uM")]
    assert banded([[rows[0]], *([row] for row in rows)]).table["ec50"].tolist() == ["varies"]


def test_what_has_no_number_is_told_and_left_out() -> None:
    levels = [1.0, None, 3.0, np.inf, "-"]
    tables = [[{"drug": "x", "ic50": level}] for level in levels]
    found = banded([tables[0], *tables])
    assert found.table["ic50, low"].tolist() == [1.0]
    assert found.table["ic50"].tolist() == [3.0]
    assert found.table["ic50, high"].tolist() == [np.inf]
    assert "'ic50' has no number in some row of 2 sets" in found.said[1]
    found.plain()


def test_sets_without_an_answer_are_counted_and_none_at_all_is_refused() -> None:
    rows = [{"name": "x", "level": 1.0}]
    found = banded([rows, rows], ["set 2: no rest"])
    assert found.said[1] == "1 sets gave no answer; the first, set 2: no rest"
    with pytest.raises(NoAnswerError, match=r"None of 1 .* gave an answer\. set 1: why"):
        banded([rows], ["set 1: why"])
