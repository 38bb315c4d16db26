"""The command line as a test calls it, and the smallest models it can be called on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from mtorules.cli.main import main

BINDING = """
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

IN_PYTHON = """
from pysb import Initial, Model, Monomer, Observable, Parameter, Rule

Model()
Monomer("A", [])
Parameter("A_0", 100)
Parameter("k", 0.01)
Initial(A(), A_0)
Rule("decay", A() >> None, k)
Observable("A_left", A())
"""


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str


Call = Callable[..., Result]


@pytest.fixture
def mtorules(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process."""

    def call(*arguments: str | Path) -> Result:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Result(status, out, err)

    return call


@pytest.fixture
def binding(tmp_path: Path) -> Path:
    """Return a BNGL file: A and B bind, 100 and 50 molecules, reversibly."""
    path = tmp_path / "binding.bngl"
    path.write_text(BINDING)
    return path


@pytest.fixture
def in_python(tmp_path: Path) -> Path:
    """Return a Python file that holds a PySB model: A decays at 0.01/s from 100."""
    path = tmp_path / "decay_model.py"
    path.write_text(IN_PYTHON)
    return path
