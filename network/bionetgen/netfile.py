"""Reading BioNetGen's network files.

BioNetGen multiplies statistical factor and volume factor into one number of eight digits and names
the volume factor in a comment: ``0.8*kf #dim unit_conversion=1/(V*2)``. Here the two come apart
again: the volume factor stays a formula, the statistical factor becomes the exact fraction it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from ..files import lines_of
from ..mathematics import expressions
from ..mathematics.expressions import ExpressionError
from ..mathematics.numerics import parameter_values
from ..network import (
    Compartment,
    EnergyPattern,
    Function,
    Group,
    Molecule,
    Parameter,
    RateLaw,
    Reaction,
    Rule,
    Species,
)

# Written in front of a warning kept with a network file.
WARNING = "# WARNING: "


class NetFileError(ValueError):
    """The text is no network file; the message says where and what."""


@dataclass(frozen=True)
class NetFile:
    """What a network file holds; :class:`~.network.Network` explains the parts."""

    parameters: tuple[Parameter, ...]
    compartments: tuple[Compartment, ...]
    functions: tuple[Function, ...]
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    groups: tuple[Group, ...]
    molecules: tuple[Molecule, ...]
    rules: tuple[Rule, ...]
    energies: tuple[EnergyPattern, ...]
    options: dict[str, str] = field(default_factory=dict)  # setOption and substanceUnits
    warnings: tuple[str, ...] = ()  # BNG2.pl's own, where they were kept with the file


def read(text: str, declared: Collection[str] | None = None) -> NetFile:
    """Read a network file, with or without the model's blocks in it.

    Functions that depend on parameters alone become derived parameters, which is what they are:
    BNG2.pl makes functions of parameters used before their declaration, and of total rates.
    Molecule types that were not declared are gathered from the species.

    Parameters
    ----------
    text : str
        As BioNetGen 2.9 writes it with ``generate_network`` or ``writeFile``.
    declared : collection of str, optional
        Names of the parameters and functions of the author's; everything else is marked as
        generated. Without it, the names that BioNetGen gives are recognised by their pattern.

    Raises
    ------
    NetFileError
        If a line cannot be read.
    """
    blocks, options = _blocks(text)
    try:
        parameters, functions = _settled(
            [_parameter(line, declared) for line in blocks.get("parameters", ())],
            [_function(line, declared) for line in blocks.get("functions", ())],
        )
        values = {parameter.name: parameter.value for parameter in parameters}
        rules = _rules(blocks.get("reaction rules", ()))
        species = tuple(_species(line) for line in blocks.get("species", ()))
        reactions = _Reactions(values, {f.name for f in functions}, {r.name for r in rules})
        return NetFile(
            parameters=parameters,
            compartments=tuple(_compartment(line) for line in blocks.get("compartments", ())),
            functions=functions,
            species=species,
            reactions=tuple(map(reactions.read, blocks.get("reactions", ()))),
            groups=tuple(_group(line) for line in blocks.get("groups", ())),
            molecules=tuple(map(_molecule, blocks.get("molecule types", ()))) or _gathered(species),
            rules=rules,
            energies=tuple(map(_energy, blocks.get("energy patterns", ()))),
            options=options,
            warnings=tuple(line[len(WARNING) :] for line in blocks.get("", ())),
        )
    except ExpressionError as error:
        raise NetFileError(f"The network file cannot be evaluated: {error}") from error


_OPTION = re.compile(r'(?:setOption\("(\w+)",|(substanceUnits)\()"(.*)"\)')


def _blocks(text: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    blocks: dict[str, list[str]] = {}
    options: dict[str, str] = {}
    lines = iter(lines_of(text))
    for line in lines:
        if line.startswith("begin "):
            name = line[6:].strip()
            block = blocks.setdefault(name, [])
            end = f"end {name}"
            for inner in lines:
                if inner.startswith("end ") and inner.strip() == end:
                    break
                block.append(inner)
            else:
                raise NetFileError(f"The network file ends inside its block {name!r}.")
        elif line.startswith(WARNING):
            blocks.setdefault("", []).append(line)
        elif match := _OPTION.match(line):
            options[match[1] or match[2]] = match[3]
    if "species" not in blocks or "reactions" not in blocks:
        raise NetFileError("The network file has no species or no reactions in it.")
    return blocks, options


def _bad(block: str, line: str) -> NetFileError:
    return NetFileError(f"Cannot read this line of the network file's {block}: {line.strip()!r}.")


# -- parameters, functions, compartments ----------------------------------------------------------

_GENERATED = re.compile(
    r"_(?:InitialConc|rateLaw|Aphi_|AEact0_|localFunc[LR])\d+|_\w+_local\d+|NewConc\d+"
)
_PARAMETER = re.compile(r"\s*\d+\s+(\w+)\s+([^#]*[^#\s])\s*(?:#.*)?")
_FUNCTION = re.compile(r"\s*\d+\s+(\w+)\(([^)]*)\)\s*=?\s*(.+)")


def _generated(name: str, declared: Collection[str] | None) -> bool:
    return name not in declared if declared is not None else bool(_GENERATED.fullmatch(name))


def _parameter(line: str, declared: Collection[str] | None) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None:
        raise _bad("parameters", line)
    name, text = match.groups()
    return Parameter(name, text, 0.0, generated=_generated(name, declared))


def _settled(
    parameters: list[Parameter], functions: list[Function]
) -> tuple[tuple[Parameter, ...], tuple[Function, ...]]:
    """Return parameters with their values, and the functions that truly are functions."""
    trees = {f.name: expressions.parse(f.expression) for f in functions if not f.arguments}
    constant = {parameter.name for parameter in parameters}
    while found := [n for n, t in trees.items() if not t.timed and t.names <= constant]:
        constant.update(found)
        for name in found:
            del trees[name]
    parameters += [
        Parameter(f.name, f.expression, 0.0, generated=f.generated)
        for f in functions
        if f.name in constant
    ]
    values = parameter_values(parameters)
    return (
        tuple(
            Parameter(p.name, p.expression, values[p.name], generated=p.generated)
            for p in parameters
        ),
        tuple(f for f in functions if f.name not in constant),
    )


def _function(line: str, declared: Collection[str] | None) -> Function:
    match = _FUNCTION.fullmatch(line)
    if match is None:
        raise _bad("functions", line)
    name, arguments, text = match.groups()
    names = tuple(argument.strip() for argument in arguments.split(",") if argument.strip())
    return Function(name, names, text.strip(), generated=_generated(name, declared))


def _compartment(line: str) -> Compartment:
    match line.split():
        case [name, dimension, size]:
            return Compartment(name, int(dimension), size)
        case [name, dimension, size, outside]:
            return Compartment(name, int(dimension), size, outside)
    raise _bad("compartments", line)


# -- molecules, species, groups -------------------------------------------------------------------

_MOLECULE = re.compile(r"\s*(?:\d+\s+)?(\w+)\((.*)\)\s*")
_ENERGY = re.compile(r"\s*(?:\d+\s+)?(?:(\w+):\s*)?(\S+)\s+(.*\S)\s*")
_SPECIES = re.compile(r"\s*\d+\s+(\$?)(?:@(\w+)::?)?(\$?)(\S+)\s+(.*\S)\s*")


def _molecule(line: str) -> Molecule:
    match = _MOLECULE.fullmatch(line)
    if match is None:
        raise _bad("molecule types", line)
    name, inner = match.groups()
    sites: list[str] = []
    states: dict[str, tuple[str, ...]] = {}
    for text in filter(None, (site.strip() for site in inner.split(","))):
        site, *values = text.split("~")
        sites.append(site)
        if values:
            states[site] = tuple(values)
    return Molecule(name, tuple(sites), states)


_PART = re.compile(r"(\w+)\(([^)]*)\)")


def _gathered(species: Iterable[Species]) -> tuple[Molecule, ...]:
    """Return the molecules that occur in species, each with the sites and states seen."""
    sites: dict[str, tuple[str, ...]] = {}
    states: dict[str, dict[str, set[str]]] = {}
    for name, inner in (found for one in species for found in _PART.findall(one.pattern)):
        parts = [site.partition("!")[0].partition("~") for site in inner.split(",") if site]
        sites.setdefault(name, tuple(site for site, _, _ in parts))
        for site, _, state in parts:
            if state:
                states.setdefault(name, {}).setdefault(site, set()).add(state)
    return tuple(
        Molecule(name, own, {site: tuple(sorted(s)) for site, s in states.get(name, {}).items()})
        for name, own in sorted(sites.items())
    )


def _energy(line: str) -> EnergyPattern:
    match = _ENERGY.fullmatch(line)
    if match is None:
        raise _bad("energy patterns", line)
    name, pattern, energy = match.groups()
    return EnergyPattern(name or "", pattern, energy)


def _species(line: str) -> Species:
    match = _SPECIES.fullmatch(line)
    if match is None:
        raise _bad("species", line)
    before, compartment, after, pattern, initial = match.groups()
    return Species(pattern, initial, compartment, fixed=bool(before or after))


def _group(line: str) -> Group:
    match line.split():
        case [_, name]:
            return Group(name, ())
        case [_, name, terms]:
            pairs = (term.rpartition("*") for term in terms.split(","))
            return Group(name, tuple((float(w or 1), int(i) - 1) for w, _, i in pairs))
    raise _bad("groups", line)


# -- rules ----------------------------------------------------------------------------------------

_RULE = re.compile(r"\s*(\w+):\s*(.*\S)\s*")


def _rules(lines: Iterable[str]) -> tuple[Rule, ...]:
    found: list[tuple[str, str, list[str], list[str]]] = []
    actions: list[str] = []
    for line in lines:
        stripped = line.strip()
        if stripped == "# Reverse":
            actions = found[-1][3]
        elif stripped.startswith("#"):
            actions.append(stripped[1:].strip())
        elif stripped:
            match = _RULE.fullmatch(line)
            if match is None:
                raise _bad("reaction rules", line)
            found.append((match[1], match[2], [], []))
            actions = found[-1][2]
    return tuple(
        Rule(
            name,
            bngl,
            reversible=" <-> " in bngl,
            actions=tuple(forward),
            reverse_actions=tuple(backward),
        )
        for name, bngl, forward, backward in found
    )


# -- reactions ------------------------------------------------------------------------------------

_REACTION = re.compile(
    r"\s*\d+\s+([\d,]+)\s+([\d,]+)\s+"
    r"(?:([-+.\deEinfa]+)\*)?(\w+(?:\s+\w+)*?)\s*"
    r"(?:#\s*([\w,]*)\s*(?:unit_conversion=(.+?))?\s*)?"
)
_SATURATING = frozenset({"MM", "Sat", "Hill"})
_REVERSE = "_reverse_"


class _Reactions:
    """Reads reaction lines; many share their rate law and their rule, so those are kept."""

    def __init__(
        self, values: dict[str, float], functions: Collection[str], rules: Collection[str]
    ) -> None:
        self._values, self._functions, self._rules = values, functions, rules
        self._laws: dict[tuple[str | None, str, str | None], RateLaw] = {}
        self._sources: dict[str, tuple[tuple[str, bool], ...]] = {}

    def read(self, line: str) -> Reaction:
        match = _REACTION.fullmatch(line)
        if match is None:
            raise _bad("reactions", line)
        reactants, products, multiplier, law, rules, conversion = match.groups()
        key = multiplier, law, conversion
        if key not in self._laws:
            self._laws[key] = self._law(*key)
        if rules not in self._sources:
            self._sources[rules] = tuple(map(self._source, (rules or "").split(",")))
        (rule, reverse), *others = self._sources[rules]
        return Reaction(
            _indices(reactants), _indices(products), self._laws[key], rule, reverse, tuple(others)
        )

    def _source(self, name: str) -> tuple[str, bool]:
        """Return the rule a reaction was made by, and whether backwards."""
        forward = name.removeprefix(_REVERSE)
        if forward == name or name in self._rules:
            return name, False
        return forward, True

    def _law(self, multiplier: str | None, law: str, conversion: str | None) -> RateLaw:
        name, *constants = law.split()
        if name in _SATURATING and constants:
            kind, names = name, tuple(constants)
        else:
            kind, names = ("function" if name in self._functions else "elementary"), (name,)
        scale = 1.0
        if conversion is not None:
            scale = expressions.parse(conversion).evaluate(self._values)
        factor = statistical_factor(multiplier or "1", scale)
        return RateLaw(kind, names, factor, conversion)


def _indices(text: str) -> tuple[int, ...]:
    return () if text == "0" else tuple(int(index) - 1 for index in text.split(","))


def statistical_factor(multiplier: str, conversion: float = 1.0) -> Fraction:
    """Return the simplest fraction that, times ``conversion``, prints as ``multiplier``.

    Parameters
    ----------
    multiplier : str
        The number in front of a rate law, printed by BioNetGen with eight significant digits.
    conversion : float
        Value of the volume factor that is part of it.

    Raises
    ------
    NetFileError
        If there is no such fraction with a denominator up to 5040.

    Examples
    --------
    >>> statistical_factor("0.26666667", 0.4)
    Fraction(2, 3)
    """
    wanted = float(multiplier)
    if conversion == 1 and wanted == int(wanted):
        return Fraction(int(wanted))
    if conversion:
        ratio = wanted / conversion
        for denominator in _DENOMINATORS:
            numerator = round(ratio * denominator)
            if numerator and f"{numerator / denominator * conversion:.8g}" == f"{wanted:.8g}":
                return Fraction(numerator, denominator)
    raise NetFileError(
        f"The factor {multiplier} of a rate law is no fraction of its volume factor "
        f"{conversion!r}. Is the size of a compartment zero?"
    )


# Symmetry gives 1/2, 1/6, 1/24, ...; anything else is only tried for safety.
_DENOMINATORS = range(1, 5041)
