"""CellML, checked by libCellML; the Python that it generates, against libRoadRunner."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.export.formats import FORMATS
from mtorules.network import generate
from scipy.integrate import solve_ivp

cellml = pytest.importorskip("libcellml", reason="libCellML is not installed")


def faults(found: Any) -> list[str]:
    said = [found.issue(i).description() for i in range(found.issueCount())]
    # An exponent that is a parameter is no fault: its value is what the units need.
    return [each for each in said if "are equivalent as long as the value" not in each]


def generated(text: str) -> dict:
    """Return what the program holds that libCellML generates, after all of its checks."""
    parser = cellml.Parser(True)
    model = parser.parseModel(text)
    assert faults(parser) == []
    validator = cellml.Validator()
    validator.validateModel(model)
    assert faults(validator) == []
    analyser = cellml.Analyser()
    analyser.analyseModel(model)
    assert faults(analyser) == []
    profile = cellml.GeneratorProfile(cellml.GeneratorProfile.Profile.PYTHON)
    generator = cellml.Generator()
    code = generator.implementationCode(analyser.analyserModel(), profile)
    program: dict = {}
    exec(compile(code, "generated.py", "exec"), program)
    return program


class Program:
    """What libCellML generated, as a system of equations."""

    def __init__(self, text: str) -> None:
        self.code = generated(text)
        kinds = ("states", "constants", "computed_constants", "algebraic_variables")
        states, *others = (self.code[f"create_{kind}_array"]() for kind in kinds)
        self.arrays = [states, list(states), *others]  # rates come second
        self.code["initialise_arrays"](*self.arrays)
        self.code["compute_computed_constants"](0.0, *self.arrays)
        self.start = list(states)

    def rates(self, time: float, states: np.ndarray) -> list[float]:
        self.arrays[0] = list(states)
        self.code["compute_rates"](time, *self.arrays)
        return list(self.arrays[1])

    def values(self, time: float, states: np.ndarray) -> dict[str, float]:
        self.rates(time, states)
        self.code["compute_variables"](time, *self.arrays)
        kinds = ("STATE", "CONSTANT", "COMPUTED_CONSTANT", "ALGEBRAIC_VARIABLE")
        places = (self.arrays[0], *self.arrays[2:])
        return {
            info["name"]: value
            for kind, values in zip(kinds, places, strict=True)
            for info, value in zip(self.code[f"{kind}_INFO"], values, strict=True)
        }

    def run(self, names: list[str], times: np.ndarray) -> np.ndarray:
        found = solve_ivp(
            self.rates, (0, times[-1]), self.start, "LSODA", times,
            rtol=1e-10, atol=1e-13, max_step=times[-1] / 1000,
        )  # fmt: skip
        assert found.success, found.message
        rows = [self.values(time, state) for time, state in zip(times, found.y.T, strict=True)]
        return np.array([[row[name] for name in names] for row in rows])


def test_libcellml_does_what_libroadrunner_does(
    construct: Path, agrees: Callable[..., None]
) -> None:
    network = generate.network(construct)
    agrees(network, Program(FORMATS["cellml"].text(network)).run)


@pytest.mark.parametrize("model", ["complexes", "signalling"])
def test_our_models_agree_in_their_units_too(model: str, agrees: Callable[..., None]) -> None:
    network = generate.network(model)
    program = Program(FORMATS["cellml"].text(network))
    assert any("unit" in info["units"] for info in program.code["STATE_INFO"])
    if model == "complexes":
        agrees(network, program.run)
