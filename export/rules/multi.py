"""The rules as SBML's package ``multi``: species types, patterns as species, rules as reactions.

Molecules are species types with a binding site for each of their sites and a feature for each that
has states; a pattern of several molecules is a species type of its own. What the package has no
place for, keywords of rules and what an observable counts, is an annotation of ours.
:mod:`mtorules.network.sources.sbml_multi` reads all of it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...network.mathematics import expressions
from ...network.network import Network
from ...network.rules.book import Book, BookRule, Pattern, book
from ...network.rules.patterns import PatternError
from ...network.sources.sbml_multi import NAMESPACE, OUR_NAMESPACE, OURS
from ..holding import CannotHoldError, refuse
from ..sbml.ids import EVERYWHERE, Registry
from ..sbml.levels import LEVELS
from ..sbml.mathematics.mathml import MathError, translate, written
from ..sbml.xml import MATH, attribute, number
from .multi_types import Types, listed
from .pairing import pairs

_LEVEL: Final = LEVELS["3.1"]
_KEYWORDS: Final = ("DeleteMolecules", "MoveConnected", "TotalRate")
# The compartment of patterns that may be in any.
_ANYWHERE: Final = "anywhere"


def text(network: Network) -> str:
    """Return a network's rules as SBML Level 3 Version 1 with the package ``multi``.

    Raises
    ------
    CannotHoldError
        If the package has no words for something; the message names it.
    """
    try:
        found = book(network)
    except PatternError as error:
        raise CannotHoldError(str(error)) from None
    refuse(_faults(found))
    try:
        return _Writer(network, found).text()
    except MathError as error:
        raise CannotHoldError(str(error)) from None


def _faults(found: Book) -> Iterator[str]:
    yield from (f"multi has no {name}" for name in found.others)
    if found.energies:
        yield "multi has no energy patterns"
    for name, arguments, _ in found.functions:
        if arguments:
            yield f"function {name!r} looks at single molecules"
    for kind, name, patterns in found.observables:
        yield from (f"{fault} in observable {name!r}" for p in patterns for fault in _odd(p))
        if kind == "Counter":
            yield f"observable {name!r} is a counter"
    seeds = [seed for seed, _ in found.seeds]
    for seed in seeds:
        if seeds.count(seed) > 1:
            yield f"the same species of {seed.parts[0].name!r} twice at the start"
        yield from (f"{fault} in a starting amount" for fault in _odd(seed))
    for rule in found.rules:
        for pattern in (*rule.left, *rule.right):
            yield from (f"{fault} in rule {rule.name!r}" for fault in _odd(pattern))
        for word in rule.keywords:
            if word not in _KEYWORDS:
                yield f"the keyword {word.partition('(')[0]} in rule {rule.name!r}"
        for law in rule.laws:
            yield f"the rate law {law} in rule {rule.name!r}"


def _odd(pattern: Pattern) -> Iterator[str]:
    if pattern.count:
        yield f"a number of molecules, {pattern.count}"
    if pattern.once:
        yield "MatchOnce"
    if pattern.tag or any(part.tag for part in pattern.parts):
        yield "a label"
    if len({part.compartment for part in pattern.parts}) > 1:
        yield "a complex across compartments"
    if pattern.compartment and any(part.compartment for part in pattern.parts):
        yield "a compartment of a complex and of its molecules"
    if any(len(site.bonds) > 1 for part in pattern.parts for site in part.sites):
        yield "a site with several bonds"


class _Writer:
    def __init__(self, network: Network, found: Book) -> None:
        self.network, self.book = network, found
        self.registry = Registry()
        self.symbols: dict[str, str] = {}
        for kind, names in (
            ("parameter", found.parameters),
            ("observable", [name for _, name, _ in found.observables]),
            ("expression", [name for name, _, _ in found.functions]),
        ):
            self.symbols |= {name: self.registry.claim(name, kind) for name in names}
        self.compartments: dict[str | None, str] = {
            name: self.registry.claim(name, "compartment") for name, *_ in found.compartments
        }
        self.compartments[None] = self.registry.claim(
            _ANYWHERE if found.compartments else EVERYWHERE, "compartment"
        )
        self.types = Types(found, self.registry)
        self.species = self.types.species
        self.starts = dict(found.seeds)

    def text(self) -> str:
        for pattern in self._patterns():
            self.types.place(pattern)
        level = f'level="{_LEVEL.level}" version="{_LEVEL.version}"'
        name = self.network.metadata.title or self.network.name
        # Everything that is referred to is known before anything is written.
        reactions = list(self._reactions())
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<sbml xmlns="{_LEVEL.namespace}" xmlns:multi="{NAMESPACE}" {level} '
            'multi:required="true">\n'
            f'<model id="{self.registry.claim(self.network.name, "model")}" '
            f"name={attribute(name)}>\n"
            + _section("listOfCompartments", self._compartments())
            + _section("listOfSpecies", self._species())
            + _section("listOfParameters", self._parameters())
            + _section("listOfInitialAssignments", self._assignments())
            + _section("listOfRules", self._rules())
            + _section("listOfReactions", reactions)
            + _section("multi:listOfSpeciesTypes", self.types.lines())
            + "</model>\n</sbml>\n"
        )

    def _patterns(self) -> Iterator[Pattern]:
        yield from (pattern for pattern, _ in self.book.seeds)
        for _, _, patterns in self.book.observables:
            yield from patterns
        for rule in self.book.rules:
            yield from (*rule.left, *rule.right)

    # -- what there is -----------------------------------------------------------------------------

    def _compartments(self) -> Iterator[str]:
        several = bool(self.book.compartments)
        yield (
            f'<compartment id="{self.compartments[None]}" spatialDimensions="3" size="1" '
            f'constant="true" multi:isType="{"true" if several else "false"}"/>\n'
        )
        for name, dimension, size, outside in self.book.compartments:
            about = f' {OURS}:outside="{outside}"' if outside else ""
            yield (
                f'<compartment id="{self.compartments[name]}" name={attribute(name)} '
                f'spatialDimensions="{dimension}"{_value("size", size)} constant="true" '
                f'multi:isType="false" multi:compartmentType="{self.compartments[None]}">'
                f"{_ours('compartment', about)}</compartment>\n"
            )

    def _species(self) -> Iterator[str]:
        for pattern, key in self.species.items():
            home = pattern.compartment or pattern.parts[0].compartment
            start = _value("initialAmount", self.starts[pattern]) if pattern in self.starts else ""
            placed = "complex" if pattern.compartment else "molecules"
            yield (
                f'<species id="{key}" compartment="{self.compartments[home]}"{start} '
                f'hasOnlySubstanceUnits="true" constant="false" '
                f'boundaryCondition="{"true" if pattern.fixed else "false"}" '
                f'multi:speciesType="{self.types.kind(pattern)}">'
                + _ours("pattern", f' {OURS}:placed="{placed}"')
                + self.types.said(pattern)
                + "</species>\n"
            )

    def _parameters(self) -> Iterator[str]:
        for name, formula in self.book.parameters.items():
            yield self._parameter(name, _value("value", formula), constant=True)
        for kind, name, _ in self.book.observables:
            yield self._parameter(name, "", _ours("observable", f' {OURS}:counts="{kind}"'))
        for name, _, _ in self.book.functions:
            yield self._parameter(name, "")

    def _parameter(self, name: str, value: str, inside: str = "", *, constant: bool = False) -> str:
        return (
            f'<parameter id="{self.symbols[name]}" name={attribute(name)}{value} '
            f'constant="{"true" if constant else "false"}">{inside}</parameter>\n'
        )

    # -- formulas ----------------------------------------------------------------------------------

    def _math(self, formula: str) -> str:
        tree = expressions.parse_as_bng2(formula)
        node = translate(tree, self.symbols, {})
        return written(node, units=False, lacking=_LEVEL.lacking)

    def _assignments(self) -> Iterator[str]:
        derived = [
            *((self.symbols[name], formula) for name, formula in self.book.parameters.items()),
            *((self.compartments[name], size) for name, _, size, _ in self.book.compartments),
            *((self.species[pattern], amount) for pattern, amount in self.book.seeds),
        ]
        for key, formula in derived:
            if not _value("", formula):
                yield (
                    f'<initialAssignment symbol="{key}">{MATH.format(self._math(formula))}'
                    "</initialAssignment>\n"
                )

    def _rules(self) -> Iterator[str]:
        for _, name, patterns in self.book.observables:
            terms = "".join(
                f'<ci multi:representationType="sum">{self.species[pattern]}</ci>'
                for pattern in patterns
            )
            body = f"<apply><plus/>{terms}</apply>" if len(patterns) > 1 else terms
            yield self._rule(name, body)
        for name, _, formula in self.book.functions:
            yield self._rule(name, self._math(formula))

    def _rule(self, name: str, body: str) -> str:
        return (
            f'<assignmentRule variable="{self.symbols[name]}">{MATH.format(body)}'
            "</assignmentRule>\n"
        )

    # -- reactions ---------------------------------------------------------------------------------

    def _reactions(self) -> Iterator[str]:
        for rule in self.book.rules:
            key = self.registry.claim(rule.name, "reaction")
            laws = [
                "<apply><times/>"
                + self._math(rate)
                + "".join(f"<ci>{self.species[pattern]}</ci>" for pattern in side)
                + "</apply>"
                for rate, side in zip(rule.rates, (rule.left, rule.right), strict=False)
            ]
            law = laws[0] if len(laws) == 1 else f"<apply><minus/>{''.join(laws)}</apply>"
            about = f' {OURS}:keywords="{" ".join(rule.keywords)}"' if rule.keywords else ""
            yield (
                f'<reaction id="{key}" name={attribute(rule.name)} '
                f'reversible="{"true" if rule.reversible else "false"}" fast="false">'
                + _ours("rule", about)
                + self._sides(rule, key)
                + f"<kineticLaw>{MATH.format(law)}</kineticLaw></reaction>\n"
            )

    def _sides(self, rule: BookRule, key: str) -> str:
        maps: dict[int, list[str]] = {}
        for one, other in pairs(rule.left, rule.right):
            if one is not None and other is not None:
                here, there = (
                    self.types.components[self.species[side[place.pattern]], place.part]
                    for side, place in ((rule.left, one), (rule.right, other))
                )
                maps.setdefault(other.pattern, []).append(
                    "<multi:speciesTypeComponentMapInProduct "
                    f'multi:reactant="{key}_r{one.pattern}" multi:reactantComponent="{here}" '
                    f'multi:productComponent="{there}"/>'
                )
        texts = []
        for tag, mark, side in (
            ("listOfReactants", "r", rule.left), ("listOfProducts", "p", rule.right)
        ):  # fmt: skip
            lines = "".join(
                f'<speciesReference id="{key}_{mark}{place}" species="{self.species[pattern]}" '
                f'stoichiometry="1" constant="true">'
                + (
                    listed("SpeciesTypeComponentMapsInProduct", "".join(maps.get(place, ())))
                    if mark == "p"
                    else ""
                )
                + "</speciesReference>"
                for place, pattern in enumerate(side)
            )
            texts.append(f"<{tag}>{lines}</{tag}>" if lines else "")
        return "".join(texts)


def _value(name: str, formula: str) -> str:
    """Return an attribute for a formula that is a number; nothing for any other."""
    try:
        return f' {name}="{number(float(formula))}"'
    except ValueError:
        return ""


def _ours(kind: str, said: str) -> str:
    if not said:
        return ""
    return f'<annotation><{OURS}:{kind} xmlns:{OURS}="{OUR_NAMESPACE}"{said}/></annotation>'


def _section(tag: str, lines: Iterator[str] | Sequence[str]) -> str:
    inside = "".join(lines)
    return f"<{tag}>\n{inside}</{tag}>\n" if inside else ""
