"""What drives the rules of a network: a model of five rules, some of which share a constant."""

import mtorules as mt
import pytest
from mtorules.network.mechanisms import mechanisms
from mtorules.network.network import Network
from mtorules.simulation.load import load

MODEL = """
begin parameters
  make 2
  lose 0.5
  turn 3
  half 1
  none 0
end parameters
begin molecule types
  X()
  Y()
  Z()
end molecule types
begin seed species
  X() 1
  Y() turn
end seed species
begin observables
  Molecules X X()
  Molecules Y Y()
end observables
begin functions
  speed() none * make / (half + X)
end functions
begin reaction rules
  made: 0 -> X() make
  lost: X() -> 0 lose
  raised: X() -> X() + Y() speed()
  turned: Y() -> Z() turn
  back: Z() <-> X() lose, half
end reaction rules
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("model") / "small.bngl"
    path.write_text(MODEL, encoding="utf-8")
    return mt.network(str(path))


def test_a_rule_stands_still_without_what_drives_it(network: Network) -> None:
    found = mechanisms(network)
    assert list(found) == ["made", "lost", "raised", "turned", "back"]
    # What is 0 today drives all the same, and what another rule uses is left to that.
    assert found["raised"].constants == ("none",)
    assert found["raised"].along == found["raised"].beyond == ()


def test_a_constant_that_rules_share_stops_both(network: Network) -> None:
    found = mechanisms(network)
    assert (found["lost"].constants, found["lost"].along) == (("lose",), ("back",))
    assert (found["made"].constants, found["made"].along) == (("make",), ("raised",))


def test_a_reversible_rule_stops_both_ways(network: Network) -> None:
    assert set(mechanisms(network)["back"].constants) == {"lose", "half"}


def test_what_an_amount_drives_goes_on(network: Network) -> None:
    assert mechanisms(network)["turned"].constants == ()
    assert mechanisms(network)["turned"].beyond == ("turned",)


def test_every_file_of_rules_is_a_mechanism_and_every_rule_stands_in_one() -> None:
    loaded = load("rapamycin")
    assert loaded.network is not None
    found = mechanisms(loaded.network)
    assert set(found) == {rule.mechanism for rule in loaded.network.rules}
    rules = [rule for one in found.values() for rule in one.rules]
    assert sorted(rules) == sorted(rule.name for rule in loaded.network.rules)
    assert {c for one in found.values() for c in one.constants} <= set(loaded.model.settable)
