import json
import math
from collections.abc import Callable

import pytest
from mtorules.simulation import load
from mtorules.simulation.sbml.model import SbmlError, SbmlModel, UnknownNameError, near
from mtorules.simulation.sbml.reading import read

NAMED = """
    model m
    compartment cell = 1, dish = 1;
    substanceOnly species s1 in cell, s2 in dish, s3 in cell, s4 in cell, s5 in cell;
    s1 is "@cell:A(b,x~u)"; s2 is "@dish:A(b,x~u)"; s3 is "@cell:A(b!1,x~u).B(a!1)";
    s4 is "C()"; s5 is "@cell:D(y~p)";
    s1 = 1; s2 = 2; s3 = 3; s4 = 4; s5 = 5; k = 1; both := s1 + s3; one := s4;
    J: s1 -> s2; k*s1;
    end
"""


@pytest.fixture
def named(antimony_sbml: Callable[[str], str]) -> SbmlModel:
    return read(antimony_sbml(NAMED))


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("s3", ["s3"]),
        ("@cell:A(b!1,x~u).B(a!1)", ["s3"]),
        ("@cell:A(b!1, x~u) . B(a!1)", ["s3"]),
        ("A@cell", ["s1"]),
        ("A@dish", ["s2"]),
        ("@dish:A", ["s2"]),
        ("@dish::A()", ["s2"]),
        ("A()@dish", ["s2"]),
        ("C", ["s4"]),
        ("C()", ["s4"]),
        ("D@cell", ["s5"]),
        ("both", ["s1", "s3"]),
        ("one", ["s4"]),
    ],
)
def test_species_by_id_pattern_molecule_and_observable(
    named: SbmlModel, written: str, ids: list[str]
) -> None:
    assert list(named.species_of(written)) == ids


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("A", "'A' may mean 's1', 's2'; name one of them"),
        ("A@elsewhere", "has no species 'A@elsewhere'."),
        ("s11", "has no species 's11'. Did you mean 's1'?"),
        ("@cell:A(b!1,x~u).B(a!2)", "Did you mean '@cell:A(b!1,x~u).B(a!1)'?"),
        ("bth", "Did you mean 'both'?"),
        ("", "has no species ''."),
    ],
)
def test_a_name_that_is_no_species(named: SbmlModel, written: str, said: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        named.species_of(written)
    assert said in str(raised.value)


def test_outputs_by_name(named: SbmlModel) -> None:
    found = [named.output(name) for name in ("both", "s1", "k", "cell", "A@dish", "C()")]
    assert found == ["both", "s1", "k", "cell", "s2", "s4"]
    with pytest.raises(UnknownNameError, match=r"no observable 'kk'\. Did you mean 'k'"):
        named.output("kk")
    with pytest.raises(UnknownNameError, match="may mean 's1', 's2'"):
        named.output("A")


def test_what_can_be_changed(named: SbmlModel) -> None:
    found = [named.changeable(name) for name in ("k", "cell", "s1", "A@dish", "C()")]
    assert found == ["k", "cell", "s1", "s2", "s4"]
    with pytest.raises(
        UnknownNameError, match=r"no parameter or species 'cel'\. Did you mean 'cell'"
    ):
        named.changeable("cel")


def test_the_room_of_a_species_or_of_a_sum(named: SbmlModel) -> None:
    assert named.compartment_of("s2") == "dish"
    assert named.compartment_of("both") == "cell"
    assert named.compartment_of("k") is None


def test_what_follows_a_value() -> None:
    model = load.load("rapamycin").model
    assert set(model.followers("V_medium")) >= {"medium", "RAPA_seed", "k_RAPA_enters_cell"}
    assert "cell" not in model.followers("V_medium")
    assert set(model.followers("MTOR_0")) >= {"MTOR_seed", "MTOR_free", "ksyn_MTOR"}
    assert model.followers("ksyn_MTOR") == ()


def test_plain_data_and_back(named: SbmlModel, antimony_sbml: Callable[[str], str]) -> None:
    text = "model e; unit substance = 1e-9 mole; compartment c; c = 2; k = 2; l = 3*k; S in c;"
    eventful = read(antimony_sbml(text + " S' = -k*S; S = l; at (time > 3): k = 5; end"))
    for model in (named, eventful, load.load("rapamycin").model):
        again = SbmlModel.from_data(json.loads(json.dumps(model.to_data())))
        assert again == model
        assert (again.state_ids, again.settable) == (model.state_ids, model.settable)
        assert again.initial({}) == model.initial({})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("species S; J: S -> ; S", "'S' has no finite start value in model 'm'"),
        ("species S; S = 1/k; k = 0; J: S -> ; S", "The start value of 'S' has no value: float"),
        ("species S; S = 1; var k; J: S -> ; k*S", "'k' has no finite start value"),
        ("compartment c; species S in c; S = 1; J: S -> ; S", "'c' has no finite start value"),
    ],
)
def test_what_has_no_start(antimony_sbml: Callable[[str], str], body: str, said: str) -> None:
    with pytest.raises(SbmlError) as raised:
        read(antimony_sbml(f"model m; {body}; end")).initial({})
    assert said in str(raised.value)


def test_what_nothing_uses_needs_no_start(antimony_sbml: Callable[[str], str]) -> None:
    body = "species S; S = 1; var k; top = inf; J: S -> ; S*top^0"
    model = read(antimony_sbml(f"model m; {body}; end"))
    settable, _ = model.initial({})
    assert math.isnan(settable["k"])
    assert settable["top"] == math.inf


def test_the_nearest_name() -> None:
    assert near("MTORC11", ["MTORC1", "MTORC2"]) == " Did you mean 'MTORC1'?"
    assert near("xyz", ["MTORC1"]) == ""
