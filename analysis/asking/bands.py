"""The same question asked of many parameter sets, as one answer whose numbers have bands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, Final

import numpy as np
import pandas as pd

from .answer import Answer
from .ensembles import BAND

_ENDS: Final = ((1 - BAND) / 2, 0.5, (1 + BAND) / 2)
SETS: Final = "sets"
"""The column that says in how many sets there is such a row."""
# What tells sets apart while their rows are together; 0 is the one set that stands for all.
_SET: Final = "parameter set"
_TIMES: Final = "how often before"
# A number as tables for readers write it, with a unit and a mark or without; beyond the doses.
_NUMBER: Final = re.compile(
    r"\s*([<>]?)\s*([-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?)(?:\s+([^\s*].*?))?\s*\*?\s*$",
    re.IGNORECASE,
)


class NoAnswerError(ValueError):
    """None of the parameter sets gave an answer; the message says why."""


def banded(
    own: Answer, found: Sequence[Answer], failed: Sequence[str], settings: Mapping[str, Any]
) -> Answer:
    """Return an answer whose table holds medians and bands over parameter sets.

    Rows belong together that have the same of those words that every set has, and where those do
    not tell them apart, the same other words, and the same of those numbers that every set has,
    such as doses. Words that differ from set to set are told as most sets say them.

    Parameters
    ----------
    own : Answer
        Of the one parameter set: its sentences, figures and numbers stay.
    found : sequence of Answer
        Of each of the others.
    failed : sequence of str
        Why others gave none.
    settings : mapping
        What was asked.

    Raises
    ------
    NoAnswerError
        If no set gave an answer.
    """
    if not found:
        raise NoAnswerError(f"None of {len(failed)} parameter sets gave an answer. {failed[0]}")
    parts = [each.table.assign(**{_SET: n}) for n, each in enumerate([own, *found])]
    rows = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    names = [str(name) for name in rows.columns if name != _SET]
    others = rows[rows[_SET] > 0]
    columns = {name: name if _shared(others, name) else _with_unit(rows[name]) for name in names}
    for name in names:
        rows[name] = _numbers_in(rows[name], unit=columns[name] != name)
    rows, columns = rows.rename(columns=columns), list(columns.values())
    numbers = [name for name in columns if any(_is_number(value) for value in rows[name])]
    keys = _keys(rows, [name for name in columns if name not in numbers], numbers)
    others = rows[rows[_SET] > 0]
    numbers = [name for name in numbers if name not in keys and _differs(others, keys, name)]
    table = _bands(rows, keys, columns, numbers, len(found))
    return replace(
        own,
        said=[*_said(rows, numbers, found, failed), *own.said],
        table=table,
        settings=settings,
        tables={**own.tables, f"{own.name}_sets": rows[rows[_SET] > 0]},
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_) and value == value


def _units_in(column: pd.Series[Any]) -> set[str | None]:
    """Return the units of numbers that a column of text holds; nothing where it holds others."""
    words = [value for value in column if isinstance(value, str) and value.strip("- ")]
    found = [_NUMBER.match(word) for word in words]
    return {each[3] if each else None for each in found} if words and all(found) else set()


def _with_unit(column: pd.Series[Any]) -> str:
    """Return what a column is called once its numbers stand without the unit that all have."""
    units = _units_in(column)
    unit = units.pop() if len(units) == 1 else None
    return f"{column.name} ({unit})" if unit else str(column.name)


def _numbers_in(column: pd.Series[Any], *, unit: bool) -> pd.Series[Any]:
    """Return a column of text that holds numbers and marks as numbers, any other as it is.

    What lies beyond the doses is infinite, or zero.
    """
    if not (unit or _units_in(column) == {None}):
        return column

    def number(value: Any) -> Any:
        found = _NUMBER.match(value) if isinstance(value, str) else None
        if found is None:
            return np.nan if isinstance(value, str) else value
        return {">": np.inf, "<": 0.0}.get(found[1], float(found[2]))

    return column.map(number)


def _keys(rows: pd.DataFrame, words: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """Return the columns by which rows of different sets belong together.

    Words that are the same in all sets name what was asked. Others, and numbers that are, are only
    taken where those leave rows alike.
    """
    others = rows[rows[_SET] > 0]
    keys = [name for name in words if _shared(others, name)]
    more = [name for name in words if name not in keys]
    for name in (*more, *(each for each in numbers if _shared(others, each))):
        if not others.duplicated([_SET, *keys]).any():
            break
        keys.append(name)
    return keys


def _shared(rows: pd.DataFrame, name: str) -> bool:
    """Return whether every set has the same values in a column."""
    values = rows.groupby(_SET)[name].agg(lambda column: frozenset(column.dropna()))
    return values.nunique() <= 1


def _differs(rows: pd.DataFrame, keys: Sequence[str], name: str) -> bool:
    """Return whether a number is another one in some set; what all agree on needs no band."""
    before = rows.groupby([_SET, *keys], dropna=False).cumcount()
    groups = rows.assign(**{_TIMES: before}).groupby([*keys, _TIMES], dropna=False)
    return bool((groups[name].nunique(dropna=False) > 1).any())


def _bands(
    rows: pd.DataFrame,
    keys: Sequence[str],
    columns: Sequence[str],
    numbers: Sequence[str],
    count: int,
) -> pd.DataFrame:
    """Return a row for all sets together, in the order of the one set's."""
    # What nothing tells apart belongs together in its order.
    before = rows.groupby([_SET, *keys], dropna=False).cumcount()
    groups = rows.assign(**{_TIMES: before}).groupby(
        [*keys, _TIMES], dropna=False, sort=False, as_index=False
    )
    found: list[dict[str, Any]] = []
    for _, group in groups:
        others = group[group[_SET] > 0]
        if not len(others):  # a row that the one set alone has
            continue
        row: dict[str, Any] = {}
        for name in columns:
            if name not in numbers:
                row[name] = _commonest(others[name])
                continue
            low, middle, high = _quantiles(pd.to_numeric(others[name], errors="coerce").to_numpy())
            row |= {name: middle, f"{name}, low": low, f"{name}, high": high}
        found.append(row | {SETS: len(others)})
    table = pd.DataFrame(found)
    return table.drop(columns=SETS) if len(table) and (table[SETS] == count).all() else table


