"""Identifiers: one registry in which the modeller's names win, and readable names for species.

The rule, in one paragraph. Parameters, compartments, expressions and observables keep their names.
Everything else (species, reactions, what BioNetGen generated) is named after what it is. A name
that is taken, reserved (:data:`RESERVED`) or not a legal identifier is altered: illegal characters
become ``_``, and ``_`` is appended until the name is free.

Species have readable names (:mod:`.species_names`), but one that an observable is has that of the
observable. Its own stays taken, so that it can go by that too.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ...network.network import Network, Reaction
from .species_names import LONGEST as LONGEST
from .species_names import species_names

# Longest identifier of a reaction that tells its species. Long ones crowd tables and legends, and
# libRoadRunner copies all of them for every species of every reaction when it loads a file.
LONGEST_REACTION: Final = 24

_SBML = """time avogadro delay rateOf pi exponentiale true false infinity inf nan
    notanumber INF NaN default"""
_SBML_FUNCTIONS = """abs acos acosh and arccos arccosh arccot arccoth arccsc arccsch arcsec
    arcsech arcsin arcsinh arctan arctanh asin asinh atan atanh ceil ceiling cos
    cosh cot coth csc csch eq exp factorial floor geq gt implies lambda leq ln
    log log10 lt max min neq not or piecewise plus pow power quotient rem root
    sec sech sin sinh sqr sqrt tan tanh times xor"""
_SBML_UNITS = """ampere avogadro becquerel candela celsius coulomb dimensionless farad gram
    gray henry hertz item joule katal kelvin kilogram liter litre lumen lux
    meter metre mole newton ohm pascal radian second siemens sievert steradian
    substance tesla volt volume area length watt weber"""
_ANTIMONY = """model module end function event species var const in is at after priority t0
    import has unit compartment substanceOnly formula reaction gene operator DNA
    constraint maximize minimize"""
_AMICI = "t NULL AMICI_EMPTY_BOLUS"
_MATLAB = """break case catch classdef continue else elseif end for function global if
    otherwise parfor persistent return spmd switch try while"""
_JULIA = """baremodule begin break catch const continue do else elseif end export
    finally for function global if import let local macro module public quote
    return struct try using while im"""
_R = "if else repeat while function for next break TRUE FALSE NULL Inf NA NaN in"
_C = """auto bool char class const delete double enum explicit extern float friend
    goto inline int long mutable namespace new nullptr private protected public
    register short signed sizeof static struct template this throw typedef
    typename union unsigned using virtual void volatile"""

# Names that mean something to SBML or to a tool that opens it, with whose they are.
RESERVED: Final[Mapping[str, str]] = {
    name: owner
    for owner, names in (
        ("C++ (AMICI)", _C.split()),
        ("R", _R.split()),
        ("Julia", _JULIA.split()),
        ("MATLAB", _MATLAB.split()),
        ("AMICI", _AMICI.split()),
        ("Python", keyword.kwlist),
        ("Antimony", _ANTIMONY.split()),
        ("SBML's units", _SBML_UNITS.split()),
        ("SBML's functions", _SBML_FUNCTIONS.split()),
        ("SBML", _SBML.split()),
    )
    for name in names
}


@dataclass(frozen=True)
class Renaming:
    """A name that could not be kept."""

    kind: str  # "parameter", "species", ...
    name: str
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r} is written as {self.id!r}: {self.reason}."


class Registry:
    """All identifiers of one document, each given out once."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self.renamings: list[Renaming] = []

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._owners

    def claim(self, name: str, kind: str) -> str:
        """Return the identifier of a thing called ``name``, now taken.

        Where it differs from ``name``, the reason is kept in :attr:`renamings`.
        """
        identifier = legal(name)
        reason = "" if identifier == name else "it is no legal identifier"
        while True:
            if identifier in self._owners:
                owner = with_article(self._owners[identifier])
                reason = reason or f"the name belongs to {owner}"
            elif identifier in RESERVED:
                reason = reason or f"the name is reserved by {RESERVED[identifier]}"
            else:
                break
            identifier += "_"
        self._owners[identifier] = kind
        if reason:
            self.renamings.append(Renaming(kind, name, identifier, reason))
        return identifier

    def forget(self, identifiers: Container[str]) -> None:
        """Keep identifiers taken, but for nothing that is written."""
        self.renamings = [one for one in self.renamings if one.id not in identifiers]


