"""NFsim: molecules one by one from the rules themselves, where a network would be too big.

It needs no network, and so can do little of what the others do: it starts from the model's own
start, with any values of its parameters, runs once, and counts the model's observables. It knows
neither volumes nor units of amount other than molecules.

    >>> loaded = network_free(Path("polymers.bngl"))
    >>> engine = NfsimEngine(loaded, ["Bound"], Tolerances())
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

import numpy as np

from ...export.sbml.report import Report
from ...network.bionetgen import bng2, process
from ...network.network import Network
from ...network.sources import bngl, pysb_bngl
from ...network.sources import finding as sources
from ..sbml.model import Parameter, SbmlModel, digest
from .base import (
    STOCHASTIC,
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    UnsupportedError,
    Vector,
    failure,
)
from .molecules import counted, per_amount

if TYPE_CHECKING:
    from pysb import Model

_OTHERS: Final = "The engines 'roadrunner', 'bngsim' and 'run_network' can, from the network"
# NFsim records at equal intervals; so many at most are laid through the times that are wanted.
_INTERVALS: Final = 100_000


def network_free(source: sources.Source | Model | str | Path) -> Loaded:
    """Return a model for NFsim alone, without generating its network.

    Parameters
    ----------
    source : Source, pysb.Model, str or Path
        What :func:`.finding.load` takes.

    Raises
    ------
    SourceError
        If there is no such model.
    GenerationError
        If BNG2.pl refuses it.
    """
    found = sources.load(source)
    text = found.text or ""
    if found.model is not None:
        text = pysb_bngl.write(found.model).text
    tree = ElementTree.fromstring(_xml(text, {}))
    numbers = {
        one.attrib["id"]: float(one.attrib["value"])
        for one in _all(tree, "Parameter")
        if _is_number(one.attrib.get("expr", ""))
    }
    observables = tuple(one.attrib["name"] for one in _all(tree, "Observable"))
    model = SbmlModel(
        id=found.name,
        sha256=digest(text),
        species={},
        # What is derived from others follows them, and what BioNetGen made up is nobody's.
        parameters={
            **{n: Parameter(n, value) for n, value in numbers.items() if not n.startswith("_")},
            **{n: Parameter(n, None, rule="assignment") for n in observables},
        },
        sums={},
        outputs=observables,
        amounts={},
        starts=(),
        time_unit=None,
        reactions=(),
        used=frozenset(),
        events=False,
        timed=False,
        reversible=(),
    )
    names = {name: name for name in model.parameters}
    network = Network(found.name, (), (), (), (), (), (), bngl=text)
    return Loaded("", model, network, Report(symbols=names))


class NfsimEngine(Engine):
    """One process a run."""

    name = "nfsim"
    methods = (STOCHASTIC,)

    def __init__(
        self,
        loaded: Loaded,
        outputs: Sequence[str],
        tolerances: Tolerances,
        method: str = STOCHASTIC,
    ) -> None:
        super().__init__(loaded, outputs, tolerances)
        del method  # there is but one
        if loaded.network is None or not loaded.network.bngl or loaded.report is None:
            raise UnsupportedError(
                f"NFsim runs rules, and {loaded.model.id!r} is an SBML file; the engine "
                "'roadrunner' runs any SBML."
            )
        if per_amount(loaded) != 1:
            raise UnsupportedError(
                f"NFsim counts molecules, and {loaded.model.id!r} counts in moles. {_OTHERS}."
            )
        self._program = program()
        self._text = loaded.network.bngl
        written = {id: name for name, id in (loaded.report.symbols or {}).items()}
        self._names = {id: written[id] for id in self.model.settable if id in written}
        self._columns = [written.get(id, id) for id in self.outputs]
        tree = ElementTree.fromstring(_xml(self._text, {}))
        if any(True for _ in _all(tree, "compartment")):
            raise UnsupportedError(
                f"NFsim knows no volumes, and {loaded.model.id!r} has compartments. {_OTHERS}."
            )
        observables = {one.attrib["name"] for one in _all(tree, "Observable")}
        for id, column in zip(self.outputs, self._columns, strict=True):
            if column not in observables:
                raise UnsupportedError(
                    f"NFsim records observables, and {id!r} is none of {loaded.model.id!r}. "
                    f"{_OTHERS}."
                )
        self._seeds = np.random.default_rng(0)
        self._values: dict[str, float] = {}
        # What BNG2.pl wrote last, and for which values.
        self._changes: dict[str, float] | None = None
        self._written = ""
        self._fresh = False
        self._time = 0.0

    @property
    def version(self) -> str:
        """Version of the BioNetGen that it came with."""
        return bng2.version()

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        self._seeds = np.random.default_rng(seed)

    def start(self, values: Mapping[str, float], state: Vector, time: float) -> None:
        """Begin anew from the model's own start."""
        settable, own = self.model.initial(values)
        begun = np.array(list(own.values()))
        if list(settable.values()) != list(values.values()) or not np.array_equal(
            counted(state), counted(begun)
        ):
            raise UnsupportedError(
                "NFsim starts from what the model says, without doses, wash-outs or rest. "
                f"{_OTHERS}."
            )
        self._values, self._time, self._fresh = dict(values), time, True

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Refuse: NFsim tells no state to go on from."""
        raise UnsupportedError(f"NFsim cannot change anything on the way. {_OTHERS}.")

    @property
    def now(self) -> float:
        """The model time reached."""
        return self._time

    @property
    def state(self) -> Vector:
        """Refused: there are too many species to tell."""
        raise UnsupportedError(f"NFsim does not tell amounts of species. {_OTHERS}.")

    def rates(self) -> Vector:
        """Refuse: molecules have no rates."""
        raise UnsupportedError(f"NFsim has no rates of change. {_OTHERS}.")

    def integrate(self, times: Vector, steps: int | None = None) -> Vector:
        """Run from the start to the last of ``times`` and return the observables."""
        if not self._fresh:
            raise UnsupportedError(f"NFsim runs once from its start. {_OTHERS}.")
        self._fresh = False
        times = np.asarray(times, dtype=float) - self._time
        end = float(times[-1]) or 1.0
        count, places = _grid(times, end)
        changes = {name: self._values[id] for id, name in self._names.items()}
        with tempfile.TemporaryDirectory(prefix="mtorules-") as name:
            folder = Path(name)
            if changes != self._changes:
                self._changes, self._written = changes, _xml(self._text, changes)
            (folder / "model.xml").write_text(self._written, encoding="utf-8")
            done = process.run(
                [
                    *(str(self._program), "-xml", "model.xml", "-o", "out.gdat"),
                    *("-sim", repr(end), "-oSteps", str(count)),
                    "-bscb",  # as in networks, "+" joins two complexes, never parts of one
                    *("-seed", str(1 + int(self._seeds.integers(2**31 - 2)))),
                ],
                folder,
            )
            try:
                head, *_ = (folder / "out.gdat").read_text().splitlines()
                course = np.loadtxt(folder / "out.gdat", ndmin=2)
            except (OSError, ValueError):
                head, course = "", np.empty((0, 0))
        if len(course) <= places[-1]:
            lines = [line.strip() for line in done.said.splitlines() if line.strip()]
            said = lines[-1] if lines else "nothing"
            raise EngineError(failure(self.name, 0.0, f"it said {said!r}"))
        columns = head.replace("#", " ").split()
        return course[places][:, [columns.index(column) for column in self._columns]]


def _grid(times: Vector, end: float) -> tuple[int, list[int]]:
    """Return into how many intervals the run is cut, and where among their ends the times are."""
    for count in range(1, _INTERVALS):
        places = times / end * count
        if np.allclose(places, np.rint(places), rtol=0, atol=1e-6):
            return count, np.rint(places).astype(int).tolist()
    raise UnsupportedError(
        f"NFsim looks at equal intervals, and no {_INTERVALS:,} of them meet these times; choose "
        "rounder ones."
    )


def _xml(text: str, changes: Mapping[str, float]) -> str:
    """Return a model as NFsim reads it, with values of parameters changed."""
    file = bngl.read(text)
    actions = [
        *map(str, file.changes),
        *(f'setParameter("{name}",{value!r})' for name, value in changes.items()),
        "writeXML()",
    ]
    perl, program = bng2.find()
    with tempfile.TemporaryDirectory(prefix="mtorules-") as name:
        folder = Path(name)
        (folder / "model.bngl").write_text("\n".join([file.model, *actions, ""]), encoding="utf-8")
        done = process.run([perl, str(program), "model.bngl"], folder)
        try:
            return (folder / "model.xml").read_text(encoding="utf-8")
        except OSError:
            lines = [line for line in done.said.splitlines() if "ERROR" in line or "ABORT" in line]
            said = " ".join(lines[:1]) or "it said nothing"
            raise bng2.GenerationError(f"BioNetGen refuses the model: {said}") from None


def _all(tree: ElementTree.Element, tag: str) -> Iterable[ElementTree.Element]:
    return (one for one in tree.iter() if one.tag.rpartition("}")[2] == tag)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@cache
def program() -> Path:
    """Return the program, which lies beside BNG2.pl."""
    path = bng2.find()[1].parent / "bin" / "NFsim"
    if not os.access(path, os.X_OK):
        raise UnsupportedError(
            f"The engine 'nfsim' is missing: there is no program {path}. The Python package "
            "'bionetgen' brings it."
        )
    return path
