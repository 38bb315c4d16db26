"""Rows of a study on their way to targets: each has its place in a target, or a reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ..targets import COLUMNS, Dataset
from . import labels

PLACE: Final = COLUMNS[1:9]
"""What tells the targets of a data set apart."""
REFERENCE: Final = "used as a reference"
OFF: Final = "cut: other times or doses are kept"
NO_SIGNAL: Final = "no number, or no signal above background"
# Of how many repeats the spread that is usual in a data set counts as much.
_USUAL: Final = 2.0


class Draft:
    """The rows of one study.

    Parameters
    ----------
    rows : pandas.DataFrame
        As they came, all text; ``value`` is read as a number into ``number``.
    dataset : Dataset
        What is known of the study.
    **place
        Values of columns of targets that hold for all rows.
    """

    def __init__(self, rows: pd.DataFrame, dataset: Dataset, **place: Any) -> None:
        self.dataset = dataset
        self.rows = rows.assign(
            number=pd.to_numeric(rows["value"], errors="coerce"),
            hours=pd.to_numeric(rows["time_h"], errors="coerce"),
        )
        usual = {"medium": "full", "stimulus": "", "drug": "", "lead_h": 0.0}
        self.made = pd.DataFrame({**usual, **place}, index=rows.index)
        self.made["time_h"] = self.rows["hours"]
        self.why = pd.Series("", index=rows.index)
        self.log2 = pd.Series(np.nan, index=rows.index)
        self.sd = pd.Series(np.nan, index=rows.index)
        self.n = pd.Series(1, index=rows.index)

    def name(self, kind: str, column: str = "") -> None:
        """Put names in the place of labels of a kind, and note why some have none."""
        column = column or {"line": "cell_line"}.get(kind, kind)
        found = self.rows[column].map(lambda each: labels.meaning(kind, self.dataset.name, each))
        self.made[kind] = found.str[0]
        self.leave(found.str[1] != "", found.str[1])

    def leave(self, which: pd.Series, why: pd.Series | str) -> None:
        """Note why rows become no target, unless there is a reason already."""
        chosen = which & (self.why == "")
        self.why = self.why.where(~chosen, why)

    def keep(self, **chosen: Any) -> None:
        """Keep rows whose columns hold one of some values."""
        for column, values in chosen.items():
            of = self.rows if column in self.rows else self.made
            self.leave(~of[column].isin(values), OFF)

    def against(
        self, reference: pd.Series, *same: str, log2: bool = False, middle: str = "mean"
    ) -> None:
        """Take ratios to the middle of reference rows that agree in some columns.

        A reference of which half or more is no number, or without a signal, is none: the mean of
        those few that had one would be too high.

        Parameters
        ----------
        reference : pandas.Series of bool
            Which rows are the reference.
        *same : str
            Columns of the source in which rows agree with theirs.
        log2 : bool
            Whether values are log2 of something already.
        middle : str
            ``mean`` or ``median``, of logarithms.
        """
        values = self.rows["number"] if log2 else np.log2(self.rows["number"].where(self._above))
        groups = values[reference].groupby([self.rows.loc[reference, each] for each in same])
        base = groups.agg(middle).where(groups.count() > groups.size() / 2)
        found = self.rows[list(same)].join(base.rename("base"), on=list(same))["base"]
        self.log2 = values - found
        self.leave(reference, REFERENCE)

    @property
    def _above(self) -> pd.Series:
        return self.rows["number"] > 0

    def targets(self) -> tuple[pd.DataFrame, pd.Series]:
        """Return targets, repeats merged, and how many rows went where.

        The spread is the standard deviation of one measurement. Few repeats tell little of it, so
        the usual one of the data set counts as two more.
        """
        self.leave(~np.isfinite(self.log2), NO_SIGNAL)
        used = self.why == ""
        usual = self.dataset.spread
        rows: list[Mapping[str, Any]] = []
        for place, group in self.made[used].groupby(list(PLACE), sort=True):
            values = self.log2[group.index]
            count = len(values)
            if count == 1:
                count = int(self.n[group.index[0]])
                sd = float(self.sd[group.index[0]])
            else:
                sd = float(values.std(ddof=1))
            if count < 2 or not np.isfinite(sd):
                count_known, sd = 0.0, 0.0
            else:
                count_known = count - 1.0
            spread = np.sqrt((_USUAL * usual**2 + count_known * sd**2) / (_USUAL + count_known))
            rows.append(
                {
                    "dataset": self.dataset.name,
                    **dict(zip(PLACE, place, strict=True)),
                    "log2": float(values.mean()),
                    "spread": float(spread),
                    "n": count,
                    "citation": self.dataset.citation,
                }
            )
        counts = self.why.where(~used, "used").value_counts()
        return pd.DataFrame(rows, columns=list(COLUMNS)), counts
