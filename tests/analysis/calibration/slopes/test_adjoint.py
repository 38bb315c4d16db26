"""Gradients that go back along experiments, against differences of experiments run anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration.slopes.adjoint import Adjoint, following
from mtorules.analysis.calibration.slopes.tracing import Tracer
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.experiments import from_text
from mtorules.simulation.load import load

NAMES = ["RHEB_GTP_nM", "pERK_y204_nM", "pTSC2_s1798_nM", "TSC_GAP_nM"]
# A total that reactions conserve, constants of rates, and one that stands in a formula only.
FREE = [
    "KRAS_0",
    "keff_BRAF_phosphorylates_MEK_s218",
    "k_ERK_y204_dephosphorylation",
    "keff_TSC_stimulates_RHEB_hydrolysis",
    "activity_TSC2_s1798",
    "k_RHEB_exchange",
]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("mapk_tsc")


@pytest.fixture(scope="module")
def tracer(loaded: Loaded) -> Tracer:
    return Tracer(loaded, NAMES, engine="bngsim", tolerances=Tolerances(1e-9), cache=False)


def experiment(base: dict[str, float], times: list[float]) -> from_text.Experiment:
    """A cell at rest, which loses NF1 at the start and RAS a good while later."""
    words = from_text.Words(
        settings=("NF1_0=20 nM", "keff_NF1_stimulates_KRAS_hydrolysis=0.00001 @ 0 s"),
        equilibrated=True,
    )
    return from_text.experiment(words, times, base=base)


@pytest.mark.parametrize(
    ("times", "tolerance"),
    # Rest follows from the implicit function theorem; on the way steps are long, as a fit needs.
    [([600.0, np.inf], 1e-5), ([0.0, 600.0, 7200.0], 0.05)],
)
def test_gradients_agree_with_differences(
    loaded: Loaded, tracer: Tracer, times: list[float], tolerance: float
) -> None:
    agree(loaded, tracer, experiment, FREE, times, tolerance)


@pytest.mark.parametrize("end", [900.0, 6 * 3600.0, 86400.0])
def test_gradients_agree_where_fast_amounts_follow_slow_ones(end: float) -> None:
    """A drug gets in within hours, and all it binds follows it within seconds, on and on."""
    loaded = load("complexes")
    names = ["MTORC1_intact", "MTORC2"]
    tracer = Tracer(loaded, names, engine="bngsim", tolerances=Tolerances(1e-9), cache=False)
    dose = from_text.Words(doses=("RAPA_medium=1 nM @ 0 s",), equilibrated=True)

    def dosed(base: dict[str, float], times: list[float]) -> from_text.Experiment:
        return from_text.experiment(dose, times, base=base)

    free = ["permeability_surface_RAPA", "FKBP1A_0", "MTOR_0", "hindrance_RPTOR_RAPA"]
    agree(loaded, tracer, dosed, free, [0.0, end], 0.05)


def agree(
    loaded: Loaded,
    tracer: Tracer,
    made: Callable[[dict[str, float], list[float]], from_text.Experiment],
    free: Sequence[str],
    times: list[float],
    tolerance: float,
) -> None:
    """Hold gradients of what is seen last against differences, by the largest of each output."""
    names = tracer.observables
    base = {name: float(loaded.model.parameters[name].value or 0) for name in free}
    trace = tracer.trace(made(base, times))
    size = len(names)
    weights = np.zeros((len(times), size, size))
    weights[-1] = np.eye(size)
    gradient = Adjoint(loaded, [loaded.model.output(name) for name in names]).gradient(
        trace, weights, free, [{name: name for name in free}] * len(trace.stretches)
    )
    differences = np.empty((size, len(free)))
    for column, name in enumerate(free):
        up, down = (
            tracer.trace(made({**base, name: base[name] * factor}, times)).outputs[-1]
            for factor in (1.001, 1 / 1.001)
        )
        differences[:, column] = (up - down) / (2 * np.log(1.001))
    scale = np.abs(differences).max(axis=1, keepdims=True)
    assert np.all(scale > 0)
    # Outputs are in nM here, and amounts there.
    settable, _ = loaded.model.initial({})
    gradient *= tracer._outputs.scales(settable, {})[:, None]
    np.testing.assert_allclose(gradient / scale, differences / scale, atol=tolerance)


def test_cells_come_to_the_same_rest_from_nearby_as_from_the_start(
    loaded: Loaded, tracer: Tracer
) -> None:
    base = {name: float(loaded.model.parameters[name].value or 0) for name in FREE}
    tracer.trace(experiment(base, [0.0]), "cell")
    moved = {name: value * (1.2 if name == "KRAS_0" else 0.8) for name, value in base.items()}
    near = tracer.trace(experiment(moved, [0.0]), "cell").outputs
    tracer._resting._known.clear()  # which would be the same one
    np.testing.assert_allclose(near, tracer.trace(experiment(moved, [0.0])).outputs, rtol=1e-7)


def test_what_follows_a_parameter_at_the_start_is_known(loaded: Loaded) -> None:
    given = {"KRAS_0": 115.0, "V_cell": 2.0}
    values, states = following(loaded.model, given, {"KRAS_0": "KRAS_0"}, ["KRAS_0"])
    settable, begun = loaded.model.initial(given)
    more, now = loaded.model.initial({**given, "KRAS_0": 115.0 * 1.01})
    for ids, before, after, found in (
        (loaded.model.settable, settable, more, values),
        (loaded.model.state_ids, begun, now, states),
    ):
        expected = [(after[id] - before[id]) / 0.01 for id in ids]
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6, atol=1e-9)


EXCHANGE = """
begin model
begin parameters
  A0 10
  B0 4
  k1 0.3
  k2 0.1
  made 0.02
  lost 0.001
  turnover 1
  trace 1e-13
