"""The rules in Kappa, for KaSim and its tools.

Kappa counts a rule's every embedding, where BioNetGen counts what is the same in two ways but once;
and it lets what stands on the left be parts of one complex, where BioNetGen asks for two. So rates
are divided by the symmetries of their rule, and rules of two reactants have rate 0 within a
complex.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from typing import Final

from ...network.mathematics import expressions
from ...network.mathematics.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    ExpressionError,
    Name,
    Number,
    Time,
    Unary,
)
from ...network.mathematics.numerics import parameter_values
from ...network.network import Network
from ...network.rules.book import Book, BookRule, Part, Pattern, book
from ...network.rules.patterns import PatternError, Site
from ..holding import CannotHoldError, refuse
from ..sbml.ids import legal
from ..sbml.mathematics.mathml import logical
from .pairing import pairs

_FUNCTIONS: Final = {
    name: f"[{name}]" for name in ("exp", "sqrt", "sin", "cos", "tan", "abs", "min", "max")
} | {"ln": "[log]"}
_PAIRS: Final = ("min", "max")


def text(network: Network) -> str:
    """Return a network's rules in Kappa.

    Raises
    ------
    CannotHoldError
        If Kappa has no words for something; the message names it.
    """
    try:
        found = book(network)
    except PatternError as error:
        raise CannotHoldError(str(error)) from None
    refuse(_faults(network, found))
    return "\n".join(_lines(network, found)) + "\n"


# -- what stands in the way ------------------------------------------------------------------------


def _faults(network: Network, found: Book) -> Iterator[str]:
    yield from (f"Kappa has no {name}" for name in found.others)
    if found.compartments:
        yield "Kappa has no compartments"
    if found.energies:
        yield "Kappa has no energy patterns"
    for molecule in found.molecules:
        twice = {site for site in molecule.sites if molecule.sites.count(site) > 1}
        for site in sorted(twice):
            yield f"molecule {molecule.name!r} has several sites {site!r}"
    for name, arguments, _ in found.functions:
        if arguments:
            yield f"function {name!r} looks at single molecules"
    for kind, name, patterns in found.observables:
        if kind != "Molecules":
            yield f"observable {name!r} counts {kind.lower()}, not molecules"
        yield from (f"{fault} in observable {name!r}" for p in patterns for fault in _odd(p))
    values = parameter_values(network.parameters)
    for seed, amount in found.seeds:
        yield from (f"{fault} in a starting amount" for fault in _odd(seed))
        if seed.fixed:
            yield f"the amount of {seed.parts[0].name!r} is fixed"
        try:
            count = expressions.parse_as_bng2(amount).evaluate(values)
        except ExpressionError as error:
            yield str(error).rstrip(".")
            continue
        if count != int(count):
            yield (
                f"the starting amount {count!r} of {seed.parts[0].name!r} is no whole number "
                "of molecules"
            )
    for rule in found.rules:
        yield from (f"{fault} in rule {rule.name!r}" for fault in _rule_faults(found, rule))


def _odd(pattern: Pattern) -> Iterator[str]:
    if pattern.count:
        yield f"a number of molecules, {pattern.count}"
    if pattern.once:
        yield "MatchOnce"
    if pattern.tag:
        yield "a label of a complex"
    if any(len(site.bonds) > 1 for part in pattern.parts for site in part.sites):
        yield "a site with several bonds"
    if not _connected(pattern):
        yield "molecules of one complex without bonds between them"


def _rule_faults(found: Book, rule: BookRule) -> Iterator[str]:
    for word in rule.keywords:
        if word != "DeleteMolecules":
            yield f"the keyword {word.partition('(')[0]}"
    for law in rule.laws:
        yield f"the rate law {law}"
    directions = [(rule.left, rule.right)]
    if rule.reversible:
        directions.append((rule.right, rule.left))
    sites = {molecule.name: set(molecule.sites) for molecule in found.molecules}
    for left, right in directions:
        for pattern in (*left, *right):
            yield from _odd(pattern)
        if len(left) > 2 and not all(_whole(pattern, sites) for pattern in left):
            yield "more than two reactants that may be parts of complexes"
        if "DeleteMolecules" not in rule.keywords:
            gone = [one for one, other in _pairs(left, right) if other is None]
            lost = [p for i, p in enumerate(left) if all(m in gone for m in _numbered(p, i))]
            if not all(_whole(pattern, sites) for pattern in lost):
                yield "the loss of whole complexes, not of single molecules (DeleteMolecules)"


def _connected(pattern: Pattern) -> bool:
    seen, waiting = {0}, [0]
    bonds = [
        {b for site in part.sites for b in site.bonds if b.isdigit()} for part in pattern.parts
    ]
    while waiting:
        here = bonds[waiting.pop()]
        for other, held in enumerate(bonds):
            if other not in seen and here & held:
                seen.add(other)
                waiting.append(other)
    return len(seen) == len(pattern.parts)


def _whole(pattern: Pattern, sites: Mapping[str, set[str]]) -> bool:
    """Return whether a pattern says of every site what it is bound to."""
    return all(
        {site.name for site in part.sites} == sites.get(part.name, set())
        and not any(bond in "+?" for site in part.sites for bond in site.bonds)
        for part in pattern.parts
    )


# -- text ------------------------------------------------------------------------------------------


def _lines(network: Network, found: Book) -> Iterator[str]:
    yield f"// {network.metadata.title or network.name}: rules for KaSim. Written by mtorules."
    for molecule in found.molecules:
        sites = ", ".join(
            f"{site}{{{' '.join(map(legal, molecule.states[site]))}}}"
            if molecule.states.get(site)
            else site
            for site in molecule.sites
        )
        yield f"%agent: {molecule.name}({sites})"
    trees = {name: expressions.parse_as_bng2(text) for name, text in found.parameters.items()}
    yield from _variables(trees)
    for _, name, patterns in found.observables:
        counts = " + ".join(f"|{_agents(pattern.parts)}|" for pattern in patterns)
        yield f"%obs: '{name}' {counts}"
    yield from _variables(
        {name: expressions.parse_as_bng2(text) for name, _, text in found.functions}
    )
    for seed, amount in found.seeds:
        yield f"%init: {_formula(expressions.parse_as_bng2(amount))} {_agents(seed.parts)}"
    for rule in found.rules:
        yield from _rule(rule)


def _variables(trees: Mapping[str, Expression]) -> Iterator[str]:
    waiting = dict(trees)
    while waiting:
        ready = [name for name, tree in waiting.items() if not _names(tree) & waiting.keys()]
        if not ready:
            raise CannotHoldError(f"formulas need each other: {', '.join(waiting)}.")
        for name in ready:
            yield f"%var: '{name}' {_formula(waiting.pop(name))}"


def _names(tree: Expression) -> set[str]:
    return {node.name for node in tree.walk() if isinstance(node, Name | Call)}


def _rule(rule: BookRule) -> Iterator[str]:
    directions = [(rule.name, rule.left, rule.right)]
    if rule.reversible:
        directions.append((f"{rule.name}_reverse", rule.right, rule.left))
    for (name, left, right), rate in zip(directions, rule.rates, strict=False):
        joined = _pairs(left, right)
        before, after = (
            ", ".join("." if part is None else _agent(part) for part in side)
            for side in zip(*joined, strict=True)
        )
        value = _formula(expressions.parse_as_bng2(rate))
        times = _symmetries(joined)
        value = f"{value} / {times}" if times > 1 else value
        apart = " {0}" if len(left) == 2 else ""
        yield f"'{name}' {before} -> {after} @ {value}{apart}"


def _pairs(
    left: Sequence[Pattern], right: Sequence[Pattern]
) -> list[tuple[Part | None, Part | None]]:
    """Return the molecules of both sides in pairs, with bonds that only their pattern has."""
    ours, theirs = (
        [_numbered(pattern, place) for place, pattern in enumerate(side)] for side in (left, right)
    )
    return [
        (
            one and ours[one.pattern][one.part],
            other and theirs[other.pattern][other.part],
        )
        for one, other in pairs(left, right)
    ]


def _numbered(pattern: Pattern, place: int) -> list[Part]:
    """Return the molecules of a pattern with bonds that no other pattern of its side has."""
    return [
        Part(
            part.name,
            tuple(
                Site(
                    site.name,
                    site.state,
                    tuple(f"{place}_{b}" if b.isdigit() else b for b in site.bonds),
                )
                for site in part.sites
            ),
            part.compartment,
            part.tag,
        )
        for part in pattern.parts
    ]


def _symmetries(joined: Sequence[tuple[Part | None, Part | None]]) -> int:
    """Return in how many ways a rule's left side can be laid on itself with the same effect."""
    kept = [(one, other) for one, other in joined if one is not None]
    alike: dict[str, list[int]] = {}
    for place, (one, _) in enumerate(kept):
        alike.setdefault(one.name, []).append(place)
    groups = list(alike.values())
    wanted = [_graph([pair[side] for pair in kept], range(len(kept))) for side in (0, 1)]
    count = 0
    for chosen in product(*(permutations(group) for group in groups)):
        order = [0] * len(kept)
        for group, places in zip(groups, chosen, strict=True):
            for place, to in zip(group, places, strict=True):
                order[place] = to
        found = [_graph([pair[side] for pair in kept], order) for side in (0, 1)]
        count += found == wanted
    return count


