"""The rules as a Python file for PySB, which stands alone.

PySB's own exporter takes a model of PySB's and writes numbers of 15 digits; this one takes the
rules of any network, and writes formulas as they are.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ...network.mathematics import expressions
from ...network.mathematics.expressions import Call, Expression, Name
from ...network.network import Network
from ...network.rules.book import Book, BookRule, Part, Pattern, book
from ...network.rules.patterns import PatternError, Site
from ..holding import CannotHoldError, refuse
from ..sbml.ids import legal
from . import sympy_text

_RESERVED: Final = frozenset({*keyword.kwlist, "pysb", "sympy", "model", "add", "one"})
# Kinds of what formulas name.
_NAMED: Final = frozenset({"Parameter", "Expression", "Observable", "Tag"})
_KEYWORDS: Final = {
    "DeleteMolecules": "delete_molecules",
    "MoveConnected": "move_connected",
    "TotalRate": "total_rate",
}


def text(network: Network) -> str:
    """Return a network's rules as a module that holds ``model``.

    Raises
    ------
    CannotHoldError
        If PySB has no words for something; the message names it.
    """
    try:
        found = book(network)
    except PatternError as error:
        raise CannotHoldError(str(error)) from None
    refuse(_faults(found))
    lines = "\n".join(_Writer(network, found).lines())
    title = (network.metadata.title or network.name).replace("\\", "").replace('"""', "'''")
    return (
        f'"""{title}, as rules for PySB. Written by mtorules."""\n\n'
        f"import pysb\nimport sympy\nfrom pysb.core import as_complex_pattern as one\n\n"
        f"model = pysb.Model({legal(network.name)!r}, _export=False)\n\n\n"
        "def add(kind, *said, **more):\n"
        '    """Add a component to the model and return it."""\n'
        "    component = kind(*said, **more, _export=False)\n"
        "    if isinstance(component, pysb.Initial):\n"
        "        model.add_initial(component)\n"
        "    else:\n"
        "        model.add_component(component)\n"
        "    return component\n\n\n"
        f"{lines}\n"
    )


def _faults(found: Book) -> Iterator[str]:
    for name in found.others:
        yield f"PySB has no {name}"
    for kind, name, patterns in found.observables:
        if kind == "Counter":
            yield f"observable {name!r} is a counter"
        for pattern in patterns:
            if pattern.count:
                yield f"observable {name!r} counts by number of molecules, {pattern.count}"
    for rule in found.rules:
        if any(part.tag for pattern in (*rule.left, *rule.right) for part in pattern.parts):
            yield f"rule {rule.name!r} labels single molecules of a complex"
        for word in rule.keywords:
            if word not in _KEYWORDS:
                yield f"rule {rule.name!r} has the keyword {word.partition('(')[0]}"
        for law in rule.laws:
            if law != "Arrhenius":
                yield f"rule {rule.name!r} has the rate law {law}"


