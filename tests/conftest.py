"""What every test shares: a fresh cache folder, signals that work, small models, other software.

A test that takes ``construct`` runs once for each file of ``constructs/``: one construct each. A
test that takes ``example`` runs once for each model of ``pysb.examples`` that has rules.
"""

import os
import pkgutil
import random
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import antimony
import libsbml
import numpy as np
import pysb.examples
import pytest
import roadrunner
from mtorules.network import generate
from mtorules.network.bionetgen import bng2
from mtorules.network.network import Network
from mtorules.network.sources import bngl, finding, pysb_bngl
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator

# A run in the background is born deaf to these, and so would be the processes that tests start.
for _signal, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, _usual)


@pytest.fixture(autouse=True, scope="session")
def cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests, and share one among the workers of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own below that of the run
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTORULES_CACHE", str(base / "cache"))
        yield


# -- models as rules, and what other people's software makes of them -------------------------------

CONSTRUCTS = Path(__file__).parent / "constructs"


def constructs() -> list[Path]:
    """Return the model files, one construct each."""
    return sorted([*CONSTRUCTS.glob("*.bngl"), *CONSTRUCTS.glob("*.py")])


def examples() -> list[str]:
    """Return the modules of pysb.examples with models that generate a network."""
    ruleless = {"tutorial_b", "tutorial_c"}  # monomers and initial conditions only
    return [
        f"pysb.examples.{module.name}"
        for module in pkgutil.iter_modules(pysb.examples.__path__)
        if not module.name.startswith("run_") and module.name not in ruleless
    ]


@pytest.fixture(params=constructs(), ids=lambda path: path.name)
def construct(request: pytest.FixtureRequest) -> Path:
    """Each construct's model file in turn."""
    return request.param


@pytest.fixture(params=examples(), ids=lambda name: name.rpartition(".")[2])
def example(request: pytest.FixtureRequest) -> str:
    """Each module of pysb.examples in turn."""
    return request.param


@pytest.fixture(scope="session")
def network_of() -> Callable[[str | Path], Network]:
    """Return a function that gives the network of a model file by name, made once."""
    made: dict[Path, Network] = {}

    def network(name: str | Path) -> Network:
        path = CONSTRUCTS / name
        if path not in made:
            made[path] = generate.network(path)
        return made[path]

    return network


@pytest.fixture
def run_network(tmp_path: Path) -> Callable[..., dict[str, np.ndarray]]:
    """Return a function that lets BioNetGen simulate a model file to a given time."""

    def run(path: Path, end: float, steps: int) -> dict[str, np.ndarray]:
        renamed: Mapping[str, str] = {}
        if path.suffix == ".py":
            model = finding.load(path).model
            assert model is not None
            written = pysb_bngl.write(model)
            text, renamed = written.text, written.renamed
        else:
            text = path.read_text(encoding="utf-8")
        _simulate(tmp_path, text, end, steps)
        table = tmp_path / "model.gdat"
        names = table.read_text(encoding="utf-8").partition("\n")[0].split()[1:]
        columns = np.loadtxt(table, ndmin=2).T
        return {
            renamed.get(name, name): column for name, column in zip(names, columns, strict=True)
        }

    return run


@pytest.fixture(scope="session")
def scaled() -> Callable[[Path, random.Random], tuple[Network, dict[str, float]]]:
    """Return a function that scales every number of a model before its network is generated.

    It returns that network, and the scaled values by name.
    """

    def scale(path: Path, factors: random.Random) -> tuple[Network, dict[str, float]]:
        changes: dict[str, float] = {}
        if path.suffix == ".py":
            model = finding.load(path).model
            assert model is not None
            for parameter in model.parameters:
                parameter.value *= factors.uniform(0.8, 1.25)
                changes[parameter.name] = parameter.value
            return generate.from_pysb(model, path.stem), changes

        def change(match: re.Match[str]) -> str:
            changes[match[2]] = float(match[3]) * factors.uniform(0.8, 1.25)
            return f"{match[1]}{match[2]} {changes[match[2]]!r}"

        before, block, after = re.split(
            r"(begin parameters\n.*?end parameters)", path.read_text(encoding="utf-8"), flags=re.S
        )
        block = re.sub(r"(?m)^(\s+)(\w+) (-?[\d.]+(?:e-?\d+)?)$", change, block)
        assert changes or path.name == "loose_layout.bngl"
        if path.name == "own_actions.bngl":
            del changes["A0"], changes["kr"]  # the file's own setParameter has the last word
        return generate.from_bngl(before + block + after, path.stem), changes

    return scale


@pytest.fixture(scope="session")
def findings() -> Callable[..., list[str]]:
    """Return a function that tells what libSBML finds in a text with every check on."""

    def check(text: str) -> list[str]:
        document = libsbml.readSBMLFromString(text)
        for category in (
            libsbml.LIBSBML_CAT_GENERAL_CONSISTENCY,
            libsbml.LIBSBML_CAT_IDENTIFIER_CONSISTENCY,
            libsbml.LIBSBML_CAT_UNITS_CONSISTENCY,
            libsbml.LIBSBML_CAT_MATHML_CONSISTENCY,
            libsbml.LIBSBML_CAT_SBO_CONSISTENCY,
            libsbml.LIBSBML_CAT_OVERDETERMINED_MODEL,
            libsbml.LIBSBML_CAT_MODELING_PRACTICE,
        ):
            document.setConsistencyChecks(category, True)
        document.checkConsistency()
        found = (document.getError(i) for i in range(document.getNumErrors()))
        return [
            f"{one.getSeverityAsString()} {one.getErrorId()}, line {one.getLine()}: "
            f"{one.getMessage().strip()}"
            for one in found
        ]

    return check


