"""Which claims a model of others can be asked, and what is lacking for the rest.

A claim can be asked in whole if all its checks can, and in part if some can. What comes of a part
says less than the claim, so the two are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ....simulation.engines import Loaded
from .. import evaluation, running, schema
from ..binding import FAULTS, Binder, Bound, experiments_of, hold, readouts_of
from ..evaluation import Verdict
from ..reading import Claims, ClaimsError, Fault, listed
from ..schema import Claim, Run, VirtualPanel
from .planning import LackError, TranslatedPlanner
from .reading import Translation
from .readouts import TranslatedReadouts

# How many lacks of a kind are named for a reader.
_SHOWN: Final = 3
_PLURALS: Final = {"readout": "readouts", "condition": "conditions", "compound": "compounds"}


@dataclass(frozen=True)
class Asked:
    """A claim as far as a model can be asked.

    Attributes
    ----------
    claim : Claim
        With the checks that can be made, perhaps none.
    checks : int
        How many checks it has.
    lacks : tuple of LackError
        What the other checks need and the mapping does not hold.
    proxies : tuple of str
        What those that can be made rest on that is only near to what the claim asks.
    """

    claim: Claim
    checks: int
    lacks: tuple[LackError, ...] = ()
    proxies: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all its checks can be made."""
        return len(self.claim.checks) == self.checks

    @property
    def part(self) -> bool:
        """Whether some of its checks can be made, and some cannot."""
        return 0 < len(self.claim.checks) < self.checks

    @property
    def why(self) -> str:
        """What is lacking, in a few words."""
        return reason(self.lacks)


@dataclass(frozen=True)
class Answered:
    """What came of asking a model.

    Attributes
    ----------
    asked : tuple of Asked
        The claims; a check whose experiments could not be run to their end counts as lacking.
    verdicts : dict
        On each claim that was asked, by its id.
    broken : int
        How many experiments could not be run to their end.
    """

    asked: tuple[Asked, ...]
    verdicts: dict[str, Verdict]
    broken: int = 0

    def counted(self, *, whole: bool) -> tuple[int, int]:
        """Return how many claims can be asked in whole, or in part, and how many of them hold."""
        ids = [each.claim.id for each in self.asked if (each.whole if whole else each.part)]
        return len(ids), sum(self.verdicts[id].passed for id in ids)


def reason(lacks: Sequence[LackError]) -> str:
    """Return what is lacking in a few words, each kind of it once."""
    kinds: dict[str, dict[str, None]] = {}
    for lack in lacks:
        kinds.setdefault(lack.kind, {})[lack.name] = None
    said = []
    for kind, names in kinds.items():
        shown = [*names][:_SHOWN]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        word = _PLURALS.get(kind, kind) if len(names) > 1 else kind
        said.append(f"{word} {', '.join(shown)}{more}".strip())
    return "; ".join(said)


def express(claims: Claims, loaded: Loaded, translation: Translation) -> tuple[list[Asked], Bound]:
    """Find out which claims a model can be asked, and hold it to them.

    Parameters
    ----------
    claims : Claims
        What is claimed; claims without checks are passed over.
    loaded : Loaded
        The model.
    translation : Translation
        What our names mean in it; see :func:`.reading.check`.

    Raises
    ------
    ClaimsError
        If claims have faults, whatever the model.
    """
    planner = TranslatedPlanner(loaded.model, translation.file)
    readouts = TranslatedReadouts(claims.readouts, translation.file.readouts)
    binder = Binder(claims, loaded.model, planner, readouts)
    asked: list[Asked] = []
    faults: list[Fault] = []
    for claim in claims:
        try:
            asked += [_asked(claim, binder)] if claim.checks else []
        except FAULTS as error:
            faults.append(claims.fault(claim.id, (), str(error).rstrip(".")))
    if faults:
        raise ClaimsError(listed(faults))
    able = tuple(each.claim for each in asked if each.claim.checks)
    chosen = Claims(able, claims.readouts, claims.panels, claims.places)
    return asked, hold(Binder(chosen, loaded.model, planner, readouts), units="own")


