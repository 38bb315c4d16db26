from pathlib import Path

import pytest
from mtorules.analysis.claims import arithmetic, binding, planning, reading
from mtorules.analysis.claims.reading import ClaimsError
from mtorules.analysis.claims.readouts import Readouts
from mtorules.simulation.load import load
from mtorules.simulation.sbml.model import SbmlModel

FILE = """
claims:
  - id: one
    statement: It is so.
    review: A
    kind: dynamics
    experiments:
      vehicle: [closed_system]
      drug: {like: vehicle, doses: {rapamycin: x 0.5}}
      drained: {like: drug, bath: finite}
      less: {like: drug, set: {MTOR_0: x 0.5}}
    checks:
      - {ratio: MTORC1, of: drug, to: vehicle, at: 1 h, expect: <= 1}
      - {ratio: MTORC1, of: drained, to: less, at: 2 h, expect: <= 1}
  - id: two
    statement: It is so again.
    review: A
    kind: dynamics
    experiments:
      same: {conditions: closed_system, doses: {rapamycin: x 0.5}}
    checks:
      - {value: MTORC1 / MTOR_total, of: same, at: 3 h, expect: <= 1}
"""


@pytest.fixture(scope="module")
def model() -> SbmlModel:
    return load("complexes").model


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(FILE)
    return path


def test_what_does_the_same_is_run_once(file: Path, model: SbmlModel) -> None:
    bound = binding.bind(reading.read([file]), model)
    assert len(bound.plans) == 4
    times = sorted(sorted(times) for times in bound.times.values())
    assert times == [[3600.0], [3600.0, 10800.0], [7200.0], [7200.0]]
    assert set(bound.outputs) == {"MTORC1", "MTOR_total"}


def test_claims_that_are_known_to_fit_are_bound_alike(file: Path, model: SbmlModel) -> None:
    claims, cell = reading.read([file]), {"MTOR_0": 100.0}
    looked, known = (binding.bind(claims, model, cell, sound=sound) for sound in (False, True))
    assert (known.plans, known.times, known.outputs) == (looked.plans, looked.times, looked.outputs)
    assert all(plan.base == cell for plan in known.plans.values())


def test_words_become_the_experiment_they_describe(file: Path, model: SbmlModel) -> None:
    claims = reading.read([file])
    planner = planning.Planner(model)
    plan = planner.plan(planner.run(claims.claims[0], "less"))
    rest, start = plan.experiment([3600.0]).periods
    assert rest.values["turnover"] == 0
    assert rest.values["V_medium"] == 2e9
    assert rest.values["MTOR_0"] == pytest.approx(0.5 * (model.parameters["MTOR_0"].value or 0))
    (dose,) = start.doses
    assert (dose.species, dose.concentration) == ("RAPA_medium", 10.0)
    finite = planner.plan(planner.run(claims.claims[0], "drained"))
    assert "V_medium" not in finite.experiment([0.0]).periods[0].values


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ("[closed_system]", "[closed_systm]", 8, "Did you mean 'closed_system'"),
        ("like: vehicle", "like: vehicl", 9, "did you mean 'vehicle'?"),
        (
            "{rapamycin: x 0.5}}\n      drained",
            "{rapamycn: 1 nM}}\n      drained",
            9,
            "'rapamycin'",
        ),
        ("x 0.5}}\n      drained", "1}}\n      drained", 9, "no unit"),
        ("MTOR_0: x", "MTR_0: x", 11, "did you mean 'MTOR_0'?"),
        ("MTOR_0: x 0.5", "MTOR_0: 5 h", 11, "'5 h' is a time, not a concentration"),
        ("MTOR_0: x 0.5", "V_cell: 0 pL", 11, "has no value: float division"),
        ("x 0.5}}\n      drained", "1 nM}, set: {V_cell: x 0}}\n      drained", 9, "has no value"),
        ("rapamycin: x 0.5", "Torin1: 1 nM", 9, "Torin1 is given as TORKI, which model"),
        ("ratio: MTORC1,", "ratio: MTORC3,", 13, "MTORC1"),
        ("of: drug, to", "of: drog, to", 13, "did you mean 'drug'?"),
        ("expect: <= 1}", "expect: <= 1, panel: none}", 13, "no panel 'none'"),
        ("MTOR_0: x 0.5", "MTOR_0: x many", 11, "'many' is not a number"),
        ("MTOR_0: x 0.5", "MTOR_0: x -1", 11, "is negative"),
        ("MTOR_0: x 0.5", "MTOR_0: 5 parsec", 11, "There is no unit 'parsec'"),
        ("x 0.5}}\n      drained", "1.2.3 IC50}}\n      drained", 9, "is not a number"),
        ("ratio: MTORC1, of: drug, to: vehicle, at: 1 h, expect: <= 1", "exists: 'A('", 13, "read"),
        ("of: drug, to: vehicle", "of: '', to: vehicle", 13, "there is no experiment ''"),
        ("like: vehicle", "like: less", 9, "are like each other"),
    ],
)
def test_what_the_model_lacks_is_said_with_its_line(
    file: Path, model: SbmlModel, good: str, bad: str, line: int, said: str
) -> None:
    file.write_text(FILE.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ClaimsError) as caught:
        binding.bind(reading.read([file]), model)
    found = str(caught.value).splitlines()
    assert any(text.startswith(f"claims.yaml:{line}:") and said in text for text in found), found


