"""Numbers as tables and people write them: plain decimals, and nothing else that Python takes."""

from __future__ import annotations

import math
import re
from typing import Final

PATTERN: Final = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
"""What a number looks like; digits are those of ASCII."""

_NUMBER: Final = re.compile(PATTERN)


def number(text: str) -> float:
    """Return a decimal number, such as ``2``, ``.5`` or ``1e-3``.

    Raises
    ------
    ValueError
        If it is none (``1_000``, ``inf``, ``nan`` and digits of other scripts are not), or so large
        or so small that no double holds it; the message says which.
    """
    plain = text.strip(" \t")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{text!r} is not a number")
    value = float(plain)
    if math.isinf(value):
        raise ValueError(f"{text!r} is not a finite number; the largest is about 1.8e308")
    if value == 0 and re.search("[1-9]", re.split("[eE]", plain)[0]):
        raise ValueError(f"{text!r} is too small; the smallest is about 5e-324")
    return value
