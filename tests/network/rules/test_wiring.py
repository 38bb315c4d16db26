"""What the rules of a network do, told from their text, against what their reactions do."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mtorules.network import generate
from mtorules.network.mathematics import expressions
from mtorules.network.network import Network
from mtorules.network.rules import patterns
from mtorules.network.rules.wiring import (
    Actor,
    Bond,
    Change,
    Move,
    Place,
    Turnover,
    Wiring,
    WiringError,
    signs,
)

KINASE = """
begin model
begin parameters
  k 1e-3
  kf 1e-3
  kr 1e-2
  Ki 10
  A_0 10
  B_0 10
  D_0 1
end parameters
begin molecule types
  A(site,loop~u~p)
  B(site,tail~u~p)
  D()
end molecule types
begin seed species
  A(site,loop~p) A_0
  B(site,tail~u) B_0
  D() D_0
end seed species
begin observables
  Molecules A_on A(loop~p)
  Molecules A_with_B A(site!1).B(site!1)
  Molecules drug D()
end observables
begin functions
  share() = 1/(1 + drug/Ki)
  rate() = k*A_on*share()
end functions
begin reaction rules
  bind: A(site) + B(site) <-> A(site!1).B(site!1) kf, kr
  mark: B(tail~u) -> B(tail~p) rate()
  wipe: A() + B(tail~p) -> A() + B(tail~u) k
  make: 0 -> D() k
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def kinase() -> Wiring:
    return Wiring(generate.from_bngl(KINASE, "kinase"))


def test_rules_bind_change_and_make(kinase: Wiring) -> None:
    assert kinase.bonds == (
        Bond("bind", Place("A", "site"), Place("B", "site"), True),
        Bond("bind", Place("A", "site"), Place("B", "site"), False),
    )
    assert kinase.changes == (
        Change("mark", Place("B", "tail"), "u", "p"),
        Change("wipe", Place("B", "tail"), "p", "u"),
    )
    assert kinase.turnovers == (Turnover("make", "D", True),)
    assert kinase.moves == ()


def test_a_rate_names_its_enzyme_and_its_inhibitor(kinase: Wiring) -> None:
    assert kinase.actors("mark") == (Actor("A_on", ("A",), 1), Actor("drug", ("D",), -1))
    assert kinase.actors("wipe") == ()


def test_a_molecule_that_a_rule_leaves_alone_helps_it(kinase: Wiring) -> None:
    assert kinase.helpers("wipe") == {"A"}
    assert kinase.acted_on("wipe") == {"B"}
    assert kinase.helpers("bind") == frozenset()


def test_an_observable_of_a_complex_holds_all_its_molecules(kinase: Wiring) -> None:
    assert kinase.held["A_with_B"] == ("A", "B")
    assert kinase.held["A_on"] == ("A",)


def test_passage_between_compartments_is_a_move() -> None:
    models = Path(__file__).parents[2] / "constructs"
    moves = Wiring(generate.network(models / "transport.bngl")).moves
    assert set(moves) == {
        Move("move", "A", "out", "in"),
        Move("move", "A", "in", "out"),
        Move("carry", "A", "out", "in"),
    }


def _states(network: Network, species: tuple[int, ...]) -> Counter[tuple[str, str, str | None]]:
    return Counter(
        (molecule.name, site.name, site.state)
        for index in species
        for molecule in patterns.read(network.species[index].pattern)
        for site in molecule.sites
        if site.state is not None
    )


def _bonds(network: Network, species: tuple[int, ...]) -> Counter[tuple[Place, Place]]:
    found: Counter[tuple[Place, Place]] = Counter()
    for index in species:
        ends: dict[str, list[Place]] = {}
        for molecule in patterns.read(network.species[index].pattern):
            for site in molecule.sites:
                for bond in site.bonds:
                    ends.setdefault(bond, []).append(Place(molecule.name, site.name))
        for pair in ends.values():
            one, other = sorted(pair)
            found[one, other] += 1
    return found


def _left(counter: Counter[Any]) -> dict[Any, int]:
    return {key: count for key, count in counter.items() if count}


def check_against_reactions(network: Network) -> None:
    """Compare what rules are said to do with the difference that each of their reactions makes."""
    wiring = Wiring(network)
    for rule in network.rules:
        for backwards in (False, True) if rule.reversible else (False,):
            facts = wiring.of(rule.name, backwards)
            if any(isinstance(fact, Turnover) for fact in facts):
                continue  # what is deleted takes bonds and states with it that no rule names
            bonds: Counter[tuple[Place, Place]] = Counter()
            states: Counter[tuple[str, str, str | None]] = Counter()
            for fact in facts:
                if isinstance(fact, Bond):
                    bonds[fact.one, fact.other] += 1 if fact.joins else -1
                if isinstance(fact, Change):
                    states[fact.place.molecule, fact.place.site, fact.after] += 1
                    states[fact.place.molecule, fact.place.site, fact.before] -= 1
            for reaction in network.reactions:
                if (reaction.rule, reaction.reverse) != (rule.name, backwards):
                    continue
                made = _bonds(network, reaction.products)
                made.subtract(_bonds(network, reaction.reactants))
                turned = _states(network, reaction.products)
                turned.subtract(_states(network, reaction.reactants))
                assert _left(made) == _left(bonds), rule.bngl
                assert _left(turned) == _left(states), rule.bngl


def test_every_construct_does_what_its_rules_are_said_to_do(construct: Path) -> None:
    check_against_reactions(generate.network(construct))


@pytest.mark.slow
def test_every_example_does_what_its_rules_are_said_to_do(example: str) -> None:
    check_against_reactions(generate.network(example))


def test_a_rule_that_cannot_be_read_is_named(kinase: Wiring) -> None:
    rule = replace(kinase.network.rules[1], bngl="B(tail~u) B(tail~p) rate()")
    with pytest.raises(WiringError, match="'mark' has no arrow"):
        _ = Wiring(replace(kinase.network, rules=(rule,))).facts


def test_a_part_is_never_more_than_the_whole() -> None:
    """x / (1 - part / whole) rises with x wherever the part is less than the whole."""
    tree = expressions.parse("x / (1 - part / whole)")
    counts = {"x": [(1.0, 0)], "part": [(1.0, 1)], "whole": [(1.0, 1), (1.0, 2)]}
    assert signs(tree, {}, counts, {}, counts) == {"x": 1, "part": 1, "whole": -1}


def test_what_counts_nothing_is_drawn_by_itself() -> None:
    tree = expressions.parse("hub * empty")
    assert signs(tree, {}, ["hub", "empty"], {}, {"empty": []}) == {"hub": 1, "empty": 1}


def test_a_function_that_is_called_with_an_argument_comes_to_an_end() -> None:
    """Of what it does with the argument nothing is known, and the rest of the model goes on."""
    trees = {"d": expressions.parse("x * k")}
    tree = expressions.parse("a * d(f)")
    assert signs(tree, trees, ["a", "f"], {"k": 1.0}, {"a": [(1.0, 0)], "f": [(1.0, 1)]}) == {
        "a": 0,
        "f": 0,
    }
