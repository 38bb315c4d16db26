"""The reactions of an SBML document: which are one, who takes part in what role, at what rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...network.network import Network, Reaction
from ...network.rules import sbo
from .annotation.annotations import Meaning
from .ids import Names
from .levels import Level
from .mathematics import mathml
from .mathematics.formulas import Formulas
from .mathematics.rate_laws import Signature, signature
from .regulators import Regulators
from .xml import MATH

_ROLES: Final = {"Reactants": sbo.REACTANT, "Products": sbo.PRODUCT}


@dataclass
class Merged:
    """A reaction as written: one of the network's, or a pair of opposite ones.

    ``joined`` are further ones of the same reactants and products, whose rates are added.
    """

    forward: int
    backward: int | None = None
    joined: tuple[Merged, ...] = ()

    @property
    def all(self) -> tuple[Merged, ...]:
        """Itself without the others, and the others."""
        return (Merged(self.forward, self.backward), *self.joined)

    def told(self, network: Network) -> tuple[Reaction, Reaction | None]:
        """Return both directions, which name the rules of all that is joined."""
        forward = network.reactions[self.forward]
        more = [network.reactions[one.forward] for one in self.joined]
        others = (
            *forward.others,
            *(named for r in more for named in ((r.rule, r.reverse), *r.others)),
        )
        backward = next((one.backward for one in self.all if one.backward is not None), None)
        return (
            replace(forward, others=tuple(dict.fromkeys(others))),
            None if backward is None else network.reactions[backward],
        )


def written(
    network: Network,
    merged: Sequence[Merged],
    names: Names,
    found: Formulas,
    meaning: Meaning,
    level: Level,
) -> Iterator[str]:
    """Yield each reaction as an element."""
    compartments = {c.name: c for c in network.compartments}
    laws: dict[Signature, str] = {
        key: mathml.written(node, units=level.three, lacking=level.lacking)
        for key, node in found.laws.items()
    }

    def law(reaction: Reaction) -> str:
        template = laws[signature(reaction, network, compartments)]
        return template.format(*(names.species[i] for i in reaction.reactants))

    regulators = Regulators(network)
    fast = ' fast="false"' if level.level == 3 and level.version == 1 else ""
    constant = ' constant="true"' if level.three else ""
    roles = {side: f' sboTerm="{sbo.term(role)}"' for side, role in _ROLES.items()}
    for one, key, title in zip(merged, names.reactions, names.titles, strict=True):
        forward, backward = one.told(network)
        about = meaning.reaction(key, forward, backward)
        math = _sum([law(network.reactions[each.forward]) for each in one.all])
        behind = [each.backward for each in one.all if each.backward is not None]
        if behind:
            back = _sum([law(network.reactions[index]) for index in behind])
            math = f"<apply><minus/>{math}{back}</apply>"
        reversible = "false" if backward is None else "true"
        lines = [
            f'<reaction{about.attributes} id="{key}" name="{title}"'
            f' reversible="{reversible}"{fast}>{about.inner}'
        ]
        *sides, catalysts = stoichiometry(forward)
        outside = regulators.of(
            [network.reactions[each.forward] for each in one.all],
            [network.reactions[index] for index in behind],
        )
        taking_part = {i for counts in sides for i, _ in counts}
        modifiers = {i: role for i, role in outside.items() if i not in taking_part}
        modifiers |= dict.fromkeys(catalysts, meaning.modifier(forward))
        for tag, counts in zip(_ROLES, sides, strict=True):
            if counts:
                lines.append(f"<listOf{tag}>")
                lines += [
                    f'<speciesReference{roles[tag]} species="{names.species[i]}"'
                    f' stoichiometry="{count}"{constant}/>'
                    for i, count in counts
                ]
                lines.append(f"</listOf{tag}>")
        if modifiers:
            lines.append("<listOfModifiers>")
            lines += [
                f'<modifierSpeciesReference sboTerm="{sbo.term(role)}"'
                f' species="{names.species[i]}"/>'
                for i, role in modifiers.items()
            ]
            lines.append("</listOfModifiers>")
        # A sum of mass-action laws is one; a sum of others has no name.
        kinds = {network.reactions[each.forward].law.kind for each in one.all}
        plain = not one.joined or kinds == {"elementary"}
        kind = meaning.law(forward, backward) if plain else sbo.term(sbo.RATE_LAW)
        lines.append(f'<kineticLaw sboTerm="{kind}">{MATH.format(math)}</kineticLaw></reaction>\n')
        yield "".join(lines)


def _sum(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"<apply><plus/>{''.join(terms)}</apply>"


def stoichiometry(
    reaction: Reaction,
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...], tuple[int, ...]]:
    """Return reactants and products with their numbers, and modifiers.

    What a reaction needs and leaves as it was is a modifier, unless nothing else would be left.
    """
    before, after = Counter(reaction.reactants), Counter(reaction.products)
    same = tuple(i for i in before if before[i] == after.get(i))
    if len(same) == len(before) == len(after):
        same = ()
    return (
        tuple((i, n) for i, n in before.items() if i not in same),
        tuple((i, n) for i, n in after.items() if i not in same),
        same,
    )


def pairs(reactions: Iterable[Reaction], *, merge: bool) -> list[Merged]:
    """Return the reactions as written: opposite directions of a rule together, if wanted."""
    reactions = list(reactions)
    backward: dict[tuple[str, tuple[int, ...], tuple[int, ...]], list[int]] = {}
    if merge:
        for index, one in enumerate(reactions):
            if one.reverse:
                key = one.rule, tuple(sorted(one.reactants)), tuple(sorted(one.products))
                backward.setdefault(key, []).append(index)
    taken: set[int] = set()
    found: dict[int, Merged] = {}
    for index, one in enumerate(reactions):
        if one.reverse and merge:
            continue
        key = one.rule, tuple(sorted(one.products)), tuple(sorted(one.reactants))
        partners = backward.get(key)
        partner = partners.pop(0) if partners else None
        if partner is not None:
            taken.add(partner)
        found[index] = Merged(index, partner)
    for index, one in enumerate(reactions):
        if merge and one.reverse and index not in taken:
            found[index] = Merged(index)
    return [found[index] for index in sorted(found)]


def joined(reactions: Sequence[Reaction], merged: Iterable[Merged]) -> list[Merged]:
    """Return reactions as written where those of the same reactants and products are one."""
    alike: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Merged]] = {}
    for one in merged:
        forward = reactions[one.forward]
        key = tuple(sorted(forward.reactants)), tuple(sorted(forward.products))
        alike.setdefault(key, []).append(one)
    return [
        Merged(first.forward, first.backward, tuple(others)) for first, *others in alike.values()
    ]
