"""A parameter estimation problem as PEtab states it, whichever version it is written in.

Formulas are text in PEtab's own mathematics; ids in them are those of the model's file, of
parameters, and of the placeholders of an observable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

VERSIONS: Final[Mapping[str, str]] = {"petab": "2.0.0", "petab-v1": "1"}
"""Versions of PEtab by the name of the format that means it."""

DISTRIBUTIONS: Final = ("normal", "laplace")
SCALES: Final = ("lin", "log", "log10")
"""Distributions of noise, and the scales on which it may be added."""


class PetabError(ValueError):
    """A problem that cannot be stated, read or evaluated; the message says what and where."""


@dataclass(frozen=True)
class Prior:
    """What is known of a parameter beforehand.

    Parameters
    ----------
    kind : str
        As PEtab 2 calls it, such as ``log-normal``.
    numbers : tuple of float
        Its parameters.
    truncated : bool
        Whether the bounds of the parameter cut it off, as those of PEtab 2 do.
    base : float, optional
        Of the logarithm that the parameter is taken of first, where that is not natural.
    """

    kind: str
    numbers: tuple[float, ...]
    truncated: bool = True
    base: float | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter of the problem: of the model, or of what is observed."""

    id: str
    value: float
    low: float
    high: float
    estimated: bool = True
    prior: Prior | None = None
    name: str = ""


@dataclass(frozen=True)
class Observable:
    """What is measured.

    Parameters
    ----------
    id, name : str
        How measurements call it, and people.
    formula, noise : str
        Its value, and the scale of its noise.
    distribution : str
        ``normal`` or ``laplace``.
    scale : str
        On what scale noise is added: ``lin``, ``log`` or ``log10``.
    placeholders, noise_placeholders : tuple of str
        Ids that each measurement gives a value or a parameter.
    """

    id: str
    formula: str
    noise: str
    name: str = ""
    distribution: str = "normal"
    scale: str = "lin"
    placeholders: tuple[str, ...] = ()
    noise_placeholders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.distribution not in DISTRIBUTIONS or self.scale not in SCALES:
            raise PetabError(
                f"The noise of observable {self.id!r} is {self.distribution!r} on the scale "
                f"{self.scale!r}; known are {' and '.join(DISTRIBUTIONS)} on {', '.join(SCALES)}."
            )


@dataclass(frozen=True)
class Stage:
    """A stretch of an experiment: when it starts, and what is set then, each to a formula."""

    time: float
    changes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """An experiment; without stages the model is used as it is, from time 0."""

    id: str
    stages: tuple[Stage, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Measurement:
    """A number that was measured."""

    observable: str
    trial: str
    time: float
    value: float
    parameters: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    batch: str = ""


@dataclass(frozen=True)
class Problem:
    """A model, what was done to it, what was measured, and what is to be estimated.

    Attributes
    ----------
    id : str
        Name of the problem.
    sbml : str
        The model.
    parameters, observables, trials, measurements : sequence
        What is in its tables.
    renewed : bool
        Whether constants that follow from others do so anew in each stage, as in version 1, whose
        conditions are values for a model and no changes of one.
    """

    id: str
    sbml: str
    parameters: Sequence[Parameter]
    observables: Sequence[Observable]
    trials: Sequence[Trial]
    measurements: Sequence[Measurement]
    renewed: bool = False

    @property
    def estimated(self) -> list[Parameter]:
        """The parameters that are to be estimated."""
        return [each for each in self.parameters if each.estimated]
