import json
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis.comparing.compare import ComparisonError, compare
from mtorules.analysis.comparing.judging import FLOOR
from mtorules.analysis.comparing.outcomes import TOOLS, Comparison, relative
from mtorules.network import generate
from mtorules.network.units.quantities import QuantityError
from mtorules.simulation.engines.base import Loaded
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.sbml.model import UnknownNameError

Sbml = Callable[[str], str]

BINDING = """
begin model
begin parameters
  kf 0.01
  kr 0.5
end parameters
begin species
  A(b) 100
  B(a) 50
end species
begin observables
  Molecules A_free A(b)
  Molecules AB A(b!1).B(a!1)
end observables
begin reaction rules
  bind: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
end reaction rules
end model
"""
INSTALLED = ("roadrunner", "copasi", "bngsim", "run_network")


@pytest.fixture(scope="module")
def binding() -> Loaded:
    return load(generate.from_bngl(BINDING, "binding"))


@pytest.fixture
def wrong(binding: Loaded) -> Loaded:
    """Return a model whose SBML says another rate constant than its network."""
    text = binding.sbml.replace('value="0.01"', 'value="0.011"')
    assert text != binding.sbml
    return replace(binding, sbml=text, model=from_sbml(text).model)


def by_name(found: Comparison) -> dict[str, str]:
    return {outcome.tool.name: outcome.state for outcome in found.outcomes}


def test_all_tools_agree_on_a_model_of_rules(binding: Loaded) -> None:
    found = compare(binding, until=5, tools=INSTALLED)
    assert by_name(found) == dict.fromkeys(INSTALLED, "ran")
    assert found.agrees
    assert found.worst is not None
    assert found.worst.deviation is not None
    assert 0 < found.worst.deviation.relative < 1e-7
    assert found.reference == "roadrunner"


def test_the_courses_are_those_of_the_model(binding: Loaded) -> None:
    """Free A falls to the root of the equilibrium's quadratic."""
    found = compare(binding, until=1000, tools=("roadrunner", "bngsim"))
    ratio = 0.5 / 0.01
    total = 100 + 50 + ratio
    bound = (total - np.sqrt(total**2 - 4 * 100 * 50)) / 2
    for outcome in found.ran:
        assert outcome.numbers is not None
        assert outcome.numbers[-1] == pytest.approx([100 - bound, bound], rel=1e-7)


def test_a_tool_that_reads_other_numbers_is_found(wrong: Loaded) -> None:
    found = compare(wrong, until=5, tools=("roadrunner", "copasi", "bngsim"))
    assert not found.agrees
    assert not found.odd
    by_tool = {o.tool.name: o for o in found.outcomes}
    assert by_tool["copasi"].deviation is not None
    assert by_tool["copasi"].deviation.relative < 1e-6
    far = by_tool["bngsim"].deviation
    assert far is not None
    assert far.relative > 0.01
    assert abs(far.value - far.reference) > 0


def test_the_measure_itself_may_be_the_odd_one(wrong: Loaded) -> None:
    found = compare(wrong, until=5, tools=("roadrunner", "bngsim", "run_network"))
    assert not found.agrees
    assert found.odd


def test_a_limit_below_rounding_is_not_met(binding: Loaded) -> None:
    assert not compare(binding, until=5, tools=("roadrunner", "copasi"), limit=1e-16).agrees


@pytest.mark.parametrize("package", ["basico", "COPASI", "bngsim"])
def test_a_tool_that_is_not_installed_is_no_failure(
    binding: Loaded, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    name = "bngsim" if package == "bngsim" else "copasi"
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"mtorules.analysis.comparing.tools.{name}", raising=False)
    found = compare(binding, until=5, tools=("roadrunner", name, "run_network"))
    (missing,) = (o for o in found.outcomes if o.tool.name == name)
    assert missing.state == "not installed"
    assert "pip install" in missing.why
    assert found.agrees


def test_one_tool_alone_compares_nothing(binding: Loaded) -> None:
    found = compare(binding, until=5, tools=("bngsim",))
    assert found.reference == "bngsim"
    assert found.worst is None
    assert not found.agrees


def test_a_tool_that_does_not_take_the_model_is_no_failure(binding: Loaded) -> None:
    found = compare(from_sbml(binding.sbml), until=5, tools=INSTALLED)
    assert by_name(found)["run_network"] == "not for it"
    assert found.agrees


