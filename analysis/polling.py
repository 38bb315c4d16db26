"""The same claims asked of one cell after another, each answer kept.

Cells at rest are looked for near those of the cell before, which is why this takes seconds where it
would take minutes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ..network.files import replacing
from ..simulation.engines import Loaded, Tolerances
from .calibration.workers import Crew
from .claims import binding, evaluation
from .claims.reading import Claims
from .claims.schema import VirtualPanel

# Precise enough for margins, and twice as fast as what results are given with.
_TOLERANCES: Final = Tolerances(1e-6)
# Of how answers are found; those kept by another are not taken up.
_FORM: Final = b"rest near what is alike"


@dataclass(frozen=True)
class Answer:
    """What claims came to in a cell.

    Attributes
    ----------
    held : frozenset of str
        The claims that hold.
    unanswered : dict
        By claim that does not hold since something could not be measured, why.
    """

    held: frozenset[str]
    unanswered: Mapping[str, str]


def chosen(claims: Claims) -> Claims:
    """Return the claims that are asked: all but those over panels of virtual cells.

    Such a panel jitters cells itself, and has as many experiments as all other claims together.
    """
    virtual = {name for name, panel in claims.panels.items() if isinstance(panel, VirtualPanel)}
    kept = tuple(c for c in claims if c.checks and all(x.panel not in virtual for x in c.checks))
    return Claims(kept, claims.readouts, claims.panels, claims.places)


class Asker:
    """Asks claims of cells that differ from a model by values of parameters.

    Parameters
    ----------
    claims : Claims
        What is asked.
    loaded : Loaded
        The model.
    store : Path, optional
        A folder in which every answer is kept, so that what was broken off goes on.
    workers : int, optional
        Processes.
    """

    def __init__(
        self,
        claims: Claims,
        loaded: Loaded,
        *,
        store: Path | None = None,
        workers: int | None = None,
    ) -> None:
        self.claims, self.loaded, self.store, self.workers = claims, loaded, store, workers
        self._own = hashlib.sha256(loaded.model.sha256.encode())
        self._own.update(claims.told().encode() + _FORM)
        self._crew: Crew | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._crew is not None:
            self._crew.close()

    def ask(self, cell: Mapping[str, float]) -> Answer:
        """Return what the claims come to in a cell, which is found out once.

        Raises
        ------
        ClaimsError
            If claims do not fit such a cell.
        """
        path = None
        if self.store is not None:
            told = self._own.digest() + json.dumps(cell).encode()
            path = self.store / f"{hashlib.sha256(told).hexdigest()[:24]}.json"
            if path.exists():
                kept = json.loads(path.read_text(encoding="utf-8"))
                return Answer(frozenset(kept["held"]), kept["unanswered"])
        bound = binding.bind(self.claims, self.loaded.model, cell, sound=self._crew is not None)
        self._crew = self._crew or Crew(self.loaded, bound.outputs, _TOLERANCES, self.workers)
        courses = self._crew.run((bound, cell))
        verdicts = evaluation.judge(bound, courses, self.loaded.network)
        held = frozenset(verdict.claim.id for verdict in verdicts if verdict.passed)
        unanswered = {
            verdict.claim.id: next(each.problem for each in verdict.outcomes if each.problem)
            for verdict in verdicts
            if any(each.problem for each in verdict.outcomes)
        }
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as scratch:
                scratch.write_text(
                    json.dumps({"held": sorted(held), "unanswered": unanswered}), encoding="utf-8"
                )
        return Answer(held, unanswered)
