"""Targets as tests write them."""

from collections.abc import Callable
from typing import Any

import pytest
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load


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