end parameters
begin molecule types
  A()
  B()
  C()
end molecule types
begin seed species
  A() A0
  B() B0
end seed species
begin observables
  Molecules A_all A()
  Molecules C_all C()
end observables
begin reaction rules
  A() <-> B() k1, k2
  0 -> A() made*turnover
  A() -> 0 lost*turnover
  A() -> A() + C() trace
  C() -> 0 1
end reaction rules
end model
"""


@pytest.mark.parametrize(
    ("turnover", "expected"),
    [
        # A = made / lost, wherever it begins: nothing is conserved.
        (1.0, {"made": 1, "lost": -1}),
        # A = (A0 + B0) k2 / (k1 + k2): what is switched off leaves the sum of both unchanged.
        (0.0, {"A0": 10 / 14, "B0": 4 / 14, "k1": -0.75, "k2": 0.75}),
    ],
)
def test_rest_follows_what_is_conserved_with_the_values_of_the_cell(
    tmp_path: Path, turnover: float, expected: dict[str, float]
) -> None:
    path = tmp_path / "exchange.bngl"
    path.write_text(EXCHANGE, encoding="utf-8")
    loaded = load(path)
    names = ["A0", "B0", "k1", "k2", "made", "lost", "trace"]
    outputs = ["A_all", "C_all"]
    tracer = Tracer(loaded, outputs, engine="bngsim", tolerances=Tolerances(1e-9), cache=False)
    words = from_text.Words(settings=(f"turnover={turnover}",), equilibrated=True)
    base = {name: float(loaded.model.parameters[name].value or 0) for name in names}
    trace = tracer.trace(from_text.experiment(words, [0.0], base=base))
    # So little of C is known on a second attempt only, and the first is no part of the trace.
    assert len(trace.stretches) == 2
    found = Adjoint(loaded, [loaded.model.output(name) for name in outputs]).gradient(
        trace, np.eye(2)[None], names, [{name: name for name in names}] * 2
    )
    slopes = {name: float(expected.get(name, 0)) for name in names}
    for row, own in enumerate((0.0, 1.0)):
        np.testing.assert_allclose(
            found[row] / trace.outputs[0, row],
            list({**slopes, "trace": own}.values()),
            atol=1e-5,
        )
