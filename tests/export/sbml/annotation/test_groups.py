from collections.abc import Callable

import libsbml
import pytest
from mtorules.export.sbml import writer
from mtorules.models import catalogue
from mtorules.network import generate
from mtorules.network.network import Network


def groups_of(text: str) -> dict[str, tuple[str, list[str]]]:
    document = libsbml.readSBMLFromString(text)
    plugin = document.getModel().getPlugin("groups")
    return {
        g.getId(): (g.getName(), [m.getIdRef() for m in g.getListOfMembers()])
        for g in plugin.getListOfGroups()
    }


def test_reactions_by_rule_and_mechanism_and_species_by_monomer(
    network_of: Callable[[str], Network],
) -> None:
    assert groups_of(writer.text(network_of("annotated.py"), irreversible=True)) == {
        "rule_bind": ("bind", ["bind", "bind_reverse"]),
        "mechanism_mechanisms_raptor_py": ("mechanisms/raptor.py", ["bind", "bind_reverse"]),
        "with_MTOR": ("MTOR", ["MTOR", "MTOR_RPTOR"]),
        "with_RPTOR": ("RPTOR", ["RPTOR", "MTOR_RPTOR"]),
    }


def test_a_reaction_of_several_rules_is_in_each_group(
    network_of: Callable[[str], Network],
) -> None:
    network = network_of("joined_rules.bngl")
    (shared,) = [r for r in network.reactions if r.others and not r.reverse]
    found = groups_of(writer.text(network))
    names = [shared.rule, *(name for name, _ in shared.others)]
    assert len(names) > 1
    members = [set(found[f"rule_{name}"][1]) for name in names]
    assert set.intersection(*members)


def test_level_2_has_no_groups(network_of: Callable[[str], Network]) -> None:
    text = writer.text(network_of("annotated.py"), "2.4")
    assert "groups" not in text


@pytest.mark.parametrize("name", catalogue.names()[:1])
def test_the_groups_of_our_models_are_complete(name: str) -> None:
    network = generate.network(name)
    text = writer.text(network)
    model = libsbml.readSBMLFromString(text)
    found = groups_of(text)
    reactions = {r.getId() for r in model.getModel().getListOfReactions()}
    for prefix in ("rule_", "mechanism_"):
        members = {m for key, (_, ids) in found.items() if key.startswith(prefix) for m in ids}
        assert members == reactions
    for species in model.getModel().getListOfSpecies():
        for molecule in network.molecules:
            inside = f"{molecule.name}(" in species.getName()
            assert (species.getId() in found[f"with_{molecule.name}"][1]) == inside
