"""A small model, and what was measured of it."""

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from mtorules.analysis.petab import building, choosing, measurements, trials
from mtorules.analysis.petab.building import Built
from mtorules.network.units.quantities import seconds
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

collect_ignore = (
    []
    if importlib.util.find_spec("petab")
    else ["test_objective.py", "test_reading.py", "test_writing.py", "test_elsewhere.py"]
)

MODEL = """
begin model
begin parameters
  kf 1e-3
  kr 1e-3
  A_0 100
  B_0 50
end parameters
begin molecule types
  A(b)
  B(a)
end molecule types
begin seed species
  A(b) A_0
  B(a) B_0
end seed species
begin observables
  Molecules A_free A(b)
  Molecules AB A(b!1).B(a!1)
end observables
begin reaction rules
  bind: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
end reaction rules
end model
"""
ESTIMATED = ("kf=1e-4..1e-1", "kr=1e-4..1e-2", "A_0=50..200")

# A rest, doses, wash-outs and a changed constant: several periods of every sort.
TABLE = """\
experiment,observable,time,value,unit,batch,spread,pre_equilibrate,dose,washout,set
one,AB,1 h,45,,,2,yes,A_free=20 @ 0 s,,
one,AB,2 h,30,,,2,yes,A_free=20 @ 0 s,,
two,AB / A_free,100 s,0.3,,,0.1,,A_free=30; AB=3 @ 50 s,AB=50 % @ 70 s; AB @ 20 s,kf=2e-3
"""
# Blots in two batches, and numbers.
BLOTS = """\
observable,time,value,unit,batch,spread
AB,100 s,5.1,a.u.,first,0.2
AB,200 s,8.2,a.u.,first,0.2
AB,400 s,9.5,a.u.,first,0.2
AB,100 s,21,a.u.,second,
AB,400 s,39,a.u.,second,
AB,900 s,41,a.u.,second,
AB,300 s,48,,,
A_free,300 s,0.5,fold,,0.1 log2
A_free,900 s,0.45,fold,,0.1 log2
"""

Build = Callable[..., Built]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a BNGL file: A and B bind, 100 and 50 of them."""
    path = tmp_path_factory.mktemp("models") / "binding.bngl"
    path.write_text(MODEL)
    return path


@pytest.fixture(scope="session")
def binding(model: Path) -> Loaded:
    """The model, loaded."""
    return load(model)


@pytest.fixture
def build(binding: Loaded, tmp_path: Path) -> Build:
    """Return what builds a problem of the model from the text of a table."""

    def made(
        text: str, *, estimated: Sequence[str] = ESTIMATED, formulas_set: bool = True
    ) -> Built:
        path = tmp_path / "table.csv"
        path.write_text(text)
        rows = measurements.read(path, seconds)
        done = trials.done(rows, {}, "binding.bngl", seconds)
        known = choosing.free(binding, "binding.bngl")
        chosen = choosing.chosen(binding, known, estimated)
        return building.build(binding, rows, done, chosen, formulas_set=formulas_set)

    return made
