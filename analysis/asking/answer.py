"""What an analysis gives: sentences, a table to read, all numbers, and figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...network.files import replacing
from ...network.units.quantities import format_time
from ...simulation.results import course_files, figures

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

Drawn = Mapping[str, tuple["Figure", "pd.DataFrame"]]
"""Figures by name, each with the table of what it shows."""


@dataclass(frozen=True)
class Answer:
    """What an analysis gives.

    Parameters
    ----------
    name : str
        Of the analysis, as in ``mtorules analyse NAME``.
    title : str
        What was asked, for a headline.
    said : sequence of str
        What was found, in sentences that hold computed numbers.
    table : pandas.DataFrame
        What a reader looks at first, a row a line; units stand in columns of their own or in
        the heads.
    data : xarray.Dataset
        All numbers, with units.
    draw : callable
        Returns the figures; nothing is drawn before it is called.
    settings : mapping
        What was asked, as plain data: model, cells, doses, times, seeds.
    tables : mapping
        Further tables by name.
    """

    name: str
    title: str
    said: Sequence[str]
    table: pd.DataFrame
    data: xr.Dataset
    draw: Callable[[], Drawn]
    settings: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as data that JSON can hold, without the figures and the bulk of numbers."""
        return {
            "analysis": self.name,
            "title": self.title,
            "settings": dict(self.settings),
            "said": list(self.said),
            "table": _records(self.table),
            "tables": {name: _records(each) for name, each in self.tables.items()},
            "version": version("mtorules"),
        }

    def write(self, folder: Path) -> list[Path]:
        """Write figures (PNG, SVG), tables (CSV) and all numbers (netCDF) into a folder.

        Raises
        ------
        OSError
            If a file cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        paths: list[Path] = []
        for name, (figure, shown) in self.draw().items():
            paths += figures.save(figure, shown, folder / name)
        for name, table in {f"{self.name}_table": self.table, **self.tables}.items():
            paths.append(folder / f"{name}.csv")
            with replacing(paths[-1]) as scratch:
                table.to_csv(scratch, index=False, float_format="%.6g")
        paths.append(folder / f"{self.name}.nc")
        course_files.write(self.data, paths[-1])
        paths.append(folder / f"{self.name}.json")
        with replacing(paths[-1]) as scratch:
            text = json.dumps(self.plain(), indent=2, ensure_ascii=False, allow_nan=False)
            scratch.write_text(f"{text}\n", encoding="utf-8")
        return paths


def when(time: float) -> str:
    """Return a time in words; the infinite one is rest."""
    return format_time(time) if np.isfinite(time) else "rest"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as Python's own numbers and text; what is no finite number is None."""
    plain = table.replace([np.inf, -np.inf], np.nan).astype(object)
    return plain.where(plain.notna(), None).to_dict(orient="records")
