"""Tables of what was measured, and of what was done to the cells, as users write them.

Both are CSV. A table of measurements has the columns of :data:`REQUIRED` and any of
:data:`OPTIONAL`. What was done stands in columns of its own, :data:`DONE`, in the words of
:mod:`...simulation.experiments.from_text`, several in a cell parted by semicolons: beside the
measurements, or once for each experiment in a table of experiments that the column ``experiment``
points into.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from ...models.numbers import decimals, sheets
from ...models.numbers.sheets import SheetError
from ...network.units.quantities import QuantityError
from ...simulation.experiments.from_text import Words

REQUIRED: Final = ("observable", "time", "value")
OPTIONAL: Final = ("experiment", "unit", "batch", "spread", "source", "note")
DONE: Final = ("pre_equilibrate", "condition", "drug", "dose", "washout", "set")
_SAID: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "true", "1"), True),
    **dict.fromkeys(("no", "false", "0", ""), False),
}
# What a cell of a time may hold besides a time: cells that have come to rest.
_REST: Final = ("inf", "rest")
_SHOWN: Final = 20
# What a logarithm that a spread is given of is multiplied by to be natural.
_LOGARITHMS: Final[Mapping[str, float]] = {
    "ln": 1.0,
    "log2": math.log(2),
    "log10": math.log(10),
}


class TableError(ValueError):
    """A table with faults; the message lists each with its file and line."""


@dataclass(frozen=True)
class Row:
    """A measurement as it was written.

    Attributes
    ----------
    where : str
        The file and the line.
    experiment : str
        Empty where the row names none.
    observable, unit, batch : str
        As written.
    time : float
        As the clock of the model counts; infinite at rest.
    value : float
        In ``unit``.
    spread : float or None
        Standard deviation of the value, in ``unit``; None where none is given.
    logarithmic : bool
        Whether it is the standard deviation of the natural logarithm of the value instead.
    words : Words
        What was done, where the row says it.
    """

    where: str
    experiment: str
    observable: str
    time: float
    value: float
    unit: str
    batch: str
    spread: float | None
    words: Words
    logarithmic: bool = False


def experiments(path: Path) -> dict[str, Words]:
    """Read what was done in each experiment of a table.

    Raises
    ------
    TableError
        If anything is wrong with it.
    OSError
        If the file cannot be read.
    """
    faults: list[str] = []
    found: dict[str, Words] = {}
    for where, row in _rows(path, ("experiment",), (*DONE, "source", "note"), faults):
        name = row["experiment"]
        try:
            words = _words(row)
        except ValueError as error:
            faults.append(f"{where}: {error}")
            continue
        if not name:
            faults.append(f"{where}: the experiment has no name.")
        elif name in found:
            faults.append(f"{where}: the experiment {name!r} stands twice.")
        else:
            found[name] = words
    _refuse(faults)
    return found


def read(path: Path, clock: Callable[[str], float]) -> list[Row]:
    """Read a table of measurements.

    Parameters
    ----------
    path : Path
        The table.
    clock : callable
        Reads a time.

    Raises
    ------
    TableError
        If anything is wrong with it; the message lists every fault with its line.
    OSError
        If the file cannot be read.
    """
    faults: list[str] = []
    found: list[Row] = []
    for where, row in _rows(path, REQUIRED, (*OPTIONAL, *DONE), faults):
        told: list[str] = []
        try:
            words = _words(row)
        except ValueError as error:
            told.append(str(error))
        time, value = _time(row["time"], clock, told), _number(row["value"], "value", told)
        spread, logarithmic = _spread(row["spread"], told)
        if logarithmic and value <= 0:
            told.append(f"the value is {row['value']}, and its spread is that of its logarithm.")
        if not row["observable"]:
            told.append("no observable is named.")
        faults += [f"{where}: {each}" for each in told]
        if not told:
            names = (row[key] for key in ("unit", "batch"))
            found.append(
                Row(  # pyright: ignore[reportCallIssue]
                    *(where, row["experiment"], row["observable"], time, value, *names),
                    *(spread, words, logarithmic),  # pyright: ignore[reportPossiblyUnboundVariable]
                )
            )
    if not faults and not found:
        faults.append(f"{path.name}: the table holds no measurement.")
    _refuse(faults)
    return found


def refuse(faults: Sequence[str]) -> None:
    """Raise an error that lists faults, the first of many; nothing if there is none.

    Raises
    ------
    TableError
        If there is a fault.
    """
    _refuse(faults)


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = len(faults) - _SHOWN
        rest = [f"... and {more} more."] if more > 0 else []
        raise TableError("\n".join([*faults[:_SHOWN], *rest]))


def _rows(
    path: Path, required: Sequence[str], optional: Sequence[str], faults: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield place and cells of every row that has as many cells as there are columns."""
    try:
        text = sheets.text(path)
    except SheetError as error:
        raise TableError(str(error)) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = [str(column).strip() for column in reader.fieldnames or ()]
        _check(path.name, columns, required, optional)
        reader.fieldnames = columns
        empty = dict.fromkeys((*required, *optional), "")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                faults.append(f"{where}: {len(columns)} cells were expected.")
            elif any(cell.strip() for cell in row.values()):
                yield where, {**empty, **{key: cell.strip() for key, cell in row.items()}}
    except csv.Error as error:
        raise TableError(
            f"{path.name}:{reader.reader.line_num}: this is no CSV; {error}."
        ) from None


