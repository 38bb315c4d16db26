"""Models that are open in a process: loaded and compiled once, with all that can be looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..analysis.asking import readouts as asking
from ..analysis.asking.readouts import Readouts
from ..models import catalogue
from ..network import generate
from ..network.bionetgen.limits import Limits
from ..simulation import load
from ..simulation.archives import unpacking
from ..simulation.engines import Loaded, default_engine
from ..simulation.engines.jumps import jumping
from ..simulation.experiments.experiments import Experiment
from ..simulation.sbml import documents
from ..simulation.simulator import Course, Simulator
from .errors import ExploreError

# Networks of uploads are held to less than those of one's own machine.
_LIMITS: Final = Limits(molecules=25, species=5000, reactions=30_000, seconds=30.0)
# What is looked at first, of what there is, and how much of it.
_FIRST: Final = ("S6K_pT389", "EBP1_pT37", "AKT_pS473", "ERK_p", "net_growth")
_LOOKED: Final = 6
# So many models and courses are kept open.
_MODELS: Final = 6
_COURSES: Final = 40
# Courses of more quantities than this take too much memory.
_OUTPUTS: Final = 2000


@dataclass
class Opened:
    """A model that is ready.

    Attributes
    ----------
    name : str
        As the page calls it.
    path : Path or None
        The file of an upload.
    """

    name: str
    loaded: Loaded
    path: Path | None = None
    _courses: OrderedDict[str, Course] = field(default_factory=OrderedDict)

    @cached_property
    def engine(self) -> str:
        """What integrates; of SBML files only libRoadRunner takes any."""
        network = self.loaded.network
        if self.path is None:
            return default_engine()
        if network is None or jumping(network):
            return "roadrunner"
        return default_engine()

    @cached_property
    def known(self) -> tuple[str, ...]:
        """All that can be looked at by name: readouts of the reviews, then the model's outputs."""
        model = self.loaded.model
        shown = model.shown or tuple(model.species)
        return tuple(dict.fromkeys([*asking.known(model), *shown]))

    @cached_property
    def default(self) -> tuple[str, ...]:
        """What is looked at first."""
        if self.path is None:
            own = catalogue.entry(self.name).readouts
            found = dict.fromkeys(name for name in (*_FIRST, *own) if name in self.known)
            return tuple(found)[:_LOOKED]
        return asking.default(self.loaded, self.name)[:_LOOKED]

    @cached_property
    def simulator(self) -> Simulator:
        """What runs every course; it records all that can be looked at."""
        outputs = dict.fromkeys(self.readouts(self.known).outputs)
        if len(outputs) > _OUTPUTS:
            raise ExploreError(
                f"{self.loaded.model.id!r} has {len(outputs):,} quantities that vary; up to "
                f"{_OUTPUTS:,} can be shown here. 'mtorules simulate' takes any."
            )
        return Simulator(self.loaded, list(outputs), engine=self.engine)

    def readouts(self, names: tuple[str, ...] | list[str]) -> Readouts:
        """Return readouts by name; see :mod:`...analysis.asking.readouts`."""
        return asking.of(self.loaded.model, list(names))

    def course(self, key: str, experiment: Experiment) -> Course:
        """Return a course, which is run unless it is kept under its key."""
        found = self._courses.get(key)
        if found is None:
            found = self._courses[key] = self.simulator.course(experiment)
            while len(self._courses) > _COURSES:
                self._courses.popitem(last=False)
        self._courses.move_to_end(key)
        return found

    def numbers(self, course: Course) -> Mapping[str, NDArray[np.float64]]:
        """Return what was recorded, by name."""
        return dict(zip(course.observables, course.values.T, strict=True))


_open: OrderedDict[str, Opened] = OrderedDict()


def opened(name: str, path: str | None = None) -> Opened:
    """Return a model of the catalogue, or an upload that lies at a path.

    Raises
    ------
    ExploreError
        If there is none of that name.
    """
    key = path or name
    if key not in _open:
        if path is None and name not in catalogue.names():
            raise ExploreError(
                f"There is no model {name!r} here; there are {', '.join(catalogue.names())}."
            )
        _open[key] = Opened(name, _loaded(path or name), Path(path) if path else None)
        while len(_open) > _MODELS:
            _open.popitem(last=False)
    _open.move_to_end(key)
    return _open[key]


def _loaded(source: str) -> Loaded:
    if source.lower().endswith(".omex"):
        return _of_archive(Path(source))
    if load.is_sbml_file(source) or source in catalogue.names():
        return load.load(source)
    return load.load(generate.network(Path(source), limits=_LIMITS))


def _of_archive(path: Path) -> Loaded:
    """Return the model of an archive: the first in its manifest, where it holds several."""
    try:
        archive = unpacking.read(path)
    except unpacking.ArchiveFileError:
        return load.load(path)  # which says what is wrong, or takes a plain zip file
    models = [each.path for each in archive.entries if "sbml" in each.format.lower()]
    if len(models) < 2 or models[0] not in archive.files:
        return load.load(path)
    return load.from_sbml(documents.text(archive.files[models[0]], f"{path.name}:{models[0]}"))
