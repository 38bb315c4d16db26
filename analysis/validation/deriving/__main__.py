"""``python -m mtorules.analysis.validation.deriving FOLDER``: draw the tables of targets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ....network.files import replacing
from .. import targets
from .studies import LEFT, STUDIES

_ROWS = "calibration.csv.gz"
_FOLDS = "hallmarks.csv"


def derive(source: Path, output: Path, *, everything: bool = False) -> pd.DataFrame:
    """Write a table of targets for each data set, and one of what became of all rows.

    Parameters
    ----------
    source : Path
        A folder with ``calibration.csv.gz``; ``hallmarks.csv`` is there or in ``../biology``.
    output : Path
        The folder of the tables.
    everything : bool
        Whether data sets that do not ship are written too.

    Returns
    -------
    pandas.DataFrame
        How many rows of which data set went where: ``dataset``, ``rows``, ``became``.
    """
    rows = pd.read_csv(source / _ROWS, dtype=str, keep_default_na=False)
    rows = rows.assign(dataset=rows["dataset"].str.replace("hpn_dream_.*", "hpn_dream", regex=True))
    folds = next(
        path for path in (source / _FOLDS, source / f"../biology/{_FOLDS}") if path.exists()
    )
    more = pd.read_csv(folds, dtype=str, keep_default_na=False)
    more = more[more["dataset"].str.startswith("mesistrat")].assign(note="", dataset="mesistrat")
    known = targets.datasets()
    coverage = []
    output.mkdir(parents=True, exist_ok=True)
    for name, study in STUDIES.items():
        chosen = more if name == "mesistrat" else rows[rows["dataset"].str.startswith(name)]
        made, counts = study(chosen, known[name]).targets()
        coverage += [(name, count, why) for why, count in counts.items()]
        coverage.append((name, len(made), "TARGETS"))
        if known[name].ships or everything:
            with replacing(output / f"{name}.csv") as scratch:
                made.to_csv(scratch, index=False, float_format="%.4g", lineterminator="\n")
    for name, why in LEFT.items():
        coverage.append((name, int(rows["dataset"].str.startswith(name).sum()), why))
    table = pd.DataFrame(coverage, columns=["dataset", "rows", "became"])
    with replacing(output / "coverage.csv") as scratch:
        table.to_csv(scratch, index=False, lineterminator="\n")
    return table


def main(words: Sequence[str]) -> int:
    """Draw the tables; ``FOLDER [OUTPUT]``, where an output is given with what does not ship."""
    if not 1 <= len(words) <= 2:
        print(
            "Name the folder with calibration.csv.gz, and another for what is drawn if not the package's.",
            file=sys.stderr,
        )
        return 2
    source = Path(words[0])
    if not (source / _ROWS).exists():
        print(f"There is no {_ROWS} in '{source}'; the tables stay as they are.", file=sys.stderr)
        return 2
    output = Path(words[1]) if len(words) > 1 else targets.FOLDER
    table = derive(source, output, everything=len(words) > 1)
    print(table[table["became"].isin(["used", "TARGETS"])].to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