def test_a_tool_that_fails_is_a_failure(antimony_sbml: Sbml) -> None:
    """Everything reads it, and nothing gets beyond time 1."""
    text = "model m; compartment c = 1; species A in c; A = 1; J: => A; A*A; end"
    loaded = from_sbml(antimony_sbml(text))
    with pytest.raises(ComparisonError, match="No tool ran 'm'"):
        compare(loaded, until=2, tools=("roadrunner", "copasi"))


def test_the_first_that_runs_is_the_measure(binding: Loaded) -> None:
    found = compare(from_sbml(binding.sbml), until=5, tools=("run_network", "bngsim", "copasi"))
    assert found.reference == "bngsim"


def test_without_observables_species_are_compared(antimony_sbml: Sbml) -> None:
    text = "model m; compartment c = 2; species A in c, B in c; A = 1; B = 0; J: A => B; A; end"
    found = compare(from_sbml(antimony_sbml(text)), tools=("roadrunner", "bngsim", "copasi"))
    assert found.observables == ("A", "B")
    assert found.times[-1] == 100
    assert found.seconds is None
    assert found.agrees


def test_what_is_undefined_is_not_compared(antimony_sbml: Sbml) -> None:
    """A share of nothing has no value at time 0."""
    text = """model m
      compartment c = 1; species A in c; A = 0; J: => A; 1;
      double := A + A; share := A/double;
    end"""
    found = compare(from_sbml(antimony_sbml(text)), tools=("roadrunner", "bngsim"))
    assert found.outcomes[0].numbers is not None
    assert np.isnan(found.outcomes[0].numbers[0, 1])
    assert found.agrees


@pytest.mark.parametrize(
    ("until", "end"), [(None, 3600.0), ("2 h", 7200.0), (30, 30.0), ("30", 30.0), ("1 min", 60.0)]
)
def test_the_end_is_a_time_or_a_number(
    binding: Loaded, until: str | float | None, end: float
) -> None:
    assert binding.model.time_unit is not None
    assert compare(binding, until=until, tools=("bngsim",)).times[-1] == pytest.approx(end)


@pytest.mark.parametrize("until", ["soon", "3 nM"])
def test_an_end_that_is_no_time(binding: Loaded, until: str) -> None:
    with pytest.raises(QuantityError):
        compare(binding, until=until, tools=("bngsim",))


@pytest.mark.parametrize("until", [0, -1, "0 s", "inf", "nan"])
def test_an_end_that_is_none(binding: Loaded, until: str | float) -> None:
    with pytest.raises(QuantityError, match="it is after 0"):
        compare(binding, until=until, tools=("bngsim",))


def test_unknown_names_get_the_nearest(binding: Loaded) -> None:
    with pytest.raises(ComparisonError, match="Did you mean 'copasi'"):
        compare(binding, tools=("copas",))
    with pytest.raises(UnknownNameError, match="Did you mean 'A_free'"):
        compare(binding, observables=("A_fre",))
    with pytest.raises(UnknownNameError, match="'kf' does not change"):
        compare(binding, observables=("kf",))


def test_a_switch_at_a_round_time_is_not_looked_at(antimony_sbml: Sbml) -> None:
    """Whether ``x`` is already 1 at the very time at which it becomes so is up to the tool."""
    text = """model m
      compartment c = 1; species A in c; A = 1; J: => A; x;
      x := piecewise(1, time > 3, 0);
    end"""
    tools = ("roadrunner", "copasi", "bngsim")
    found = compare(from_sbml(antimony_sbml(text)), until=5, points=20, tools=tools)
    assert 3.0 not in found.times
    assert found.times[[0, -1]].tolist() == [0.0, 5.0]
    assert found.agrees


def test_some_observables_only(binding: Loaded) -> None:
    found = compare(binding, until=1, observables=("AB", "AB"), tools=("roadrunner", "bngsim"))
    assert found.observables == ("AB",)
    assert found.agrees


def test_the_report_is_data(binding: Loaded) -> None:
    data = json.loads(json.dumps(compare(binding, until=1, tools=INSTALLED).to_data()))
    assert data["agrees"] is True
    assert [tool["name"] for tool in data["tools"]] == list(INSTALLED)
    assert "deviation" not in data["tools"][0]
    assert data["tools"][1]["deviation"]["observable"] in ("A_free", "AB")
    assert data["time"]["points"] == 51