def with_article(kind: str) -> str:
    """Return a noun with 'a' or 'an' before it."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def legal(name: str) -> str:
    """Return ``name`` with everything replaced that no identifier may hold.

    Examples
    --------
    >>> legal("2-AG level")
    '_2_AG_level'
    """
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return cleaned if cleaned and not cleaned[0].isdigit() else f"_{cleaned}"


# -- everything in a network ----------------------------------------------------------------------

# The compartment of a model that has none.
EVERYWHERE: Final = "well_mixed"


@dataclass(frozen=True)
class Names:
    """The identifier of everything in a network."""

    model: str
    symbols: Mapping[str, str]  # parameters, functions and observables, by name in the network
    compartments: Mapping[str | None, str]  # None: where species are when there are no compartments
    species: tuple[str, ...]
    reactions: tuple[str, ...]
    titles: tuple[str, ...]  # of the reactions, with their species however long
    depth: str | None  # thickness of surfaces, where one is needed
    renamings: tuple[Renaming, ...]
    registry: Registry
    observed: Mapping[int, str]  # species that are an observable, and the name of that
    aliases: Mapping[str, str]  # what these are called as species, and their identifier


def name_all(
    network: Network, reactions: Sequence[int] | None = None, *, depth: bool = False
) -> Names:
    """Give everything in a network its identifier, one to an observable that is one species.

    Parameters
    ----------
    network : Network
        What is named.
    reactions : sequence of int, optional
        Which reactions are written, as indices; by default all.
    depth : bool
        Whether surfaces need a thickness.
    """
    registry = Registry()
    symbols: dict[str, str] = {}
    for kind, things in (
        ("parameter", (p for p in network.parameters if not p.generated)),
        ("expression", (f for f in network.functions if not f.generated)),
        ("observable", network.groups),
    ):
        for thing in things:
            symbols[thing.name] = registry.claim(thing.name, kind)
    compartments: dict[str | None, str] = {
        c.name: registry.claim(c.name, "compartment") for c in network.compartments
    }
    if any(species.compartment is None for species in network.species):
        compartments[None] = registry.claim(EVERYWHERE, "compartment")
    thickness = registry.claim("surface_depth", "parameter") if depth else None
    species = tuple(
        registry.claim(name, "species")
        for name in species_names(network.species, network.molecules)
    )
    written = network.reactions
    if reactions is not None:
        written = tuple(network.reactions[index] for index in reactions)
    names, titles = reaction_names(written, species)
    named = tuple(registry.claim(name, "reaction") for name in names)
    observed = _observed(network, species)
    # The names that these have as species stay theirs, so that nothing else is called so.
    aliases = {species[index]: symbols[name] for index, name in observed.items()}
    registry.forget(aliases)
    for name, wanted in _generated_names(network).items():
        symbols[name] = registry.claim(wanted, "parameter")
    model = registry.claim(network.name, "model")
    return Names(
        model,
        symbols,
        compartments,
        tuple(aliases.get(name, name) for name in species),
        named,
        tuple(titles),
        thickness,
        tuple(registry.renamings),
        registry,
        observed,
        aliases,
    )


def _observed(network: Network, species: Sequence[str]) -> dict[int, str]:
    """Return the species that are an observable, and its name.

    Of several that are the same species, it is the one with the species' name, or else the first.
    One with another unit than species have is a quantity of its own.
    """
    base = network.metadata.substance_unit
    found: dict[int, str] = {}
    for group in network.groups:
        if len(group.terms) != 1 or group.terms[0][0] != 1 or group.unit not in (None, base):
            continue
        index = group.terms[0][1]
        if index not in found or species[index] in (group.name, f"{group.name}_"):
            found[index] = group.name
    return found


def reaction_names(
    reactions: Sequence[Reaction], species: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return a distinct name for each reaction, its rule's name first, and a title in full.

    The only reaction of a rule has the rule's name. Several get their reactants, and their products
    where that is not enough. That is the title, and the name too unless it is long; then the name
    ends in digits of a digest of it. Backward reactions add ``reverse``.
    """
    rules = [legal(f"{r.rule}_reverse" if r.reverse else r.rule) for r in reactions]
    counts = Counter(rules)
    titles = {i: rule for i, rule in enumerate(rules) if counts[rule] == 1}
    found = dict(titles)
    open_ = [index for index in range(len(rules)) if index not in found]

    def side(indices: tuple[int, ...]) -> str:
        tally = Counter(species[i] for i in indices)
        return "_".join(f"{n}x{tally[n]}" if tally[n] > 1 else n for n in sorted(tally)) or "new"

    before = {i: f"{rules[i]}_{side(reactions[i].reactants)}" for i in open_}
    both = {i: f"{before[i]}_to_{side(reactions[i].products)}" for i in open_}
    alike = Counter(before.values())
    titles |= {i: before[i] if alike[before[i]] == 1 else both[i] for i in open_}

    def digested(digits: int) -> dict[int, str]:
        return {i: f"{rules[i]}_{sha256(both[i].encode()).hexdigest()[:digits]}" for i in open_}

    for digits in range(0, 65, 4):
        texts = digested(digits) if digits else {i: titles[i] for i in open_}
        tally = Counter(texts.values())
        taken = set(found.values())
        for index, text in texts.items():
            short = digits or len(text) <= LONGEST_REACTION
            if tally[text] == 1 and text not in taken and short:
                found[index] = text
        open_ = [index for index in open_ if index not in found]
    for order, (index, text) in enumerate(digested(8).items(), start=1):
        found[index] = f"{text}_{order}"  # the same reaction twice, under different rate laws
    return [found[i] for i in range(len(rules))], [titles[i] for i in range(len(rules))]


def _generated_names(network: Network) -> dict[str, str]:
    """Return names for what BioNetGen generated, after the rules that use it."""
    users: dict[str, list[str]] = {}
    for reaction in network.reactions:
        rule = f"{reaction.rule}_reverse" if reaction.reverse else reaction.rule
        for name in reaction.law.constants:
            users.setdefault(name, []).append(rule)
    generated = [p.name for p in network.parameters if p.generated]
    generated += [f.name for f in network.functions if f.generated]
    wanted: dict[str, str] = {}
    for name in generated:
        rules = sorted(set(users.get(name, ())))
        numbered = re.fullmatch(r"_rateLaw\d+", name) and len(rules) == 1
        wanted[name] = f"rate_{legal(rules[0])}" if numbered else name
    return wanted
