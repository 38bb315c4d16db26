"""What a simulation experiment is, in words that SED-ML has: plain data, and no simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class ArchiveError(ValueError):
    """Something that an archive cannot hold; the message says what."""


@dataclass(frozen=True)
class Course:
    """A uniform time course, in the model's own time."""

    begin: float  # where integration starts; before `start` lies pre-equilibration
    start: float  # first output
    end: float
    steps: int


@dataclass(frozen=True)
class Readout:
    """What is looked at: ``factor`` times the value of the element ``id``."""

    id: str
    kind: str  # "parameter", "compartment" or "species"
    label: str
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True)
class Series:
    """A parameter that takes one value after the other, each in a run of its own."""

    parameter: str
    values: tuple[float, ...]
    label: str


@dataclass(frozen=True)
class Described:
    """An experiment.

    Parameters
    ----------
    name : str
        An SId, unique in its archive.
    title : str
        What it is, in a line.
    model : str
        Path of the SBML file within the archive.
    changes : mapping
        New values by the id of a parameter, a compartment or a species: its initial amount.
    course : Course
        When one looks.
    readouts : tuple of Readout
        What a report holds.
    drawn : tuple of str
        Ids of the readouts that a plot shows.
    series : Series, optional
        What is varied.
    zero : float
        What time counts from in reports: the end of pre-equilibration.
    time_unit : str
        Of times; seconds are drawn as hours.
    relative, absolute : float
        Tolerances.
    """

    name: str
    title: str
    model: str
    course: Course
    readouts: tuple[Readout, ...]
    drawn: tuple[str, ...]
    changes: Mapping[str, float] = field(default_factory=dict)
    series: Series | None = None
    zero: float = 0.0
    time_unit: str = "s"
    relative: float = 1e-10
    absolute: float = 1e-12
