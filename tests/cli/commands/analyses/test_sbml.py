"""The standard analyses of an SBML file, whose rest has a closed form.

S is made at a and lost at d S, and E + S <-> ES: at rest S = a / d, and of the total T of E
ES = T S / (K + S) is bound, with K = koff / kon.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import antimony
import numpy as np
import pandas as pd
import pytest

A, D, K, TOTAL = 6.0, 2.0, 2.0, 4.0
CHAIN = """
model {name}
  compartment c = 1
  substanceOnly species S in c, E in c, ES in c
  S = 3; E = 4; ES = 0
  a = {a}; d = 2; kon = 0.5; koff = 1
  made: -> S; a
  lost: S ->; d * S
  bind: E + S -> ES; kon * E * S - koff * ES
end
"""


def written(path: Path, a: float = A) -> Path:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(CHAIN.format(name=path.stem, a=a)) >= 0
    assert antimony.writeSBMLFile(str(path), path.stem)
    return path


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    return written(tmp_path / "chain.xml")


def rest(a: float = A, d: float = D, k: float = K, total: float = TOTAL) -> dict[str, float]:
    s = a / d
    return {"S": s, "E": total * k / (k + s), "ES": total * s / (k + s)}


def test_knockouts_of_proteins_and_of_parameters(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    done = mtorules(
        *("analyse", "knockouts", chain, "--of", "all", "--times", "inf", "--workers", "1"),
        *("--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    table = pd.DataFrame(json.loads(done.out)["table"]).set_index(["target", "left", "readout"])
    expected = {
        ("a", "50%"): rest(a=A / 2),
        ("d", "50%"): rest(d=D / 2),
        ("kon", "50%"): rest(k=2 * K),
        ("koff", "0%"): rest(k=0),
        ("E", "50%"): rest(total=TOTAL / 2),
        ("E", "0%"): rest(total=0),
    }
    intact = rest()
    for place, values in expected.items():
        for name, value in values.items():
            row = table.loc[(*place, name)]
            assert row["value"] == pytest.approx(value, rel=1e-5, abs=1e-9)
            if value > 0.01:
                effect = math.log2(value / intact[name])
                assert row["effect"] == pytest.approx(effect, abs=1e-4)
    assert (tmp_path / "out/knockouts.svg").exists()


def test_steady_states_follow_the_closed_form_over_a_parameter(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    done = mtorules(
        *("analyse", "steady-states", chain, "--vary", "a=1..100", "--starts", "1"),
        *("--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert found["said"][0].startswith("1 branch of steady states")
    curves = pd.DataFrame(found["tables"]["steady_states_branches"])
    assert curves["stable"].all()
    assert [curves["a"].min(), curves["a"].max()] == pytest.approx([1, 100])
    for name, values in rest(a=curves["a"].to_numpy()).items():
        assert curves[name].to_numpy() == pytest.approx(values, rel=1e-6)


def test_models_are_compared_at_their_closed_forms(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    other = written(tmp_path / "other.xml", a=9.0)
    done = mtorules(
        *("analyse", "compare-models", chain, "--against", other, "--times", "0 s, inf"),
        *("--workers", "1", "--json"),
    )
    assert done.status == 0, done.err
    table = pd.DataFrame(json.loads(done.out)["table"]).set_index(["readout", "time"])
    for name, value in rest(a=9.0).items():
        fold = value / rest()[name]
        assert table.loc[(name, "rest"), "fold"] == pytest.approx(fold, rel=1e-6)
        assert table.loc[(name, "0 s"), "fold"] == 1


def test_a_parameter_set_of_the_other_changes_it_alone(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    sets = tmp_path / "set.csv"
    sets.write_text("name,value,unit,prior,spreads\na,12,,6,1\n", encoding="utf-8")
    done = mtorules(
        *("analyse", "compare-models", chain, "--against-parameters", sets),
        *("--times", "0 s, inf", "--workers", "1", "--json"),
    )
    assert done.status == 0, done.err
    table = pd.DataFrame(json.loads(done.out)["table"]).set_index(["readout", "time"])
    for name, value in rest(a=12.0).items():
        row = table.loc[(name, "rest")]
        assert row["chain (first)"] == pytest.approx(rest()[name], rel=1e-6)
        assert row["chain (second)"] == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,value,unit,prior,spreads\nb,12,,6,1\n", "'b'"),
        ("name,value\na,12\n", "'unit', 'prior', 'spreads' are missing"),
        ("name,value,unit,prior,spreads\na,12,nM,6,1\n", "'a' is in nM"),
    ],
)
def test_a_fault_of_that_set_blames_the_option_that_named_it(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path, text: str, said: str
) -> None:
    sets = tmp_path / "set.csv"
    sets.write_text(text, encoding="utf-8")
    done = mtorules("analyse", "compare-models", chain, "--against-parameters", sets)
    assert done.status == 2
    assert "'--against-parameters'" in done.err
    assert said in done.err


def test_a_file_of_rules_and_sbml_are_compared(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.bngl"
    rules.write_text(
        "begin model\nbegin parameters\n  a 6\n  d 3\nend parameters\nbegin seed species\n"
        "  S() 1\nend seed species\nbegin observables\n  Molecules S S()\nend observables\n"
        "begin reaction rules\n  0 -> S() a\n  S() -> 0 d\nend reaction rules\nend model\n",
        encoding="utf-8",
    )
    for one, other, fold in ((rules, chain, 1.5), (chain, rules, 1 / 1.5)):
        done = mtorules(
            *("analyse", "compare-models", one, "--against", other, "--times", "inf"),
            *("--readout", "S", "--workers", "1", "--json"),
        )
        assert done.status == 0, done.err
        (row,) = json.loads(done.out)["table"]
        assert row["fold"] == pytest.approx(fold, rel=1e-6)


def test_structure_finds_the_total_and_the_loop_of_binding(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    done = mtorules("analyse", "structure", chain, "--json", "--output", tmp_path / "out")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    laws = pd.DataFrame(found["tables"]["structure_laws"])
    assert "1 sums are conserved" in found["said"][0]
    assert "E" in laws.to_string()
    gains = {row["loop"]: row for row in found["table"]}
    # E is half way between E and ES: either follows the other one to one where S is held.
    assert gains["E → ES"]["gain, as it is"] == pytest.approx(1, rel=1e-5)
    # S answers ES by koff ES / (d + kon E) S and ES answers S one to one.
    s, e, bound = (rest()[name] for name in ("S", "E", "ES"))
    gain = 1.0 * bound / ((D + 0.5 * e) * s)
    assert gains["ES → S"]["gain, as it is"] == pytest.approx(gain, rel=1e-5)
    assert np.sign(gain) == 1


def test_control_of_reactions_has_its_closed_form(
    mtorules: Callable[..., Any], chain: Path, tmp_path: Path
) -> None:
    """S = a / d, so making it has control 1, losing it -1; ES answers S by K / (K + S)."""
    done = mtorules("analyse", "control", chain, "--json", "--output", tmp_path / "out")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    table = pd.DataFrame(found["table"]).set_index(["readout", "rule"]).control
    s = rest()["S"]
    for name, held in (("S", 1.0), ("ES", K / (K + s)), ("E", -s / (K + s))):
        assert table[name, "made"] == pytest.approx(held, rel=1e-5)
        assert table[name, "lost"] == pytest.approx(-held, rel=1e-5)
        assert table[name, "bind"] == pytest.approx(0, abs=1e-6)
    fluxes = pd.DataFrame(found["tables"]["control_of_fluxes"]).set_index(["flux_of", "rule"])
    assert fluxes.control["lost", "made"] == pytest.approx(1, rel=1e-6)
    assert fluxes.control["lost", "lost"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "words",
    [("--set", "a=1, 2"), ("--set", "a=1 @ 1 h"), ("--times", "1 h")],
)
def test_control_of_anything_but_rest_is_refused(
    mtorules: Callable[..., Any], chain: Path, words: tuple[str, ...]
) -> None:
    done = mtorules("analyse", "control", chain, *words)
    assert done.status == 2
    assert "Control is that of cells at rest" in done.err


def test_control_of_what_events_move_is_refused(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "stepped.xml"
    antimony.clearPreviousLoads()
    text = CHAIN.format(name="stepped", a=6).replace("end\n", "  at (time > 5): a = 3;\nend\n")
    assert antimony.loadAntimonyString(text) >= 0
    assert antimony.writeSBMLFile(str(path), "stepped")
    done = mtorules("analyse", "control", path)
    assert done.status == 2
    assert "models that reactions alone move" in done.err
    assert len(done.err.splitlines()) == 1


def test_what_binding_alone_moves_has_no_flux_and_is_held_by_nothing(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "bound.xml"
    antimony.clearPreviousLoads()
    text = CHAIN.format(name="bound", a=6).replace("made: -> S; a", "").replace("lost:", "//")
    assert antimony.loadAntimonyString(text) >= 0
    assert antimony.writeSBMLFile(str(path), "bound")
    done = mtorules("analyse", "control", path, "--json")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert [row["control"] for row in found["table"]] == pytest.approx([0, 0, 0], abs=1e-6)
    assert found["tables"]["control_of_fluxes"] == []
    assert found["said"][-1].endswith("and no rule has a net flux.")


def test_what_is_conserved_has_no_responders_and_follows_no_parameter(
    mtorules: Callable[..., Any], chain: Path
) -> None:
    """E + ES never changes, whatever a and d are, but by rounding."""
    asked = ("--readout", "total = E + ES", "--times", "100 s", "--workers", "1")
    done = mtorules("analyse", "population", chain, "--change", "a=1", "--count", "10", *asked)
    assert done.status == 2
    assert "No treatment splits the cells by 'total'" in done.err
    done = mtorules("analyse", "global-sensitivity", chain, "--size", "20", *asked, "--json")
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert found["said"][-1] == "total, untreated, does not change."
    assert {row["PRCC"] for row in found["table"]} == {0.0}
