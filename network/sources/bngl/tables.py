"""Tables as functions, ``tfun([0,1,2],[5,3,1],time,method=>"step")``, ``tfun('doses.tfun',time)``.

BioNetGen's newest version interpolates them while it simulates; the one that makes networks knows
none. So a table becomes what it says, a formula in pieces, which every tool can work out. Outside
of a table its first or last value holds; a step has the value of the last point passed.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...files import lines_of
from ...mathematics.expressions import format_number
from .cursor import Cursor, GrammarError

_MOST_POINTS: Final = 1_000
_MOST_BYTES: Final = 200_000

_CALL: Final = re.compile(r"\b(?:tfun|TFUN)\s*\(", re.ASCII)
_OPEN: Final = re.compile(r"\s*+\[", re.ASCII)
_CLOSE: Final = re.compile(r"\s*+\]", re.ASCII)
_COMMA: Final = re.compile(r"\s*+,\s*+", re.ASCII)
_END: Final = re.compile(r"\s*+\)", re.ASCII)
_FILE: Final = re.compile(r"\s*+(?:\"[^\"]*+\"|'[^']*+')", re.ASCII)
_METHOD: Final = re.compile(r"method\s*+=>\s*+", re.ASCII)
_WORD: Final = re.compile(r"[\"']?(?:linear|step)[\"']?", re.ASCII)
_INDEX: Final = re.compile(r"[A-Za-z_]\w*+(?:\(\s*+\))?+", re.ASCII)
_NUMBER: Final = re.compile(r"\s*+([-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?)", re.ASCII)

Points = tuple[list[float], list[float]]


def expand(line: str, folder: Path | None, *, inline: bool = False) -> str:
    """Return a line with formulas in the place of its tables.

    Parameters
    ----------
    line : str
        A logical line, without comments.
    folder : Path or None
        Where the files of tables lie; None: nowhere.
    inline : bool
        Whether to write tables of files into the line as tables, instead of formulas.

    Raises
    ------
    GrammarError
        If a table cannot be read; the message says why.
    """
    parts: list[str] = []
    at = 0
    while match := _CALL.search(line, at):
        cursor = Cursor(line)
        cursor.at = match.end()
        parts += [line[at : match.start()], _table(cursor, folder, inline=inline)]
        at = cursor.at
    return "".join([*parts, line[at:]])


def _table(cursor: Cursor, folder: Path | None, *, inline: bool) -> str:
    start = cursor.at
    index = method = None
    points: Points | None = None
    from_file = False
    if not (cursor.sees(_OPEN) or cursor.sees(_FILE)):
        index = cursor.need(_INDEX, "A table such as tfun([0,1],[5,3],time)")  # TFUN(index, 'file')
        cursor.need(_COMMA, "','")
    if (name := cursor.take(_FILE)) is not None:
        points = _read(name.strip()[1:-1], folder)
        from_file = True
    else:
        xs = _numbers(cursor)
        cursor.need(_COMMA, "','")
        points = xs, _numbers(cursor)
    while cursor.take(_COMMA):
        if method is None and cursor.take(_METHOD):
            method = cursor.need(_WORD, "'linear' or 'step'").strip("\"'")
        elif index is None:
            index = cursor.need(_INDEX, "What the table depends on, such as time,")
        else:
            cursor.fail("')'")
    cursor.need(_END, "')'")
    _check(*points)
    index, method = index or "time", method or "linear"
    if inline:
        if not from_file:
            return f"tfun({cursor.text[start : cursor.at]}"
        lists = ("[" + ",".join(map(format_number, numbers)) + "]" for numbers in points)
        return f'tfun({",".join(lists)},{index},method=>"{method}")'
    if index.rstrip("() ") in ("time", "t"):
        index = "time()"
    return f"({_pieces(*points, index, step=method == 'step')})"


def _numbers(cursor: Cursor) -> list[float]:
    cursor.need(_OPEN, "'[' and numbers")
    found = [float(cursor.need(_NUMBER, "A number"))]
    while cursor.take(_COMMA):
        found.append(float(cursor.need(_NUMBER, "A number")))
        if len(found) > _MOST_POINTS:
            raise GrammarError(f"a table has more than {_MOST_POINTS:,} points")
    cursor.need(_CLOSE, "',' or ']'")
    return found


def _check(xs: Sequence[float], ys: Sequence[float]) -> None:
    if len(xs) != len(ys):
        raise GrammarError(f"a table has {len(xs)} places but {len(ys)} values")
    if len(xs) < 2:
        raise GrammarError("a table needs two points or more")
    if not all(map(math.isfinite, [*xs, *ys])):
        raise GrammarError("a table holds a number that is too large")
    for one, other in itertools.pairwise(xs):
        if one >= other:
            raise GrammarError(f"the places of a table must rise, but {other:g} follows {one:g}")


def _read(name: str, folder: Path | None) -> Points:
    """Read two columns of a file, which lies in the folder or below it."""
    if folder is None:
        raise GrammarError(f"the table {name!a} is in a file, and this text has no folder")
    home = folder.resolve()
    try:
        path = (home / name).resolve()
        if not path.is_relative_to(home):
            raise GrammarError(f"the table {name!a} lies outside the folder of the model")
        if not path.is_file():
            raise GrammarError(f"there is no file {name!a} beside the model for its table")
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, GrammarError):
            raise
        raise GrammarError(f"the table {name!a} cannot be read") from None
    if len(content) > _MOST_BYTES:
        raise GrammarError(f"the table {name!a} has more than {_MOST_BYTES:,} bytes")
    xs: list[float] = []
    ys: list[float] = []
    for number, line in enumerate(lines_of(content.decode("latin-1")), start=1):
        fields = line.partition("#")[0].replace(",", " ").split()
        if not fields:
            continue
        if len(fields) != 2 or not all(map(_NUMBER.fullmatch, fields)):
            raise GrammarError(f"line {number} of the table {name!a} is not two numbers")
        if len(xs) >= _MOST_POINTS:
            raise GrammarError(f"the table {name!a} has more than {_MOST_POINTS:,} points")
        xs.append(float(fields[0]))
        ys.append(float(fields[1]))
    return xs, ys


def _pieces(xs: Sequence[float], ys: Sequence[float], index: str, *, step: bool) -> str:
    """Return the formula: halved again and again, because BNG2.pl stops at a depth of 500."""
    # The piece number i holds from the place i on; piece 0 before the first of these.
    if step:
        borders, pieces = list(xs[1:]), [format_number(y) for y in ys]
    else:
        borders = list(xs)
        points = zip(itertools.pairwise(xs), itertools.pairwise(ys), strict=True)
        pieces = [
            format_number(ys[0]),
            *(_line(x0, y0, (y1 - y0) / (x1 - x0), index) for (x0, x1), (y0, y1) in points),
            format_number(ys[-1]),
        ]

    def within(first: int, last: int) -> str:
        if first == last:
            return pieces[first]
        middle = (first + last) // 2
        border = format_number(borders[middle])
        return f"if({index}<{border},{within(first, middle)},{within(middle + 1, last)})"

    return within(0, len(pieces) - 1)


def _line(x: float, y: float, slope: float, index: str) -> str:
    return f"({format_number(y)}+{format_number(slope)}*({index}-({format_number(x)})))"
