"""How many of the claims that each published model can be asked hold, in it and in ours.

As a program it fills the place of the table in a page, between ``<!-- table: scoreboard -->`` and
``<!-- end -->``, from the folder where the models are::

    python -m mtorules.analysis.claims.mapping.scoreboard FOLDER docs/published.md
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from ....network.files import replacing
from ....simulation.engines import Loaded, default_engine
from ....simulation.load import load
from .. import binding, evaluation, running
from .. import reading as claims_reading
from ..reading import Claims
from . import loading, reading
from .expressing import Answered, Asked, answer
from .reading import Translation

_PLACE: Final = re.compile(r"(<!-- table: scoreboard -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD: Final = (
    *("model", "claims in whole", "hold", "in ours"),
    *("claims in part", "hold", "in ours"),
    *("checks", "hold", "in ours"),
    "near only",
)


@dataclass(frozen=True)
class Score:
    """How many were asked, and how many hold in their model and in ours."""

    asked: int
    theirs: int
    ours: int


@dataclass(frozen=True)
class Line:
    """What came of one published model.

    Attributes
    ----------
    translation : Translation
        Its mapping.
    whole, part, checks : Score
        Claims that can be asked in whole, those that can be asked in part, and the checks of both.
    proxies : int
        How many of the claims rest on something that is only near to what they ask.
    problem : str
        Why there is nothing of it.
    """

    translation: Translation
    whole: Score = Score(0, 0, 0)
    part: Score = Score(0, 0, 0)
    checks: Score = Score(0, 0, 0)
    proxies: int = 0
    problem: str = ""
    answered: Answered | None = field(default=None, repr=False)


def score(
    claims: Claims,
    folder: Path,
    ours: Loaded,
    *,
    base: Mapping[str, float] | None = None,
    engine: str | None = None,
    workers: int | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> list[Line]:
    """Ask the published models that are in a folder, and ours what they can be asked.

    So are models with a mapping of their own beside them, called ``NAME.mapping.yaml``.

    Parameters
    ----------
    claims : Claims
        What is claimed.
    folder : Path
        Where the files are, under the names that the mappings give them.
    ours : Loaded
        Our model.
    base : mapping, optional
        Values of its reference cell, where they are other than its own.
    engine : str, optional
        What runs ours.
    workers : int, optional
        Processes; by default one for each core.
    told : callable, optional
        Told which model is asked, and of its experiments how many are done of how many.

    Raises
    ------
    ClaimsError, SbmlError
        If claims, a mapping or a file have faults.
    """
    names = reading.known(claims_reading.read(), claims)
    lines: list[Line] = []
    for path in (*reading.shipped().values(), *sorted(folder.glob("*.mapping.yaml"))):
        translation = reading.read(path, names)
        about = translation.file.model
        file = folder / about.file
        if not file.is_file():
            lines.append(Line(translation, problem=f"there is no {about.file}"))
            continue
        loaded = loading.loaded(file, translation)
        advance = _advance(told, about.name)
        found = answer(claims, loaded, translation, workers=workers, progress=advance)
        lines.append(Line(translation, answered=found))
    holds = _ours(claims, lines, ours, base, engine or default_engine(), workers, told)
    return [_counted(line, holds) for line in lines]


def _advance(
    told: Callable[[str, int, int], None] | None, name: str
) -> Callable[[int, int], None] | None:
    return None if told is None else lambda done, of: told(name, done, of)


_Holds = Callable[[Asked], list[bool]]


def _ours(
    claims: Claims,
    lines: Sequence[Line],
    ours: Loaded,
    base: Mapping[str, float] | None,
    engine: str,
    workers: int | None,
    told: Callable[[str, int, int], None] | None,
) -> _Holds:
    """Ask our model every check that any other was asked, once; return what tells which hold."""
    asked = [each for line in lines if line.answered for each in line.answered.asked]
    wanted = {id(check) for each in asked for check in each.claim.checks}
    reduced = (
        claim.model_copy(update={"checks": tuple(c for c in claim.checks if id(c) in wanted)})
        for claim in claims
    )
    chosen = tuple(claim for claim in reduced if claim.checks)
    able = Claims(chosen, claims.readouts, claims.panels, claims.places)
    bound = binding.bind(able, ours.model, base)
    advance = _advance(told, ours.model.id)
    courses = running.run(bound, ours, engine=engine, workers=workers, progress=advance)
    judge = evaluation.Judge(bound, courses, ours.network)
    return lambda asked: _passed(judge.claim(asked.claim), asked)


def _passed(verdict: evaluation.Verdict, asked: Asked) -> list[bool]:
    """Return for each check of a claim whether it holds, in every cell."""
    return [
        all(outcome.passed for outcome in verdict.outcomes if outcome.check is check)
        for check in asked.claim.checks
    ]


def _counted(line: Line, ours: _Holds) -> Line:
    if line.answered is None:
        return line
    able = [each for each in line.answered.asked if each.claim.checks]
    theirs = {each.claim.id: _passed(line.answered.verdicts[each.claim.id], each) for each in able}
    mine = {each.claim.id: ours(each) for each in able}

    def claims(chosen: Sequence[Asked]) -> Score:
        ids = [each.claim.id for each in chosen]
        counts = (sum(all(of[id]) for id in ids) for of in (theirs, mine))
        return Score(len(ids), *counts)

    checks = Score(
        sum(map(len, theirs.values())), *(sum(map(sum, of.values())) for of in (theirs, mine))
    )
    return Line(
        line.translation,
        claims([each for each in able if each.whole]),
        claims([each for each in able if each.part]),
        checks,
        sum(bool(each.proxies) for each in able),
        answered=line.answered,
    )


def markdown(lines: Sequence[Line]) -> str:
    """Return the score board as a table in Markdown."""
    rows = [list(_HEAD), ["---", *["---:"] * (len(_HEAD) - 1)]]
    for line in lines:
        about = line.translation.file.model
        name = f"{about.name} ({Path(about.file).stem})"
        if line.problem:
            rows.append([f"{name}: {line.problem}", *[""] * (len(_HEAD) - 1)])
            continue
        scores = (line.whole, line.part, line.checks)
        numbers = [n for each in scores for n in (each.asked, each.theirs, each.ours)]
        rows.append([name, *map(str, numbers), str(line.proxies)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def data(lines: Sequence[Line], ours: Loaded) -> dict[str, Any]:
    """Return the score board as data that JSON can hold."""
    return {
        "ours": ours.model.id,
        "models": [
            {
                "name": line.translation.file.model.name,
                "file": line.translation.file.model.file,
                "mapping": line.translation.name,
                "whole": asdict(line.whole),
                "part": asdict(line.part),
                "checks": asdict(line.checks),
                "near_only": line.proxies,
                "problem": line.problem,
            }
            for line in lines
        ],
    }


def filled(page: str, lines: Sequence[Line]) -> str:
    """Return a page with the score board in its place.

    Raises
    ------
    ValueError
        If there is no place for it.
    """
    if not _PLACE.search(page):
        raise ValueError("The page has no place '<!-- table: scoreboard -->' .. '<!-- end -->'.")
    return _PLACE.sub(lambda match: f"{match[1]}\n{markdown(lines)}\n\n{match[2]}", page)


def main(folder: str, page: str) -> None:
    """Fill the place in a page from the models in a folder."""
    path = Path(page)
    lines = score(claims_reading.read(), Path(folder), load("signalling"))
    text = filled(path.read_text(encoding="utf-8"), lines)
    with replacing(path) as scratch:
        scratch.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
