"""Who regulates a reaction from outside."""

from mtorules.export.sbml import regulators
from mtorules.network.network import Function, Group, Network, RateLaw, Reaction, Species
from mtorules.network.rules import sbo


def network(many: int) -> Network:
    groups = (
        Group("Few", ((1.0, 0),)),
        Group("Many", tuple((1.0, index) for index in range(1, many + 1))),
        Group("Less", ((1.0, 1), (-1.0, 0))),
    )
    functions = (
        Function("f", (), "20*Few + Many"),
        Function("g", (), "f/(1 + Few)"),
        Function("h", (), "3*Less"),
    )
    species = tuple(Species(f"A{index}()", "1") for index in range(many + 1))
    return Network("m", (), (), functions, species, (), groups)


def turned(function: str) -> Reaction:
    return Reaction((), (), RateLaw("functional", (function,)), "r")


def test_observables_of_very_many_species_are_left_out() -> None:
    for many, expected in ((regulators.MOST, regulators.MOST + 1), (regulators.MOST + 1, 1)):
        found = regulators.Regulators(network(many)).of([turned("f")], [])
        assert len(found) == expected
        assert found[0] == sbo.STIMULATOR


def test_dependence_goes_through_expressions_and_weights() -> None:
    one = regulators.Regulators(network(2))
    assert one.of([turned("h")], []) == {0: sbo.INHIBITOR, 1: sbo.STIMULATOR}
    assert one.of([turned("g")], [])[1] == sbo.STIMULATOR
    assert one.of([turned("g")], [])[0] == sbo.MODIFIER  # in both numerator and denominator


def test_joined_reactions_have_the_regulators_of_all() -> None:
    one = regulators.Regulators(network(2))
    assert one.of([turned("h"), turned("f")], []) == {
        0: sbo.MODIFIER,
        1: sbo.STIMULATOR,
        2: sbo.STIMULATOR,
    }
    assert set(one.of([], [turned("f")]).values()) == {sbo.MODIFIER}