def test_relative_differences() -> None:
    reference = np.array([[1.0, 0.0, np.nan], [100.0, 1e-6, 2.0]])
    numbers = np.array([[1.1, 1e-6, 5.0], [101.0, np.inf, np.nan]])
    floors = np.array([1e-3, 1e-3, 1e-3])
    found = relative(numbers, reference, floors)
    np.testing.assert_allclose(found, [[0.1, 1e-3, 0.0], [0.01, np.inf, np.inf]])


def test_near_zero_a_difference_is_measured_by_the_largest_value(antimony_sbml: Sbml) -> None:
    text = "model m; compartment c = 1; species A in c; A = 1; J: A => ; A; x := 5*A; end"
    loaded = from_sbml(antimony_sbml(text))
    found = compare(loaded, until=50, observables=("x",), tools=("roadrunner", "bngsim"))
    assert found.floors == pytest.approx([5 * FLOOR])
    assert found.agrees


def test_each_tool_has_a_title() -> None:
    assert next(tool.title for tool in TOOLS.values()) == "libRoadRunner"
    assert all(tool.remedy for tool in TOOLS.values() if tool.packages)


# -- what tools differ in -------------------------------------------------------------------------

THREE = ("roadrunner", "copasi", "bngsim")
PULSE = """
begin model
begin parameters
  k 0.1
  t1 3600
  w 600
end parameters
begin molecule types
  A()
end molecule types
begin seed species
  A() 0
end seed species
begin observables
  Molecules At A()
end observables
begin functions
  f() if((time()>t1)&&(time()<t1+w),k,0)
end functions
begin reaction rules
  0 -> A() f()
end reaction rules
end model
"""


def last(found: Comparison, id: str) -> list[float]:
    """Return the value of an observable at the end, in each tool that ran."""
    column = found.observables.index(id)
    return [float(o.numbers[-1, column]) for o in found.ran if o.numbers is not None]


def test_a_pulse_is_not_stepped_over() -> None:
    """A tenth a second for ten minutes in a day."""
    found = compare(load(generate.from_bngl(PULSE, "pulse")), until="24 h", tools=INSTALLED)
    assert last(found, "At") == pytest.approx([60.0] * 3, rel=1e-6)
    assert found.switches == pytest.approx((3600.0, 4200.0))
    assert found.agrees
    (network,) = (o for o in found.outcomes if o.tool.name == "run_network")
    assert network.state == "not for it"
    assert "depend on time" in network.why


def test_a_narrow_pulse_of_an_sbml_file(antimony_sbml: Sbml) -> None:
    text = """model m; species A; A = 0; J: => A; r;
      r := piecewise(100, time - 40*floor(time/40) < 0.01, 0); end"""
    found = compare(from_sbml(antimony_sbml(text)), until=100, tools=("roadrunner", "copasi"))
    assert last(found, "A") == pytest.approx([3.0] * 2, rel=1e-5)


def test_an_event_whose_trigger_is_a_pulse_is_not_stepped_over(antimony_sbml: Sbml) -> None:
    """From time 50 on there are 2 a unit of time."""
    text = """model m; species A; A = 0; k = 0; J: => A; k;
      at (time > 50 && time < 50.001): k = 2; end"""
    found = compare(from_sbml(antimony_sbml(text)), until=100, tools=THREE)
    assert last(found, "A") == pytest.approx([100.0] * 3, rel=1e-6)
    assert found.agrees


@pytest.mark.parametrize("grows", ["c' = 0.5", "c := 2 + 0.5*time", "at (time > 5): c = 4"])
def test_a_compartment_that_changes_its_size(antimony_sbml: Sbml, grows: str) -> None:
    """Amounts do not care: 20 exp(-k*t)."""
    text = f"""model m; compartment c = 2; species S in c; S = 10; k = 0.1;
      J: S => ; k*S*c; {grows}; end"""
    found = compare(from_sbml(antimony_sbml(text)), until=10, tools=THREE)
    known = [value for value in last(found, "S") if np.isfinite(value)]
    assert len(known) >= 2
    assert known == pytest.approx([20 * np.exp(-1)] * len(known), rel=1e-6)
    assert found.agrees


def test_an_event_at_time_zero_happens_once(antimony_sbml: Sbml) -> None:
    text = """model m; species S; S = 1; k = 0.5; J: S => ; k*S;
      at (time >= 0), t0 = false: S = S + 10; end"""
    loaded = from_sbml(antimony_sbml(text))
    for _ in range(2):  # what is kept of the first run must not matter
        found = compare(loaded, until=2, tools=THREE)
        assert last(found, "S") == pytest.approx([11 * np.exp(-1)] * 3, rel=1e-6)


