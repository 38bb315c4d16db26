"""Reading BioNetGen's network files, except for the reactions in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

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
    Reaction,
    Rule,
    Species,
)
from . import mratio
from .reactions import REACTION, REVERSE, NetFileError, Reactions, bad

# Written in front of a warning kept with a network file.
WARNING = "# WARNING: "


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
        parameters, functions, fixed = mratio.settle(parameters, functions)
        values = {parameter.name: parameter.value for parameter in parameters}
        rules = _rules(blocks.get("reaction rules", ()))
        species = tuple(_species(line) for line in blocks.get("species", ()))
        reactions = Reactions(values, {f.name for f in functions}, {r.name for r in rules})
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
            warnings=tuple(line[len(WARNING) :] for line in blocks.get("", ())) + fixed,
        )
    except mratio.VaryingError as error:
        raise NetFileError(_varying(error, blocks.get("reactions", ()))) from error
    except ExpressionError as error:
        raise NetFileError(f"The network file cannot be evaluated: {error}") from error


def _varying(error: mratio.VaryingError, reactions: Iterable[str]) -> str:
    """Say which rule or function it is; BNG2.pl makes functions of formulas in rules."""
    where = f"The function {error.function!r}"
    if _GENERATED.fullmatch(error.function):
        for match in filter(None, map(REACTION.fullmatch, reactions)):
            if match[4] == error.function and match[5]:
                where = f"The rate of rule {match[5].split(',')[0].removeprefix(REVERSE)!r}"
                break
    return (
        f"{where} needs mratio of what varies ({', '.join(error.names)}), which only BioNetGen's "
        "own simulator can work out; of parameters alone its value is taken."
    )


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
        raise bad("parameters", line)
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
        raise bad("functions", line)
    name, arguments, text = match.groups()
    names = tuple(argument.strip() for argument in arguments.split(",") if argument.strip())
    return Function(name, names, text.strip(), generated=_generated(name, declared))


def _compartment(line: str) -> Compartment:
    match line.split():
        case [name, dimension, size]:
            return Compartment(name, int(dimension), size)
        case [name, dimension, size, outside]:
            return Compartment(name, int(dimension), size, outside)
    raise bad("compartments", line)


# -- molecules, species, groups -------------------------------------------------------------------

_MOLECULE = re.compile(r"\s*(?:\d+\s+)?(\w+)\((.*)\)\s*")
_ENERGY = re.compile(r"\s*(?:\d+\s+)?(?:(\w+):\s*)?(\S+)\s+(.*\S)\s*")
_SPECIES = re.compile(r"\s*\d+\s+(\$?)(?:@(\w+)::?)?(\$?)(\S+)\s+(.*\S)\s*")


def _molecule(line: str) -> Molecule:
    match = _MOLECULE.fullmatch(line)
    if match is None:
        raise bad("molecule types", line)
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
        raise bad("energy patterns", line)
    name, pattern, energy = match.groups()
    return EnergyPattern(name or "", pattern, energy)


def _species(line: str) -> Species:
    match = _SPECIES.fullmatch(line)
    if match is None:
        raise bad("species", line)
    before, compartment, after, pattern, initial = match.groups()
    return Species(pattern, initial, compartment, fixed=bool(before or after))


def _group(line: str) -> Group:
    match line.split():
        case [_, name]:
            return Group(name, ())
        case [_, name, terms]:
            pairs = (term.rpartition("*") for term in terms.split(","))
            return Group(name, tuple((float(w or 1), int(i) - 1) for w, _, i in pairs))
    raise bad("groups", line)


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
                raise bad("reaction rules", line)
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
