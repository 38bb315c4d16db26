"""Targets as tests write them, and the smallest model whose ratios have a closed form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

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


@pytest.fixture(scope="package")
def turnover(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path: Path = tmp_path_factory.mktemp("turnover") / "turnover.bngl"
    path.write_text(TURNOVER, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="package")
def signalling() -> Loaded:
    return load("signalling")


@pytest.fixture
def target() -> Callable[..., Target]:
    """Return a target, of which a test says what matters to it."""

    def made(**said: Any) -> Target:
        usual: dict[str, Any] = {
            "dataset": "set",
            "line": "reference",
            "medium": "full",
            "stimulus": "",
            "drug": "",
            "lead_h": 0.0,
            "time_h": 1.0,
            "readout": "A_level",
            "reference": "vehicle",
            "log2": 0.0,
            "spread": 0.5,
            "n": 1,
        }
        return Target(**{**usual, **said})

    return made
