"""What the labels of a data set mean in targets, and why some mean nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from .. import tables

_FILE: Final = Path(__file__).with_name("labels.csv")
_COLUMNS: Final = ("kind", "dataset", "label", "name")
# What stands before the reason why rows become no target.
REASONS: Final = ("none", "cut")


class Meaning(NamedTuple):
    """What a label means: a name, or why it has none."""

    name: str = ""
    reason: str = ""


@cache
def meaning(kind: str, dataset: str, label: str) -> Meaning:
    """Return what a label means in a data set.

    Parameters
    ----------
    kind : {"line", "stimulus", "drug", "readout"}
        What it is a label of.
    dataset, label : str
        Where, and what; of several rows of ``labels.csv`` that fit the first counts.

    Raises
    ------
    TargetError
        If no row fits.
    """
    for row in _rows():
        if row["kind"] == kind and row["dataset"] in ("", dataset) and _fits(row["label"], label):
            before, colon, reason = row["name"].partition(": ")
            if colon and before in REASONS:
                return Meaning(reason=f"{kind} {before}: {reason}")
            return Meaning(row["name"])
    raise tables.TargetError(
        f"{_FILE.name} does not say what the {kind} {label!r} of {dataset} is."
    )


def _fits(pattern: str, label: str) -> bool:
    return re.fullmatch(pattern, label) is not None


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(row for _, row in tables.read(_FILE, _COLUMNS))
