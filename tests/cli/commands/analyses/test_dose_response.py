"""``mtorules analyse dose-response`` on a model whose curve has a formula, and on its misuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

KD = 10.0
# A receptor in traces with a ligand that nothing consumes: bound = R L / (L + Kd).
LIGAND = f"""
begin model
begin parameters
  kf 1e-3
  kr {1e-3 * KD}
  L_0 1
  R_0 1e-6
end parameters
begin molecule types
  L(r)
  R(l)
end molecule types
begin seed species
  L(r) L_0
  R(l) R_0
end seed species
begin observables
  Molecules bound R(l!1).L(r!1)
  Molecules empty R(l)
  Molecules R_all R()
end observables
begin reaction rules
  bind: L(r) + R(l) <-> R(l!1).L(r!1) kf, kr
end reaction rules
end model
"""


@pytest.fixture
def ligand(tmp_path: Path) -> Path:
    path = tmp_path / "ligand.bngl"
    path.write_text(LIGAND, encoding="utf-8")
    return path


ASK = ("analyse", "dose-response")
GRID = ("--set", "L_0=0.01..10000 log 19", "--times", "inf")


def test_half_of_the_receptors_are_bound_at_the_dissociation_constant(
    mtorules: Callable[..., Any], ligand: Path, tmp_path: Path
) -> None:
    done = mtorules(*ASK, ligand, *GRID, "--json", "--output", tmp_path / "out")
    assert done.status == 0, done.err
    rows = {row["readout"]: row for row in json.loads(done.out)["table"]}
    assert [rows[name]["shape"] for name in ("bound", "empty", "R_all")] == [
        *("rising", "falling", "flat")
    ]
    numbers = pd.read_csv(tmp_path / "out/dose_response_numbers.csv").set_index("readout")
    for name in ("bound", "empty"):
        assert numbers.relative[name] == pytest.approx(KD, rel=1e-3)
        assert numbers.slope[name] == pytest.approx(1, rel=1e-3)
    assert numbers.absolute["empty"] == pytest.approx(KD, rel=2e-2)
    assert rows["bound"]["absolute IC50"] == "-"
    assert rows["R_all"]["relative EC50"] == rows["R_all"]["absolute IC50"] == "-"
    for ending in ("png", "svg", "csv", "nc"):
        assert (tmp_path / f"out/dose_response.{ending}").stat().st_size


def test_what_is_half_way_beyond_the_grid_is_said_to_be(
    mtorules: Callable[..., Any], ligand: Path
) -> None:
    done = mtorules(*ASK, ligand, "--set", "L_0=0.01..5 log 9", "--times", "inf", "--json")
    rows = {row["readout"]: row for row in json.loads(done.out)["table"]}
    assert rows["empty"]["absolute IC50"].startswith("> 5")


@pytest.mark.parametrize(
    ("begun", "doses"), [(0, "2, 40, 80, 160, 0"), (0, "2, 40, 80, 160"), (3, "0, 2, 40, 80, 160")]
)
def test_zero_is_the_control_where_a_parameter_may_be_absent(
    mtorules: Callable[..., Any], tmp_path: Path, begun: float, doses: str
) -> None:
    """All receptors are empty without the ligand, and half of them at its Kd, below most doses."""
    path = tmp_path / "ligand.bngl"
    path.write_text(LIGAND.replace("L_0 1", f"L_0 {begun}"), encoding="utf-8")
    done = mtorules(
        *(*ASK, path, "--set", f"L_0={doses}", "--times", "inf", "--json"),
        *("--readout", "empty", "--readout", "empty_control = R_all"),
    )
    assert done.status == 0, done.err
    rows = {row["readout"]: row for row in json.loads(done.out)["tables"]["dose_response_numbers"]}
    assert rows["empty"]["control"] == pytest.approx(1e-6)
    assert rows["empty"]["extreme"] == pytest.approx(1e-6 * KD / (KD + 160), rel=1e-4)
    assert rows["empty"]["relative"] == pytest.approx(KD, rel=1e-3)
    assert rows["empty_control"]["shape"] == "flat"


@pytest.mark.parametrize("name", ["message", "time", "dose", "agent", "cell"])
def test_a_readout_is_not_called_as_results_are(
    mtorules: Callable[..., Any], ligand: Path, name: str
) -> None:
    done = mtorules(*ASK, ligand, *GRID, "--readout", f"{name} = bound")
    assert done.status == 2
    assert f"something else '{name}'" in done.err
    assert len(done.err.splitlines()) == 1


def test_without_a_compound_a_parameter_is_varied_and_named(
    mtorules: Callable[..., Any], ligand: Path
) -> None:
    done = mtorules(*ASK, ligand, "--times", "inf")
    assert done.status == 0
    assert "L_0 is varied" in done.out


def test_a_compound_takes_doses_around_its_usual_one(mtorules: Callable[..., Any]) -> None:
    done = mtorules(
        *(*ASK, "complexes", "--readout", "MTORC1_intact", "--readout", "MTORC2_SIN1"),
        *("--readout", "MTORC1_RAPA", "--compound", "rapamycin=0.001..100 nM log 6"),
        *("--compound", "everolimus=0.001..100 nM log 6", "--times", "1 h, 24 h", "--json"),
    )
    assert done.status == 0, done.err
    table = pd.DataFrame(json.loads(done.out)["table"])
    assert len(table) == 2 * 3 * 2
    shapes = table.set_index(["agent", "readout", "time"])["shape"]
    for agent in ("rapamycin", "everolimus"):
        assert shapes[agent, "MTORC1_intact", "24 h"] == "falling"
        assert shapes[agent, "MTORC1_RAPA", "24 h"] == "rising"
    # Everolimus grips FKBP12 three times less tightly.
    numbers = pd.DataFrame(json.loads(done.out)["tables"]["dose_response_numbers"])
    half = numbers.set_index(["agent", "readout", "time"]).relative
    place = ("MTORC1_intact", 86400.0)
    assert half["everolimus", *place] > half["rapamycin", *place]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("complexes", "--compound", "trametinib"), "no target of trametinib"),
        (("complexes", "--compound", "everolimuss"), "Did you mean 'everolimus'"),
        (("complexes", "--compound", "everolimus=1, 2 nM"), "2 doses above zero"),
        (("complexes", "--compound", "everolimus=0 nM"), "No dose of everolimus"),
        (("complexes", "--compound", "everolimus=1..10 nM log"), "no number of values"),
        (("complexes", "--compound", "everolimus="), "cannot be read"),
        (("complexes", "--compound", "everolimus=-1..10 nM lin 5"), "everolimus"),
        (("complexes", "--compound", "paclitaxel"), "no model holds"),
        (("complexes", "--compound", "carboplatin"), "takes no dose"),
        (("complexes", "--compound", "everolimus", "--compound", "RAD001"), "asked for twice"),
        (
            ("complexes", "--compound", "everolimus", "--drug", "rapamycin=1 nM"),
            "cannot be combined",
        ),
        (("complexes", "--compound", "everolimus", "--readout", "MTORC9"), "MTORC9"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    mtorules: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules(*ASK, *arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_all_compounds_of_a_model_without_any_are_none(
    mtorules: Callable[..., Any], ligand: Path
) -> None:
    done = mtorules(*ASK, ligand, "--compound", "all")
    assert done.status == 2
    assert "target of no compound" in done.err


SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay">
    <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="S" compartment="c" initialAmount="10" hasOnlySubstanceUnits="true"
        boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters><parameter id="k" value="0.0001" constant="true"/></listOfParameters>
    <listOfReactions>
      <reaction id="decay_S" reversible="false">
        <listOfReactants>
          <speciesReference species="S" stoichiometry="1" constant="true"/>
        </listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><times/><ci>k</ci><ci>S</ci></apply></math></kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""


def test_sbml_without_observables_is_asked_for_its_species_in_the_engine_that_runs_it(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "decay.xml"
    path.write_text(SBML, encoding="utf-8")
    done = mtorules(*ASK, path, "--times", "1 h", "--json")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["tables"]["dose_response_numbers"]
    # What is left falls to half, as exp(-k t) does from almost 1, at k = ln 2 / t.
    assert (row["readout"], row["shape"]) == ("S", "falling")
    assert row["absolute"] == pytest.approx(0.693 / 3600, rel=0.05)
