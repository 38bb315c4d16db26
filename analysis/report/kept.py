"""What is kept of each part of a report, so that one that was broken off goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ...network.files import replacing
from ..asking.answer import Answer

_NAME: Final = "part.json"
_ROOT: Final = Path(__file__).parents[2]
_ROOMS: Final = ("models", "network", "export", "simulation", "analysis", "cli")


@dataclass(frozen=True)
class Kept:
    """What a part came to.

    Attributes
    ----------
    key : str
        Of what was asked of what by which program.
    command : str
        What asks the same.
    seconds : float
        How long it took.
    made : str
        The day.
    answer : mapping
        As :meth:`.answer.Answer.plain` gives it.
    pictures : sequence of str
        Names of figures in the folder, without their ending.
    """

    key: str
    command: str
    seconds: float
    made: str
    answer: Mapping[str, Any]
    pictures: Sequence[str] = ()


def key(*said: str) -> str:
    """Return what tells one question from another, by the program and its tables as well."""
    return hashlib.sha256("\0".join((_program(), *said)).encode()).hexdigest()


def keep(folder: Path, answer: Answer) -> list[str]:
    """Write an answer's files into a folder, and return the names of its figures.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    return [path.stem for path in answer.write(folder) if path.suffix == ".png"]


def write(folder: Path, kept: Kept) -> None:
    """Write what a part came to, which marks it as done."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / _NAME) as scratch:
        text = json.dumps(asdict(kept), indent=1, ensure_ascii=False)
        scratch.write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path, wanted: str) -> Kept | None:
    """Return what is kept of the part with this key; None if there is nothing, or of another."""
    try:
        kept = Kept(**json.loads((folder / _NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    there = all((folder / f"{name}.png").is_file() for name in kept.pictures)
    return kept if kept.key == wanted and there else None


@cache
def _program() -> str:
    """Return a digest of the package: its code and its tables decide about the numbers."""
    digest = hashlib.sha256()
    files = [path for room in _ROOMS for path in (_ROOT / room).rglob("*")]
    for path in sorted(files):
        if path.suffix in (".py", ".csv", ".yaml", ".json", ".pm") and path.is_file():
            digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