def test_from_nothing_to_much(antimony_sbml: Sbml) -> None:
    """A step into a model that starts at 0: 100 a unit of time, from 1000 on."""
    text = """model m; species S; S = 0; k := piecewise(100, time > 1000, 0); J: => S; k; end"""
    found = compare(from_sbml(antimony_sbml(text)), until=2000, tools=THREE)
    assert last(found, "S") == pytest.approx([1e5] * 3, rel=1e-6)


def test_what_no_observable_sees_is_compared_too(antimony_sbml: Sbml) -> None:
    text = "model m; species S; S = 10; k = 0.1; J: S => ; k*S; input := 2; end"
    found = compare(from_sbml(antimony_sbml(text)), until=10, tools=("roadrunner", "bngsim"))
    assert found.observables == ("input", "S")
    assert found.agrees


def test_a_model_of_rules_whose_observables_cannot_change_is_compared_on_its_species() -> None:
    text = BINDING.replace("A_free A(b)", "A_all A()").replace("AB A(b!1).B(a!1)", "B_all B()")
    found = compare(load(generate.from_bngl(text, "kept")), until=5, tools=("roadrunner", "bngsim"))
    assert len(found.observables) == 2 + 3
    assert found.agrees


@pytest.mark.parametrize("id", ["input", "F", "all"])
def test_about_what_cannot_change_there_is_no_agreement(antimony_sbml: Sbml, id: str) -> None:
    text = """model m; substanceOnly species S, P, $F; S = 10; P = 0; F = 1; J: S => P; S*F;
      input := 2 + time; all := S + P; end"""
    loaded = from_sbml(antimony_sbml(text))
    found = compare(loaded, until=10, observables=(id,), tools=("roadrunner", "bngsim"))
    assert found.empty
    assert not found.agrees
    assert found.to_data()["depends_on_state"] is False


@pytest.mark.parametrize(
    ("line", "tool", "says"),
    [
        ("x := rateOf(S)", "bngsim", "rateOf (rule of x)"),
        ("n := 1 + time; K: n S => ; S", "copasi", "stoichiometries that change (of S in K)"),
        ("T' = 1; species T in c; T = 1; c' = 1", "copasi", "size (T)"),
    ],
)
def test_what_a_tool_lacks_is_no_deviation(
    antimony_sbml: Sbml, line: str, tool: str, says: str
) -> None:
    text = f"model m; compartment c = 1; species S in c; S = 1; J: S => ; S; {line}; end"
    loaded = from_sbml(antimony_sbml(text))
    with pytest.raises(ComparisonError, match="not for it") as error:
        compare(loaded, until=1, tools=(tool,))
    assert f"it cannot do {says}" in str(error.value) or says in str(error.value)


def test_a_tool_that_does_not_tell_everything_is_compared_on_the_rest(antimony_sbml: Sbml) -> None:
    text = """model m; species S; S = 1; p = 0; J: S => ; S; at (time > 0.5): p = 3; end"""
    found = compare(from_sbml(antimony_sbml(text)), until=1, tools=("roadrunner", "bngsim"))
    assert set(found.observables) == {"S", "p"}
    assert found.agrees


def test_a_tool_that_takes_too_long_has_failed(binding: Loaded) -> None:
    with pytest.raises(ComparisonError, match=r"stopped after 0.01 s; a longer --time-limit"):
        compare(binding, until=5, tools=("bngsim",), time_limit=0.01)


def test_a_tool_that_crashes_is_named_with_its_signal(antimony_sbml: Sbml) -> None:
    """A species whose id another one has makes libRoadRunner write where it must not; what becomes
    of that, a segmentation fault as a rule, is the system's matter."""
    text = "model m; species A, B; A = 9; B = 0; J: A => B; A; x := A; end"
    loaded = from_sbml(antimony_sbml(text))
    doubled = replace(loaded, sbml=loaded.sbml.replace('<species id="B"', '<species id="A"'))
    assert doubled.sbml != loaded.sbml
    with pytest.raises(ComparisonError, match=r"crashed\): signal \d+ \(SIG\w+\); COPASI \(failed"):
        compare(doubled, until=5, tools=("roadrunner", "copasi"))