@pytest.fixture(scope="session")
def courses() -> Callable[..., dict[str, np.ndarray]]:
    """Return a function that lets libRoadRunner simulate a text and tells the courses of ids."""

    def run(text: str, times: np.ndarray, ids: Sequence[str]) -> dict[str, np.ndarray]:
        runner = roadrunner.RoadRunner(text)
        runner.integrator.relative_tolerance = 1e-10
        runner.integrator.absolute_tolerance = 1e-13
        runner.integrator.maximum_num_steps = 200_000
        table = runner.simulate(times=list(times), selections=["time", *ids])
        return {key: np.array(table[:, column]) for column, key in enumerate(ids, start=1)}

    return run


@pytest.fixture
def species_courses(tmp_path: Path) -> Callable[[str, float, int], np.ndarray]:
    """Return a function that lets BioNetGen simulate a module: time and amounts, row by row."""

    def run(module: str, end: float, steps: int) -> np.ndarray:
        model = finding.load(module).model
        assert model is not None
        _simulate(tmp_path, pysb_bngl.write(model).text, end, steps)
        return np.loadtxt(tmp_path / "model.cdat", ndmin=2).T

    return run


def _simulate(folder: Path, text: str, end: float, steps: int) -> None:
    file = bngl.read(text)
    actions = [
        str(bngl.Action("generate_network", ({**file.bounds, "overwrite": 1.0},))),
        *map(str, file.changes),
        f'simulate({{method=>"ode",t_end=>{end},n_steps=>{steps},atol=>1e-12,rtol=>1e-12}})',
    ]
    (folder / "model.bngl").write_text("\n".join([file.model, *actions, ""]))
    perl, bng = bng2.find()
    subprocess.run([perl, bng, "model.bngl"], cwd=folder, check=True, capture_output=True)


# -- small models in Antimony's words, which none of our code reads or writes, and as rules --------

Simulate = Callable[..., Simulator]

# Nanomolar in picolitres, as our own models have it.
OURS = """
    unit substance = 1e-21 mole; unit volume = 1e-12 litre; unit time_unit = second;
"""


@cache
def sbml(text: str) -> str:
    """Return the SBML that Antimony writes."""
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    return antimony.getSBMLString(antimony.getMainModuleName())


@pytest.fixture(scope="session")
def antimony_sbml() -> Callable[[str], str]:
    """Return a function that turns a model in Antimony's words into SBML."""
    return sbml


CONVERTED = """
    model converted; substanceOnly species A, B; A = 10; B = 0; k1 = 0.3; k2 = 0.1; two = 2;
    five = 5; J1: A -> B; k1*A; J2: B -> A; k2*B; end
"""


@pytest.fixture(scope="session")
def converted_sbml() -> str:
    """Return SBML in which A and B become each other, and extents count two of A and five of B.

    So A/2 + B/5 stays 5, and at rest B = 3 A, as long as ``two`` and ``five`` are what they are.
    """
    text = sbml(CONVERTED)
    for species, factor in (("A", "two"), ("B", "five")):
        opened = f'<species id="{species}"'
        text = text.replace(opened, f'{opened} conversionFactor="{factor}"')
    return text


@pytest.fixture
def simulate() -> Simulate:
    """Return a function that makes a simulator of a model in Antimony's words.

    With ``ours=True`` the model counts in zmol, picolitres and seconds.
    """

    def simulator(
        body: str, observables: Sequence[str] | None = None, *, ours: bool = True, **more: object
    ) -> Simulator:
        text = f"model tiny\n{OURS if ours else ''}\n{body}\nend\n"
        return Simulator(from_sbml(sbml(text)), observables, **more)  # type: ignore[arg-type]

    return simulator


@cache
def _ruled(rules: str, species: str, parameters: str, functions: str = "") -> Loaded:
    text = f"""begin model
begin parameters
V 2
{parameters}
end parameters
begin compartments
cell 3 V
end compartments
begin molecule types
A(b)
B(a)
end molecule types
begin seed species
{species}
end seed species
begin observables
Molecules A A()@cell
Molecules B B()@cell
Molecules AB A(b!1).B(a!1)@cell
end observables
begin functions
{functions}
end functions
begin reaction rules
{rules}
end reaction rules
end model
"""
    return load(generate.from_bngl(text, "small"))


@pytest.fixture(scope="session")
def ruled() -> Callable[..., Loaded]:
    """Return a function that makes a model of molecules A and B in a cell of 2 pL.

    It takes rules, seed species, parameters and functions as BNGL.
    """
    return _ruled


# A is made at s and lost at k: from rest at s/k, it goes to s'/k' as exp(-k' t).
TURNOVER = """
begin model
begin parameters
  s 1e-2
  k 1e-3
  A_0 10
end parameters
begin seed species
  A() A_0
  B() 7
end seed species
begin observables
  Molecules A_level A()
  Molecules B_level B()
end observables
begin reaction rules
  0 -> A() s
  A() -> 0 k
end reaction rules
end model
"""


@pytest.fixture(scope="session")
def turnover_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the smallest model whose courses have a closed form."""
    path: Path = tmp_path_factory.mktemp("turnover") / "turnover.bngl"
    path.write_text(TURNOVER, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def turnover(turnover_file: Path) -> Loaded:
    """Return that model."""
    return load(turnover_file)
