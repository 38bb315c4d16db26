"""What belongs together, for SBML's Groups package: rules, mechanisms, monomers and their kin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ....network.network import Network, Rule
from ..ids import Registry, legal
from ..xml import Said, attribute

NAMESPACE: Final = "http://www.sbml.org/sbml/level3/version1/groups/version1"


@dataclass(frozen=True)
class Group:
    """A group of elements; ``subject`` is the rule or monomer that it stands for."""

    id: str
    name: str
    kind: str  # "classification": all members are of one sort; "collection": they belong together
    members: tuple[str, ...]
    subject: str = ""


def by_rule(
    network: Network, makers: Sequence[Sequence[str]], reactions: Sequence[str], registry: Registry
) -> list[Group]:
    """Return a group of reactions for each rule.

    Parameters
    ----------
    network : Network
        Where the rules are from.
    makers : sequence of sequences of str
        Names of the rules that make each reaction.
    reactions : sequence of str
        Identifier of each reaction.
    registry : Registry
        Where the groups get their identifiers from.
    """
    members: dict[str, list[str]] = {rule.name: [] for rule in network.rules}
    for names, key in zip(makers, reactions, strict=True):
        for name in dict.fromkeys(names):
            if name in members:
                members[name].append(key)
    return [
        Group(
            registry.claim(legal(f"rule_{name}"), "group"),
            name,
            "classification",
            tuple(keys),
            name,
        )
        for name, keys in members.items()
        if keys
    ]


def by_mechanism(rules: Sequence[Rule], groups: Sequence[Group], registry: Registry) -> list[Group]:
    """Return a group of reactions for each mechanism file."""
    files = {rule.name: rule.mechanism for rule in rules}
    members: dict[str, dict[str, None]] = {}
    for group in groups:
        if file := files[group.subject]:
            members.setdefault(file, {}).update(dict.fromkeys(group.members))
    return [
        Group(registry.claim(legal(f"mechanism_{file}"), "group"), file, "collection", tuple(keys))
        for file, keys in members.items()
    ]


def by_monomer(
    network: Network, molecules: Sequence[Sequence[str]], species: Sequence[str], registry: Registry
) -> list[Group]:
    """Return a group of species for each monomer; ``molecules`` names those in each species."""
    members: dict[str, list[str]] = {molecule.name: [] for molecule in network.molecules}
    for names, key in zip(molecules, species, strict=True):
        for name in dict.fromkeys(names):
            members.setdefault(name, []).append(key)
    return [
        Group(
            registry.claim(legal(f"with_{name}"), "group"),
            name,
            "classification",
            tuple(keys),
            name,
        )
        for name, keys in members.items()
        if keys
    ]


def written(groups: Sequence[Group], said: Sequence[Said]) -> Iterator[str]:
    """Yield the groups as SBML, with what is said of each."""
    if not groups:
        return
    yield "<groups:listOfGroups>\n"
    for group, about in zip(groups, said, strict=True):
        yield (
            f'<groups:group{about.attributes} groups:id="{group.id}"'
            f' groups:name={attribute(group.name)} groups:kind="{group.kind}">{about.inner}'
            "<groups:listOfMembers>"
        )
        yield "".join(f'<groups:member groups:idRef="{key}"/>' for key in group.members)
        yield "</groups:listOfMembers></groups:group>\n"
    yield "</groups:listOfGroups>\n"