def test_all_faults_come_at_once(file: Path, model: SbmlModel) -> None:
    text = FILE.replace("MTOR_0: x", "MTR_0: x").replace("conditions: closed", "conditions: clsd")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimsError) as caught:
        binding.bind(reading.read([file]), model)
    assert len(str(caught.value).splitlines()) == 2


def test_a_chain_of_a_thousand_experiments_is_followed(tmp_path: Path, model: SbmlModel) -> None:
    path = tmp_path / "long.yaml"
    before = ["vehicle", *(f"e{index}" for index in range(2999))]
    links = "".join(f"      e{i}: {{like: {name}}}\n" for i, name in enumerate(before))
    path.write_text(
        FILE.partition("  - id: two")[0].replace("    checks:", f"{links}    checks:"),
        encoding="utf-8",
    )
    planner = planning.Planner(model)
    claim = reading.read([path]).claims[0]
    assert planner.run(claim, "e2999") == planner.run(claim, "vehicle")


def test_a_panel_without_parameters_that_vary_is_told(tmp_path: Path, model: SbmlModel) -> None:
    path = tmp_path / "claims.yaml"
    panel = "{genotypes: {a: []}, draws: 2, spread: 2, parameters: [nothing_*]}"
    path.write_text(
        FILE.replace("expect: <= 1}", "expect: <= 1, panel: odd}", 1) + f"panels:\n  odd: {panel}\n"
    )
    with pytest.raises(ClaimsError, match=r"claims.yaml:13: one: .* no parameter for 'nothing_\*'"):
        binding.bind(reading.read([path]), model)


def test_readouts_that_name_many_others_are_computed_once(model: SbmlModel) -> None:
    """Each of 200 readouts names the two before it, which is 2 ** 140 steps without memory."""
    named = {"r0": arithmetic.read("MTORC1"), "r1": arithmetic.read("MTORC2")}
    for index in range(2, 200):
        named[f"r{index}"] = arithmetic.read(f"(r{index - 1} + r{index - 2}) / 2")
    readouts = Readouts(named, model)
    last = arithmetic.read("r199")
    assert set(readouts.observables(last)) == {"MTORC1", "MTORC2"}
    # The mean of the last two tends to (a + 2 b) / 3.
    assert readouts.value(last, {"MTORC1": 3.0, "MTORC2": 6.0}) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        ("{a: [], b: [closed_systm]}", "Did you mean 'closed_system'"),
        ("{genotypes: {a: []}, draws: 2, spread: 2, parameters: MTOR_0}", "both set 'MTOR_0'"),
    ],
)
def test_every_cell_of_a_panel_is_tried(
    tmp_path: Path, model: SbmlModel, panel: str, said: str
) -> None:
    path = tmp_path / "claims.yaml"
    text = FILE.replace("at: 2 h, expect: <= 1}", "at: 2 h, expect: <= 1, panel: odd}", 1)
    path.write_text(f"{text}panels:\n  odd: {panel}\n", encoding="utf-8")
    with pytest.raises(ClaimsError) as caught:
        binding.bind(reading.read([path]), model)
    assert str(caught.value).startswith("claims.yaml:14: one: ")
    assert said in str(caught.value)
