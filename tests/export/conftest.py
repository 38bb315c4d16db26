"""Models to test every format with, and BioNetGen's own simulator to compare with.

A test that takes ``construct`` runs once for each file of ``models/``: one construct each. A test
that takes ``example`` runs once for each model of ``pysb.examples`` that has rules.
"""

import pkgutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pysb.examples
import pytest
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
            text = path.read_text()
        file = bngl.read(text)
        actions = [
            *map(str, file.changes),
            str(bngl.Action("generate_network", ({**file.bounds, "overwrite": 1.0},))),
            f'simulate({{method=>"ode",t_end=>{end},n_steps=>{steps},atol=>1e-12,rtol=>1e-12}})',
        ]
        (tmp_path / "model.bngl").write_text("\n".join([file.model, *actions, ""]))
        perl, bng = bng2.find()
        subprocess.run([perl, bng, "model.bngl"], cwd=tmp_path, check=True, capture_output=True)
        table = tmp_path / "model.gdat"
        names = table.read_text().partition("\n")[0].split()[1:]
        columns = np.loadtxt(table, ndmin=2).T
        return {
            renamed.get(name, name): column for name, column in zip(names, columns, strict=True)
        }

    return run