def answer(
    claims: Claims,
    loaded: Loaded,
    translation: Translation,
    *,
    engine: str = "roadrunner",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Answered:
    """Ask a model the claims that it can be asked.

    Parameters
    ----------
    claims, loaded, translation
        See :func:`express`.
    engine : str
        Which simulator.
    workers : int, optional
        Processes; by default one for each core.
    progress : callable, optional
        Told how many experiments are done, and how many there are.

    Raises
    ------
    ClaimsError
        If claims have faults, whatever the model.
    """
    asked, bound = express(claims, loaded, translation)
    courses = running.run(bound, loaded, engine=engine, workers=workers, progress=progress)
    broken = {key: course.error for key, course in courses.items() if course.error}
    ended = tuple(_ended(each, bound.binder, broken) for each in asked)
    judge = evaluation.Judge(bound, courses)
    verdicts = {each.claim.id: judge.claim(each.claim) for each in ended if each.claim.checks}
    return Answered(ended, verdicts, len(broken))


def _ended(asked: Asked, binder: Binder, broken: Mapping[str, str]) -> Asked:
    """Return a claim without the checks that rest on runs that broke off."""
    able: list[Any] = []
    lacks = [*asked.lacks]
    for check in asked.claim.checks:
        keys = [need.plan.key for need in binder.needs(asked.claim, check)]
        errors = [broken[key].partition(":")[0] for key in keys if key in broken]
        lacks += [LackError("", f"runs that end well ({error})") for error in errors]
        able += [] if errors else [check]
    claim = asked.claim.model_copy(update={"checks": tuple(able)})
    return replace(asked, claim=claim, lacks=tuple(lacks))


def _asked(claim: Claim, binder: Binder) -> Asked:
    able: list[Any] = []
    lacks: list[LackError] = []
    proxies: dict[str, None] = {}
    for check in claim.checks:
        found = list(_lacking(claim, check, binder))
        if found:
            lacks += found
        else:
            able.append(check)
            proxies.update(dict.fromkeys(_proxies(claim, check, binder)))
    reduced = claim.model_copy(update={"checks": tuple(able)})
    return Asked(reduced, len(claim.checks), tuple(lacks), tuple(proxies))


def _lacking(claim: Claim, check: Any, binder: Binder) -> Iterator[LackError]:
    if isinstance(check, schema.Exists | schema.Absent):
        yield LackError("", "rules, whose species are looked through")
        return
    for formula in readouts_of(check):
        for name in binder.readouts.lacking(formula):  # pyright: ignore[reportAttributeAccessIssue]
            yield LackError("readout", name)
    if isinstance(binder.claims.panels.get(check.panel), VirtualPanel):
        yield LackError("", "cells that are drawn round our own parameters")
        return
    for run, cell in _runs(claim, check, binder):
        yield from binder.planner.lacks(run, cell)  # pyright: ignore[reportAttributeAccessIssue]


def _proxies(claim: Claim, check: Any, binder: Binder) -> Iterator[str]:
    for formula in readouts_of(check):
        yield from binder.readouts.proxies(formula)  # pyright: ignore[reportAttributeAccessIssue]
    for run, cell in _runs(claim, check, binder):
        yield from binder.planner.proxies(run, cell)  # pyright: ignore[reportAttributeAccessIssue]


def _runs(claim: Claim, check: Any, binder: Binder) -> Iterator[tuple[Run, tuple[str, ...]]]:
    """Yield every experiment of a check in every cell, the members of series one by one."""
    cells = [cell for cell, _ in binder.cells(check.panel).values()]
    for name in experiments_of(check):
        run = binder.planner.run(claim, name)
        members = binder.planner.series(run) if isinstance(check, schema.Monotone) else [run]
        for member in members:
            for cell in cells:
                yield member, cell