def _graph(parts: Sequence[Part | None], order: Sequence[int]) -> set[object]:
    """Return states, free sites and bonds of molecules that stand at other places."""
    found: set[object] = set()
    ends: dict[str, list[tuple[int, str]]] = {}
    for place, part in zip(order, parts, strict=True):
        if part is None:
            found.add((place, "gone"))
            continue
        for site in part.sites:
            marks = tuple(b for b in site.bonds if b in "+?")
            found.add((place, site.name, site.state, marks, bool(site.bonds)))
            for bond in set(site.bonds) - set(marks):
                ends.setdefault(bond, []).append((place, site.name))
    return found | {frozenset(pair) for pair in ends.values()}


def _agents(parts: Sequence[Part]) -> str:
    return ", ".join(map(_agent, parts))


def _agent(part: Part) -> str:
    return f"{part.name}({', '.join(map(_site, part.sites))})"


def _site(site: Site) -> str:
    state = "" if site.state in (None, "?") else f"{{{legal(site.state)}}}"
    if not site.bonds:
        return f"{site.name}{state}[.]"
    (bond,) = site.bonds
    if bond in "+?":
        return f"{site.name}{state}[{'_' if bond == '+' else '#'}]"
    # Patterns of one side count their bonds apart: the number of the pattern comes first.
    pattern, _, own = bond.rpartition("_")
    return f"{site.name}{state}[{int(pattern or 0) * 1000 + int(own) + 1}]"