class _Writer:
    def __init__(self, network: Network, found: Book) -> None:
        self.network, self.book = network, found
        # Of Python: of what formulas name, by name, and of everything by kind and name, since a
        # rule or a compartment may have the name of a parameter.
        self.variables: dict[str, str] = {}
        self.others: dict[tuple[str, str], str] = {}
        self.taken: set[str] = set()
        self.arguments = {name: given for name, given, _ in found.functions}
        self.extra = 0

    def claim(self, name: str) -> tuple[str, str]:
        """Return the name of a component, and its variable."""
        found = legal(name)
        while found in self.taken:
            found += "_"
        self.taken.add(found)
        variable = f"{found}_" if found in _RESERVED else found
        while variable != found and variable in self.taken:
            variable += "_"
        return found, variable

    def added(self, kind: str, name: str, *said: str) -> str:
        found, variable = self.claim(name)
        words = ", ".join([f"pysb.{kind}", repr(found), *said])
        self.others[kind, name] = variable
        if kind in _NAMED:
            self.variables[name] = variable
        return f"{variable} = add({words})"

    def lines(self) -> Iterator[str]:
        for molecule in self.book.molecules:
            states = {
                site: list(map(legal, values))  # PySB has words only, and no numbers
                for site, values in molecule.states.items()
                if values
            }
            said = [repr(list(molecule.sites)), *([repr(states)] if states else [])]
            yield self.added("Monomer", molecule.name, *said)
        yield ""
        numbers, formulas = {}, {}
        for name, text in self.book.parameters.items():
            try:
                numbers[name] = float(text)
            except ValueError:
                formulas[name] = expressions.parse_as_bng2(text)
        for name, value in numbers.items():
            yield self.parameter(name, value)
        yield from self.ordered(formulas)
        yield from self.compartments()
        yield ""
        for tag in dict.fromkeys(self.tags()):
            yield self.added("Tag", tag)
        for kind, name, patterns in self.book.observables:
            side = " + ".join(map(self.pattern, patterns))
            match = ", match='species'" if kind == "Species" else ""
            yield self.added("Observable", name, f"{side}{match}")
        yield ""
        bodies = {name: expressions.parse_as_bng2(text) for name, _, text in self.book.functions}
        yield from self.ordered(bodies)
        for label, pattern, text in self.book.energies:
            yield from self.energy(label, pattern, text)
        yield ""
        for pattern, amount in self.book.seeds:
            yield from self.seed(pattern, amount)
        yield ""
        for rule in self.book.rules:
            yield from self.rule(rule)

    # -- numbers and formulas ----------------------------------------------------------------------

    def parameter(self, name: str, value: float) -> str:
        sign = ", nonnegative=False" if value < 0 else ""
        return self.added("Parameter", name, f"{value!r}{sign}")

    def ordered(self, trees: Mapping[str, Expression]) -> Iterator[str]:
        """Yield expressions so that each comes after those that it needs."""
        waiting = dict(trees)
        while waiting:
            ready = [n for n, tree in waiting.items() if not _needs(tree) & waiting.keys()]
            if not ready:
                raise CannotHoldError(f"formulas need each other: {', '.join(waiting)}")
            for name in ready:
                yield self.added("Expression", name, self.formula(waiting.pop(name)))

    def valued(self, name: str, text: str) -> tuple[list[str], str]:
        """Return what must be added for a formula, and the variable that stands for it."""
        tree = expressions.parse_as_bng2(text)
        if isinstance(tree, Name) and tree.name in self.variables:
            return [], self.variables[tree.name]
        if isinstance(tree, Call) and tree.name in self.arguments:
            return [], self.variables[tree.name]
        try:
            return [self.parameter(name, float(text))], self.variables[name]
        except ValueError:
            return [self.added("Expression", name, self.formula(tree))], self.variables[name]

    def formula(self, tree: Expression) -> str:
        made = sympy_text.written(tree, self.variables)
        return made if tree.names and not isinstance(tree, Name) else f"sympy.sympify({made})"

    # -- compartments, patterns --------------------------------------------------------------------

    def compartments(self) -> Iterator[str]:
        waiting = {name: (size, outside) for name, _, size, outside in self.book.compartments}
        dimensions = {name: dimension for name, dimension, *_ in self.book.compartments}
        while waiting:
            name = next(n for n, (_, outside) in waiting.items() if outside not in waiting)
            size, outside = waiting.pop(name)
            before, value = self.valued(f"size_of_{name}", size)
            yield from before
            parent = "None" if outside is None else self.others["Compartment", outside]
            yield self.added(
                "Compartment", name, f"parent={parent}", f"dimension={dimensions[name]}",
                f"size={value}",
            )  # fmt: skip

    def tags(self) -> Iterator[str]:
        for rule in self.book.rules:
            for pattern in (*rule.left, *rule.right):
                yield from filter(None, (pattern.tag, *(part.tag for part in pattern.parts)))
        for _, arguments, _ in self.book.functions:
            yield from arguments

    def pattern(self, pattern: Pattern) -> str:
        text = " % ".join(map(self.part, pattern.parts))
        if pattern.compartment or pattern.tag or pattern.once:
            text = f"one({text})"
        if pattern.compartment:
            text = f"{text} ** {self.others['Compartment', pattern.compartment]}"
        if pattern.once:
            text = f"pysb.MatchOnce({text})"
        if pattern.tag:
            text = f"({text} @ {self.others['Tag', pattern.tag]})"
        return text

    def part(self, part: Part) -> str:
        sites: dict[str, list[str]] = {}
        for site in part.sites:
            sites.setdefault(site.name, []).append(_condition(site))
        inside = ", ".join(
            f"{name}={values[0]}"
            if len(values) == 1
            else f"{name}=pysb.MultiState({', '.join(values)})"
            for name, values in sites.items()
        )
        if any(keyword.iskeyword(name) for name in sites):
            inside = "**{" + ", ".join(
                f"{name!r}: {values[0]}"
                if len(values) == 1
                else f"{name!r}: pysb.MultiState({', '.join(values)})"
                for name, values in sites.items()
            ) + "}"  # fmt: skip
        text = f"{self.others['Monomer', part.name]}({inside})"
        if part.compartment:
            text = f"{text} ** {self.others['Compartment', part.compartment]}"
        return f"({text} @ {self.others['Tag', part.tag]})" if part.tag else text

    # -- what there is at first, and what happens --------------------------------------------------

    def seed(self, pattern: Pattern, amount: str) -> Iterator[str]:
        self.extra += 1
        before, value = self.valued(f"start_{self.extra}", amount)
        yield from before
        fixed = ", fixed=True" if pattern.fixed else ""
        yield f"add(pysb.Initial, {self.pattern(pattern)}, {value}{fixed})"

    def energy(self, label: str, pattern: Pattern, text: str) -> Iterator[str]:
        self.extra += 1
        name = label or f"energy_{self.extra}"
        before, value = self.valued(f"energy_of_{name}", text)
        yield from before
        yield self.added("EnergyPattern", name, self.pattern(pattern), value)

    def rule(self, rule: BookRule) -> Iterator[str]:
        rule = self.tagged(rule)
        name = legal(rule.name)
        if rule.laws:  # of which PySB knows one, Arrhenius
            inside = rule.rates[0].partition("(")[2].removesuffix(")")
            texts, words = _arguments(inside), ["energy=True"]
        else:
            texts, words = list(rule.rates), []
        rates = []
        for suffix, rate in zip(("", "_reverse"), texts, strict=False):
            before, value = self.valued(f"rate_of_{name}{suffix}", rate)
            yield from before
            rates.append(value)
        sides = [self.side(side) for side in (rule.left, rule.right)]
        arrow = " | " if rule.reversible else " >> "
        words += [f"{_KEYWORDS[word]}=True" for word in rule.keywords]
        yield self.added("Rule", rule.name, arrow.join(sides), *rates, *words)

    def tagged(self, rule: BookRule) -> BookRule:
        """Return a rule whose tags are called as the arguments of its local function are."""
        trees = map(expressions.parse_as_bng2, () if rule.laws else rule.rates)
        calls = [tree for tree in trees if isinstance(tree, Call)]
        names = {
            given.name: own
            for call in calls
            for given, own in zip(call.arguments, self.arguments.get(call.name, ()), strict=False)
            if isinstance(given, Name)
        }

        def renamed(side: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
            return tuple(
                replace(
                    pattern,
                    tag=names.get(pattern.tag or "", pattern.tag),
                    parts=tuple(
                        replace(part, tag=names.get(part.tag or "", part.tag))
                        for part in pattern.parts
                    ),
                )
                for pattern in side
            )

        return replace(rule, left=renamed(rule.left), right=renamed(rule.right))

    def side(self, patterns: Iterable[Pattern]) -> str:
        return " + ".join(map(self.pattern, patterns)) or "None"


def _condition(site: Site) -> str:
    bond = site.bonds[0] if site.bonds else None
    if len(site.bonds) > 1:
        raise CannotHoldError(f"site {site.name!r} has several bonds")
    state = None if site.state in (None, "?") else legal(site.state)
    held = {"+": "pysb.ANY", "?": "pysb.WILD"}.get(bond or "", bond)
    if state is None:
        return held or "None"
    return repr(state) if held is None else f"({state!r}, {held})"


def _needs(tree: Expression) -> set[str]:
    return {node.name for node in tree.walk() if isinstance(node, Name | Call)}


def _arguments(text: str) -> list[str]:
    """Return the arguments of a call, apart at commas outside parentheses."""
    found, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [each.strip() for each in found]
