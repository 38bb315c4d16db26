"""``python -m mtorules.analysis.validation.deriving FOLDER``: draw the tables of targets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ....network.files import replacing
from .. import targets
from ..tables import TargetError
from .studies import LEFT, STUDIES

ROWS: Final = "calibration.csv.gz"
# What was published as folds alone; beside the rows, or where the project's shared folder has it.
FOLDS: Final = ("hallmarks.csv", "../biology/hallmarks.csv")


def derive(source: Path, output: Path, *, everything: bool = False) -> pd.DataFrame:
    """Write a table of targets for each data set, and ``coverage.csv``: what became of all rows.

    Parameters
    ----------
    source : Path
        A folder with ``calibration.csv.gz`` and ``hallmarks.csv``.
    output : Path
        The folder of the tables.
    everything : bool
        Whether data sets that do not ship are written too.

    Returns
    -------
    pandas.DataFrame
        How many rows of which data set became what: ``dataset``, ``rows``, ``became``.

    Raises
    ------
    TargetError
        If there are no such files, or they have a label that nothing is known of.
    """
    rows = _read(source, ROWS)
    folds = _read(source, *FOLDS).assign(note="")
    known = targets.datasets()
    coverage: list[tuple[str, int, str]] = []
    output.mkdir(parents=True, exist_ok=True)
    for name, study in STUDIES.items():
        chosen = pd.concat(
            [each[each["dataset"].str.startswith(name)] for each in (rows, _of_folds(folds))],
            ignore_index=True,
        )
        made, counts = study(chosen, known[name]).targets()
        coverage += [(name, int(count), str(why)) for why, count in counts.items()]
        if known[name].ships or everything:
            with replacing(output / f"{name}.csv") as scratch:
                made.to_csv(scratch, index=False, float_format="%.4g", lineterminator="\n")
    for name, why in LEFT.items():
        coverage.append((name, int(rows["dataset"].str.startswith(name).sum()), why))
    table = pd.DataFrame(coverage, columns=["dataset", "rows", "became"])
    with replacing(output / "coverage.csv") as scratch:
        table.to_csv(scratch, index=False, lineterminator="\n")
    return table


def _of_folds(folds: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose study is in no other table."""
    return folds[folds["dataset"].str.startswith("mesistrat")]


def _read(source: Path, *names: str) -> pd.DataFrame:
    for name in names:
        if (source / name).exists():
            return pd.read_csv(source / name, dtype=str, keep_default_na=False)
    raise TargetError(f"There is no {names[0]} in '{source}'; the tables stay as they are.")


def main(words: Sequence[str]) -> int:
    """Draw the tables; 0 done, 2 if the measurements are not there."""
    parser = argparse.ArgumentParser(
        "mtorules.analysis.validation.deriving",
        description="Draw the tables of targets from public measurements.",
    )
    parser.add_argument("source", type=Path, help=f"folder with {ROWS} and {FOLDS[0]}")
    parser.add_argument("--output", type=Path, default=targets.FOLDER, help="folder of the tables")
    parser.add_argument(
        "--all", dest="everything", action="store_true", help="write what does not ship as well"
    )
    asked = parser.parse_args(words)
    try:
        table = derive(asked.source, asked.output, everything=asked.everything)
    except TargetError as error:
        print(error, file=sys.stderr)
        return 2
    print(table[table["became"] == "used"].to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
