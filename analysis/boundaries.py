"""What parts of the network are held at, read from the whole: ``models/building/boundaries.csv``.

Run as ``python -m mtorules.analysis.boundaries`` once the whole network has other parameters.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from ..models.building.boundaries import FILE, FROM_WHOLE
from ..models.numbers.parameters import COLUMNS
from ..network.files import replacing
from ..simulation import load
from ..simulation.simulator import Simulator, exposure

WHOLE: Final = "signalling"


def rows(path: Path = FILE) -> list[dict[str, str]]:
    """Return the table's rows, those that come from the whole with its levels now.

    Parameters
    ----------
    path : Path, optional
        The table.

    Returns
    -------
    list of dict
        In the order of the table; levels in nM, to three digits.
    """
    with path.open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    read = [row for row in found if row["note"].startswith(FROM_WHOLE)]
    # What is called otherwise in the whole says so after a colon.
    names = [row["note"].partition(": ")[2] or row["name"] for row in read]
    levels = Simulator(load.load(WHOLE), names).values(exposure([0.0]))[0]
    for row, level in zip(read, levels, strict=True):
        row["value"] = f"{level:.3g}"
    return found


def main() -> None:
    """Write the table anew."""
    found = rows()
    with replacing(FILE) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list[str](COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    main()