def _check(
    name: str, columns: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> None:
    known = (*required, *optional)
    faults = [f"{name}:1: there is no column {each!r}." for each in required if each not in columns]
    for place, column in enumerate(columns):
        if column in columns[:place]:
            faults.append(f"{name}:1: the column {column!r} stands twice.")
        elif column not in known:
            near = get_close_matches(column, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}."
            faults.append(f"{name}:1: the column {column[:40]!r} is unknown{hint}")
    if faults and (other := sheets.parted(columns)):
        faults.append(f"{name}:1:{other}")
    _refuse(faults)


def _words(row: Mapping[str, str]) -> Words:
    rested = row["pre_equilibrate"].lower()
    if rested not in _SAID:
        raise ValueError(f"pre_equilibrate is {rested[:40]!r}; write yes or no.")
    return Words(
        doses=_parts(row["dose"]),
        washouts=_parts(row["washout"]),
        settings=_parts(row["set"]),
        conditions=_parts(row["condition"]),
        equilibrated=_SAID[rested],
        drugs=_parts(row["drug"]),
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _time(text: str, clock: Callable[[str], float], faults: list[str]) -> float:
    if text.lower() in _REST:
        return math.inf
    try:
        return clock(text)
    except QuantityError as error:
        faults.append(f"the time cannot be read: {error}")
        return math.nan


def _number(text: str, what: str, faults: list[str]) -> float:
    try:
        return decimals.number(text)
    except ValueError as error:
        faults.append(f"the {what} cannot be read: {error}.")
        return math.nan


def _spread(text: str, faults: list[str]) -> tuple[float | None, bool]:
    """Return a standard deviation, and whether it is that of the natural logarithm."""
    if not text:
        return None, False
    number, _, unit = text.partition(" ")
    factor = _LOGARITHMS.get(unit.strip(), 1.0)
    if unit.strip() not in ("", *_LOGARITHMS):
        faults.append(
            f"the spread cannot be read: {text[:40]!r} is no number in the unit of the value, nor "
            "one of its logarithm, such as '0.3 log2'."
        )
        return None, False
    found = _number(number, "spread", faults)
    if found <= 0:
        faults.append(
            f"the spread is {text}; a standard deviation is above 0, and an empty cell lets it be "
            "estimated."
        )
    return found * factor, bool(unit.strip())
