"""Computing points of a scan: what a process takes, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ..experiments.experiments import Experiment
from .scan import Scan

Slices = tuple[slice, ...]
"""Where a block of points lies in the grid."""
Run = Callable[[int], NDArray[np.float64]]
"""Computes a point by its number: outputs by times."""

# The longest message kept of a point that failed.
_LONGEST: Final = 300
# How messages begin of points that may do another time, or where there is more of it.
LATE: Final = "It took longer than"
DIED: Final = "The worker process died"


class SweepError(RuntimeError):
    """A scan that could not go on; the message says why. What is stored is kept."""


class Work(Protocol):
    """Numbered experiments: a scan, or a list of others (:class:`.listed.Listed`)."""

    @property
    def model(self) -> str:
        """What the model is called."""
        ...

    @property
    def outputs(self) -> Sequence[str]:
        """What is recorded."""
        ...

    @property
    def stochastic(self) -> bool:
        """Whether molecules are simulated one by one."""
        ...

    @property
    def size(self) -> int:
        """How many there are."""
        ...

    @property
    def sorts_of_rest(self) -> int:
        """In how many ways the cells come to rest."""
        ...

    def point(self, number: int) -> Any:
        """Return what tells the experiment of a number."""
        ...

    def experiment(self, point: Any) -> Experiment:
        """Return what is done at a point."""
        ...

    def random_seed(self, number: int) -> int:
        """Return the seed of a point."""
        ...


class Model(Protocol):
    """What a process loads: small enough to be sent, and able to run the points of a scan."""

    @property
    def key(self) -> str:
        """Name of model and engine; equal keys mean equal numbers."""
        ...

    def load(self, scan: Work) -> tuple[Run, Mapping[str, Any]]:
        """Return what computes points, and what decides about the numbers besides the scan."""
        ...


class Workers(Protocol):
    """Whoever computes blocks: processes here or on a cluster."""

    def results(self, blocks: Sequence[Slices]) -> Iterator[tuple[Slices, Block]]:
        """Yield blocks with what came out of them, as they are finished."""
        ...


@dataclass(frozen=True)
class Block:
    """What came out of a block of points.

    Attributes
    ----------
    values : array of shape (n_outputs, n_points, n_times)
        NaN where a point failed.
    messages : tuple of str
        For each point why it failed; empty if it did not.
    """

    values: NDArray[np.float64]
    messages: tuple[str, ...]


def block(scan: Scan, outcomes: Sequence[NDArray[np.float64] | str]) -> Block:
    """Return points as a block: numbers where they are numbers, and else why not.

    Parameters
    ----------
    scan : Scan
        Of which they are points.
    outcomes : sequence of array or str
        For each point its outputs by times, or why it failed.
    """
    values = np.full((len(scan.outputs), len(outcomes), len(scan.times)), np.nan)
    messages = []
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, str):
            messages.append(outcome)
            continue
        wrong = [
            name
            for name, row in zip(scan.outputs, outcome, strict=True)
            if not np.isfinite(row).all()
        ]
        if wrong:
            messages.append(f"Not a finite number: {', '.join(wrong)}."[:_LONGEST])
        else:
            values[:, index] = outcome
            messages.append("")
    return Block(values, tuple(messages))


def reason(error: BaseException) -> str:
    """Return one line that says what went wrong."""
    text = " ".join(str(error).split())
    text = text if is_own(type(error)) and text else f"{type(error).__name__}: {text}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def is_own(kind: type) -> bool:
    """Tell whether a class is of this package; its messages are written to be read."""
    return kind.__module__.partition(".")[0] == __name__.partition(".")[0]
