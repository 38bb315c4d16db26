"""What bounds a network: what its author wants of it, and where generation gives up."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..sources.bngl import Literal

Progress = Callable[[int, int, int], None]
"""Called now and then with the iteration, and the species and reactions found so far."""


class GenerationError(RuntimeError):
    """No network could be generated; ``line`` is that of the BNGL text, where one is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Bounds:
    """Which part of a network is wanted, that may be endless without.

    What is given here stands instead of the same argument of ``generate_network`` in a BNGL file.

    Parameters
    ----------
    max_iter : int, optional
        How often the rules are applied to what they made.
    max_stoich : mapping, optional
        How many molecules of a type one species may hold.
    """

    max_iter: int | None = None
    max_stoich: Mapping[str, int] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Literal]:
        """What ``generate_network`` is told."""
        found: dict[str, Literal] = {}
        if self.max_iter is not None:
            found["max_iter"] = float(self.max_iter)
        if self.max_stoich:
            found["max_stoich"] = {name: float(n) for name, n in self.max_stoich.items()}
        return found


@dataclass(frozen=True)
class Limits:
    """Where generation gives up, since a network may be infinite.

    There are finitely many species of any size, so in an infinite network they grow without end:
    ``molecules`` in one species are the first sign of it. That and ``iterations`` hold where nobody
    bounds the network (``max_iter``, ``max_stoich``, ...), who is taken at his word.
    """

    iterations: int = 200
    molecules: int = 25
    species: int = 20_000
    reactions: int = 100_000
    seconds: float | None = 1800.0


# Arguments of generate_network that make a network finite.
_BOUNDING: Final = frozenset({"max_iter", "max_agg", "max_stoich"})
_ITERATION: Final = re.compile(r"Iteration\s+(\d+):\s+(\d+) species\s+(\d+) rxns")


class Watch:
    """Reads the reports of BNG2.pl, passes them on, and objects when a limit is met."""

    def __init__(
        self, limits: Limits, progress: Progress | None, bounds: Collection[str] = ()
    ) -> None:
        self._limits, self._progress = limits, progress
        self._ended, self._bounded = "max_iter" in bounds, bool(_BOUNDING & set(bounds))
        self._last = self._species = self._reactions = 0
        self._culprit = ""
        self.iteration = 0
        self.growing = False  # whether the last iteration found new species

    def __call__(self, line: str) -> bool:
        """Take a line of BNG2.pl's; return whether it is one about growth from ``Growth.pm``."""
        if line.startswith("Growth\t"):
            self._grown(*line.split("\t", 6)[1:])
            return True
        if match := _ITERATION.match(line):
            iteration, species, reactions = map(int, match.groups())
            self.iteration, self.growing, self._last = iteration, species > self._last, species
            self._check(species, reactions)
            if not self._ended and iteration >= self._limits.iterations and self.growing:
                raise self._infinite("new species still")
        return False

    def _grown(
        self, species: str, reactions: str, size: str, made: str, reacted: str, rule: str
    ) -> None:
        name = rule.removeprefix("_reverse_")
        backwards = "" if name == rule else ", backwards,"
        number = re.fullmatch(r"_R(\d+)", name)  # BNG2.pl's name for one that has none
        called = f"rule number {number[1]}" if number else f"rule {name!r}"
        self._culprit = (
            f"{called}{backwards} made most of it, {int(made):,} species and {int(reacted):,} "
            f"reactions, and the largest species holds {int(size):,} molecules"
        )
        self._check(int(species), int(reactions))
        if not self._bounded and int(size) > self._limits.molecules:
            raise self._infinite(f"a species of more than {self._limits.molecules} molecules")

    def _check(self, species: int, reactions: int) -> None:
        self._species, self._reactions = species, reactions
        if self._progress is not None:
            self._progress(self.iteration, species, reactions)
        if species > self._limits.species:
            raise self._infinite(f"more than {self._limits.species:,} species")
        if reactions > self._limits.reactions:
            raise self._infinite(f"more than {self._limits.reactions:,} reactions")

    def _infinite(self, what: str) -> GenerationError:
        return GenerationError(
            f"The network has {what} after {self.iteration} iterations and may be infinite"
            f"{self._advice}"
        )

    def late(self, seconds: float) -> GenerationError:
        """Return what is said when the time is up."""
        return GenerationError(
            f"The network was not ready after {seconds:g} s, with {self._species:,} species and "
            f"{self._reactions:,} reactions. It may be infinite{self._advice}"
        )

    @property
    def _advice(self) -> str:
        culprit = f": {self._culprit}" if self._culprit else ""
        return (
            f"{culprit}. Bound it in the rules, or by max_stoich (molecules of a type in one "
            "species) or max_iter (rounds of rules): as options of 'mtorules network' and "
            "'export', as Bounds in Python, or in generate_network of a BNGL file. Or raise the "
            "limit: --max-molecules, --max-species, --max-reactions, --limit, or Limits in Python."
        )