def _formula(tree: Expression) -> str:
    """Return a number in Kappa's algebra, which keeps truth values apart."""
    match tree:
        case _ if logical(tree):
            return f"({_truth(tree)} [?] 1.0 [:] 0.0)"
        case Number():
            return repr(float(tree.value)) if tree.value >= 0 else f"(0 - {abs(tree.value)!r})"
        case Name(name=name) | Call(name=name, arguments=()):
            return f"'{name}'"
        case Time():
            return "[T]"
        case Constant(name=name):
            return {"_pi": "[pi]", "_e": "([exp] 1.0)"}[name]
        case Unary(operand=operand):
            return f"(0 - {_formula(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({_formula(left)} {operator} {_formula(right)})"
        case Call(name="if", arguments=(condition, then, otherwise)):
            return f"({_truth(condition)} [?] {_formula(then)} [:] {_formula(otherwise)})"
        case Call(name=name, arguments=arguments) if name in _PAIRS:
            first, *rest = map(_formula, arguments)
            for each in rest:
                first = f"({_FUNCTIONS[name]} {first} {each})"
            return first
        case Call(name=name, arguments=(argument,)) if name in _FUNCTIONS:
            return f"({_FUNCTIONS[name]} {_formula(argument)})"
    raise CannotHoldError(f"Kappa has no words for {tree}.")


_OPPOSITE: Final = {"<=": ">", ">=": "<", "!=": "="}


def _truth(tree: Expression) -> str:
    match tree:
        case Unary(operator="!", operand=operand):
            return f"([not] {_truth(operand)})"
        case Binary(operator="&&" | "||" as operator, left=left, right=right):
            return f"({_truth(left)} {operator} {_truth(right)})"
        case Binary(operator=operator, left=left, right=right) if logical(tree):
            sign = _OPPOSITE.get(operator, operator.replace("==", "="))
            text = f"({_formula(left)} {sign} {_formula(right)})"
            return f"([not] {text})" if operator in _OPPOSITE else text
    return f"([not] ({_formula(tree)} = 0.0))"
