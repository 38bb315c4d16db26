"""Which reactions are written as one, and at what rate."""

from pathlib import Path

import libsbml
import numpy as np
import pytest
from mtorules.export.formats import FORMATS
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.simulation.load import from_sbml
from mtorules.simulation.simulator import Simulator, exposure

JOINED = Path(__file__).parents[2] / "constructs" / "joined_rules.bngl"
CATALYSED = """begin model
begin parameters
k 0.5
km 3
end parameters
begin molecule types
S(x~u~p)
E()
F()
end molecule types
begin seed species
S(x~u) 10
E() 2
F() 1
end seed species
begin observables
Molecules Sp S(x~p)
end observables
begin reaction rules
by_mm: S(x~u) + E() -> S(x~p) + E() MM(k,km)
by_E: S(x~u) + E() -> S(x~p) + E() k
by_F: S(x~u) + F() -> S(x~p) + F() k
alone: S(x~u) -> S(x~p) k
end reaction rules
end model
"""


def _reactions(text: str) -> dict[str, libsbml.Reaction]:
    document = libsbml.readSBMLFromString(text)
    assert document.checkConsistency() == 0
    _reactions.kept = document  # type: ignore[attr-defined]  # or its elements are gone
    return {one.getId(): one for one in document.getModel().getListOfReactions()}


def test_reactions_that_differ_in_their_rules_are_one_if_wanted() -> None:
    network = generate.network(JOINED)
    assert len(_reactions(writer.text(network))) == 3
    there, back = _reactions(writer.text(network, join=True)).values()
    assert there.getReactant(0).getSpecies() == back.getProduct(0).getSpecies()
    notes = there.getNotesString()
    assert all(rule in notes for rule in ("one", "two", "three"))
    # A falls at 2 * 0.5 + 0.25 and comes back at 0.25.
    loaded = from_sbml(writer.text(network, join=True))
    times = [0.0, 0.5, 2.0]
    found = Simulator(loaded, ["Ap"]).values(exposure(times, equilibrated=False))[:, 0]
    right = 10 * 1.25 / 1.5 * (1 - np.exp(-1.5 * np.array(times)))
    assert found == pytest.approx(right, rel=1e-6)


def test_every_rule_still_has_a_group_with_its_reaction() -> None:
    document = libsbml.readSBMLFromString(writer.text(generate.network(JOINED), join=True))
    groups = document.getModel().getPlugin("groups").getListOfGroups()
    members = {
        group.getId(): [one.getIdRef() for one in group.getListOfMembers()] for group in groups
    }
    joined = document.getModel().getReaction(0).getId()
    for rule in ("rule_one", "rule_two", "rule_three"):
        assert joined in members[rule]


@pytest.mark.parametrize("level", writer.LEVELS)
@pytest.mark.parametrize("irreversible", [False, True])
def test_joined_reactions_keep_their_course(level: str, irreversible: bool) -> None:
    for network in (generate.network(JOINED), generate.from_bngl(CATALYSED, "catalysed")):
        courses = []
        for join in (False, True):
            text = writer.text(network, level, irreversible, join)
            simulator = Simulator(from_sbml(text), [network.groups[0].name])
            courses.append(simulator.values(exposure([0.1, 1.0, 3.0], equilibrated=False)))
        assert courses[1] == pytest.approx(courses[0], rel=1e-6)


def test_other_catalysts_make_other_reactions() -> None:
    network = generate.from_bngl(CATALYSED, "catalysed")
    found = _reactions(writer.text(network, join=True))
    assert len(found) == 3
    (mixed,) = [one for one in found.values() if "by_mm" in one.getNotesString()]
    assert "by_E" in mixed.getNotesString()
    assert mixed.getKineticLaw().getSBOTermID() == "SBO:0000001"


def test_antimony_joins_them_too() -> None:
    network = generate.network(JOINED)
    plain, joined = (FORMATS["antimony"].text(network, join=join) for join in (False, True))
    assert plain.count("=>") + plain.count("->") > joined.count("=>") + joined.count("->")