def _commonest(values: pd.Series[Any]) -> Any:
    """Return what all sets say in a row, or what most of them do, and how many."""
    counts = values.value_counts(dropna=False)
    if len(counts) == 1:
        return values.iloc[0]
    if counts.iloc[0] > len(values) / 2:
        return f"{counts.index[0]} ({counts.iloc[0]} of {len(values)})"
    return "varies"


def _quantiles(values: np.ndarray[Any, np.dtype[np.float64]]) -> Sequence[float]:
    """Return lower end, median and upper end; what is no number is left out."""
    values = values[~np.isnan(values)]
    if not len(values):
        return (np.nan,) * 3
    # Between infinite numbers nothing lies half way.
    method = "linear" if np.isfinite(values).all() else "inverted_cdf"
    return np.quantile(values, _ENDS, method=method).tolist()


def _said(
    rows: pd.DataFrame, numbers: Sequence[str], found: Sequence[Answer], failed: Sequence[str]
) -> Iterator[str]:
    yield (
        f"Of {len(found)} parameter sets the median is given, and between low and high lie "
        f"{BAND:.0%} of them. Figures and what follows are of the parameter set without them."
    )
    if failed:
        yield f"{len(failed)} sets gave no answer; the first, {failed[0]}"
    others = rows[rows[_SET] > 0]
    for name in numbers:
        missing = pd.to_numeric(others[name], errors="coerce").isna()
        sets = others[_SET][missing].nunique()
        if sets:
            yield f"{name!r} has no number in some row of {sets} sets, and its band is of the rest."
