"""Whether reactions keep the copies of each monomer, where the file tells what holds what.

The Groups package may sort species by monomer; how many copies a species holds is read from its
name, if that is a pattern such as ``@cell:MTOR(scaf!1).RPTOR(mtor!1)``. Making and breaking down
are no faults. A reaction makes a monomer if it uses up no species, or if its SBO term says so. It
breaks monomers down if it loses some and gains none, as where one member of a complex is degraded,
or if its SBO term says so. Any other change is unbalanced: a protein made by binding another, or
one that turns into a different one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...network.rules import patterns
from ...simulation.sbml.starts import stoichiometry
from .elements import Elements, label
from .report import SHOWN, Balance, Finding, MonomerBalance, about

# Production, transcription, translation, genetic production, replication; consumption, degradation.
_MAKING: Final = frozenset({393, 183, 184, 589, 204})
_REMOVING: Final = frozenset({394, 179})

_PYSB = re.compile(r"(\w+)\(")
# What BioNetGen writes before a species: its compartment, and whether its amount is fixed.
_PLACE = re.compile(r"\$?(?:@\w+::?)?\$?")


def copies(name: str) -> Counter[str] | None:
    """Return how many of each monomer a species called ``name`` holds; None if it does not say.

    Both BioNetGen's patterns and PySB's are understood.

    Examples
    --------
    >>> copies("@cell:R(l!1).L(r!1).R(l)")
    Counter({'R': 2, 'L': 1})
    >>> copies("R(l=1) % L(r=1)")
    Counter({'R': 1, 'L': 1})
    """
    if "(" not in name:
        return None
    if "=" in name or " % " in name:
        return Counter(_PYSB.findall(name)) or None
    try:
        return Counter(m.name for m in patterns.read(_PLACE.sub("", name.strip(), count=1)))
    except patterns.PatternError:
        return None


@dataclass
class _Tally:
    kept: int = 0
    made: int = 0
    removed: int = 0
    unbalanced: list[str] = field(default_factory=list)


def balance(elements: Elements) -> tuple[Balance, list[Finding]]:
    """Return what reactions do to the copies of each monomer."""
    contents = {id: copies(s.getName()) for id, s in elements.species.items()}
    told = {id: held for id, held in contents.items() if held is not None}
    groups = _groups(elements, {name for held in told.values() for name in held})
    if not told:
        why = (
            "The names of the species are no patterns of molecules, so nothing says how many "
            "copies of a monomer each holds."
        )
        return Balance("", unknown=why), []
    untold = sorted(set(contents) - set(told))
    monomers = groups or {
        name: {id for id, held in told.items() if held[name]}
        for name in dict.fromkeys(name for held in told.values() for name in held)
    }
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for reaction in elements["reactions"]:
        _judge(reaction, told, monomers, tallies)
    source = (
        "groups of species, and the patterns that are their names"
        if groups
        else ("the patterns that are the species' names")
    )
    unknown = ""
    if untold:
        unknown = (
            f"{len(untold):,} of {len(contents):,} species have names that are no patterns, as "
            f"{untold[0]!r}; reactions with them are not judged."
        )
    balances = tuple(
        MonomerBalance(
            name,
            len(members),
            tallies[name].kept,
            tallies[name].made,
            tallies[name].removed,
            len(tallies[name].unbalanced),
            tuple(tallies[name].unbalanced[:SHOWN]),
        )
        for name, members in monomers.items()
    )
    return Balance(source, balances, unknown), [
        *about(
            "warning",
            "mass balance",
            "unbalanced",
            "Reactions change the number of copies of a monomer, but are neither synthesis nor "
            "degradation",
            (text for name in monomers for text in tallies[name].unbalanced),
        ),
        *_memberships(monomers, told, bool(groups)),
    ]


def _groups(elements: Elements, monomers: set[str]) -> dict[str, set[str]]:
    """Return the species of each group that stands for a monomer, by the monomer's name."""
    found: dict[str, set[str]] = {}
    for group in elements["groups"]:
        members = {m.getIdRef() for m in group.getListOfMembers()}
        if not members or not members <= elements.species.keys():
            continue
        for name in (group.getName(), group.getIdAttribute()):
            if name in monomers:
                found[name] = members
                break
    return found


def _judge(
    reaction: Any,
    told: Mapping[str, Counter[str]],
    monomers: Mapping[str, set[str]],
    tallies: defaultdict[str, _Tally],
) -> None:
    """Enter one reaction into the tally of each monomer that takes part in it."""
    net: defaultdict[str, float] = defaultdict(float)
    for sign, ends in ((-1.0, reaction.getListOfReactants()), (1.0, reaction.getListOfProducts())):
        for end in ends:
            if end.getSpecies() not in told:
                return
            net[end.getSpecies()] += sign * stoichiometry(end)
    change: defaultdict[str, float] = defaultdict(float)
    for species, number in net.items():
        for name, held in told[species].items():
            change[name] += number * held
    takes = any(n < 0 for n in net.values())
    gains = any(by > 1e-9 for by in change.values())
    for name in change.keys() & monomers.keys():
        tally, by = tallies[name], change[name]
        if abs(by) < 1e-9:
            tally.kept += 1
        elif by > 0 and (not takes or _is(reaction, _MAKING)):
            tally.made += 1
        elif by < 0 and (not gains or _is(reaction, _REMOVING)):
            tally.removed += 1
        else:
            tally.unbalanced.append(f"{label(reaction)}: {by:+g} {name}")


def _is(reaction: Any, terms: frozenset[int]) -> bool:
    return reaction.getSBOTerm() in terms


def _memberships(
    monomers: Mapping[str, set[str]], told: Mapping[str, Counter[str]], grouped: bool
) -> list[Finding]:
    """Compare the groups with what the names of their members say."""
    if not grouped:
        return []
    wrong = [
        f"{name}: {id}"
        for name, members in monomers.items()
        for id, held in told.items()
        if (id in members) != bool(held[name])
    ]
    return about(
        "warning",
        "mass balance",
        "group and pattern differ",
        "Groups by monomer and the species' patterns do not agree",
        wrong,
    )
