"""Models to test every format with, and other people's software to compare with.

A test that takes ``construct`` runs once for each file of ``models/``: one construct each. A test
that takes ``example`` runs once for each model of ``pysb.examples`` that has rules.
"""

import pkgutil
import random
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import libsbml
import numpy as np
import pysb.examples
import pytest
import roadrunner
from mtorules.export import bng2, bngl, generate, pysb_bngl, source
from mtorules.export.network import Network

MODELS = Path(__file__).parent / "models"


def constructs() -> list[Path]:
    """Return the model files, one construct each."""
    return sorted([*MODELS.glob("*.bngl"), *MODELS.glob("*.py")])


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
        path = MODELS / name
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
            model = source.load(path).model
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
            model = source.load(path).model
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
            del changes["A0"]  # the file's own setParameter has the last word
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
        model = source.load(module).model
        assert model is not None
        _simulate(tmp_path, pysb_bngl.write(model).text, end, steps)
        return np.loadtxt(tmp_path / "model.cdat", ndmin=2).T

    return run


def _simulate(folder: Path, text: str, end: float, steps: int) -> None:
    file = bngl.read(text)
    actions = [
        *map(str, file.changes),
        str(bngl.Action("generate_network", ({**file.bounds, "overwrite": 1.0},))),
        f'simulate({{method=>"ode",t_end=>{end},n_steps=>{steps},atol=>1e-12,rtol=>1e-12}})',
    ]
    (folder / "model.bngl").write_text("\n".join([file.model, *actions, ""]))
    perl, bng = bng2.find()
    subprocess.run([perl, bng, "model.bngl"], cwd=folder, check=True, capture_output=True)
