"""SBML from a network: Level 3 Version 2 by default, Level 3 Version 1 and Level 2 on request.

Species are amounts. A rate law is statistical factor times rate constant times reactants, divided
by the compartments that BioNetGen divides by, all of it symbolic: to change a value in the file is
to change it in the rules. Expressions and observables are parameters with assignment rules; what is
derived from constants is an initial assignment, so that it stays tunable and costs nothing at run
time.

The text is put together here, not by libSBML, which rounds numbers to 15 digits and takes longer;
the tests read every kind of document back through libSBML with all its checks on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import formulas, units
from .files import replacing
from .formulas import FormulaError, Formulas, Signature, signature
from .ids import Names, Renaming, name_all
from .mathml import Node, written
from .network import Network, Reaction, Species
from .unitnames import UnitNames
from .units import DIMENSIONLESS
from .values import Values
from .xml import attribute, number


class SbmlError(ValueError):
    """The network cannot be written as SBML; the message says what stands in the way."""


@dataclass(frozen=True)
class Level:
    """A level and version of SBML, and what it has no room for."""

    level: int
    version: int
    lost: tuple[str, ...] = ()

    @property
    def three(self) -> bool:
        """Whether it is Level 3."""
        return self.level == 3

    @property
    def namespace(self) -> str:
        """The XML namespace of the core."""
        if self.three:
            return f"http://www.sbml.org/sbml/level3/version{self.version}/core"
        return f"http://www.sbml.org/sbml/level2/version{self.version}"


_NO_EXTREMES: Final = "min and max are written as piecewise formulas"
_NO_UNITS: Final = "literals in formulas lose their units, so checks of units stay incomplete"
_NO_GROUPS: Final = "the groups of reactions by rule and mechanism, and of species by monomer"
_NO_EXTENT: Final = "units of volume, area and reaction extent are those of the built-in names"

LEVELS: Final[Mapping[str, Level]] = {
    "3.2": Level(3, 2),
    "3.1": Level(3, 1, (_NO_EXTREMES,)),
    "2.5": Level(2, 5, (_NO_EXTREMES, _NO_UNITS, _NO_GROUPS, _NO_EXTENT)),
    "2.4": Level(2, 4, (_NO_EXTREMES, _NO_UNITS, _NO_GROUPS, _NO_EXTENT)),
}


@dataclass(frozen=True)
class Report:
    """What a reader of the document should know besides it."""

    renamed: tuple[Renaming, ...] = ()
    lost: tuple[str, ...] = ()  # what the level has no room for
    notices: tuple[str, ...] = ()  # anything else, a sentence each
    symbols: Mapping[str, str] | None = None  # id of each parameter, expression and observable
    compartments: Mapping[str | None, str] | None = None
    species: tuple[str, ...] = ()  # id of each species of the network, in order

    def __str__(self) -> str:
        lines = [str(one) for one in self.renamed]
        lines += [f"Lost at this level: {one}." for one in self.lost]
        return "\n".join([*lines, *self.notices])


@dataclass(frozen=True)
class Document:
    """An SBML document and what there is to say about it."""

    text: str
    report: Report


def write(
    network: Network, path: str | Path, level: str = "3.2", irreversible: bool = False
) -> Report:
    """Write a network as an SBML file, whole or not at all.

    Parameters
    ----------
    network : Network
        What is written.
    path : path
        Where to; an existing file is replaced.
    level : str
        ``"3.2"``, ``"3.1"``, ``"2.5"`` or ``"2.4"``.
    irreversible : bool
        Whether each direction becomes a reaction of its own, as stochastic simulators need it;
        otherwise the two directions of a rule are one reversible reaction.

    Raises
    ------
    SbmlError
        If the network cannot be written.
    OSError
        If the file cannot be written.
    """
    made = document(network, level, irreversible)
    with replacing(Path(path)) as scratch:
        scratch.write_text(made.text, encoding="utf-8", newline="\n")
    return made.report


def text(network: Network, level: str = "3.2", irreversible: bool = False) -> str:
    """Return a network as SBML text; arguments as for :func:`write`."""
    return document(network, level, irreversible).text


def document(network: Network, level: str = "3.2", irreversible: bool = False) -> Document:
    """Return a network as SBML text with a report; arguments as for :func:`write`."""
    if level not in LEVELS:
        raise SbmlError(f"There is no SBML level {level!r} here; known are {', '.join(LEVELS)}.")
    try:
        return _Writer(network, LEVELS[level], irreversible).document()
    except (FormulaError, units.UnitError) as error:
        raise SbmlError(str(error)) from None


@dataclass
class _Merged:
    """A reaction as written: one of the network's, or a pair of opposite ones."""

    forward: int
    backward: int | None = None


class _Writer:
    def __init__(self, network: Network, level: Level, irreversible: bool) -> None:
        self.network, self.level = network, level
        base = formulas.base_units(network)
        surfaces = any(c.dimension == 2 for c in network.compartments)
        self.merged = _pairs(network.reactions, merge=not irreversible)
        self.names: Names = name_all(
            network, [one.forward for one in self.merged], depth=base.deep and surfaces
        )
        self.formulas: Formulas = formulas.build(network, self.names, base)
        self.values = Values(network)
        self.unit_names = UnitNames(self.formulas, network, self.names)
        for literal, unit in self.formulas.literals:
            literal.unit = self.unit_names.id(unit)
        self.lacking = frozenset(() if level is LEVELS["3.2"] else ("min", "max"))
        self.compartments = {c.name: c for c in network.compartments}

    def document(self) -> Document:
        body = "".join(self._body())
        level = self.level
        opening = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<sbml xmlns="{level.namespace}"'
            + (f' xmlns:sbml="{level.namespace}"' if level.three else "")
            + f' level="{level.level}" version="{level.version}">\n'
        )
        report = Report(
            renamed=self.names.renamings,
            lost=level.lost,
            notices=(*self.network.warnings, *self._notices()),
            symbols=self.names.symbols,
            compartments=self.names.compartments,
            species=self.names.species,
        )
        return Document(f"{opening}{body}</sbml>\n", report)

    def _notices(self) -> Iterator[str]:
        said = self.network.metadata
        if said.substance_unit is None and not any(p.unit for p in self.network.parameters):
            yield (
                "The model declares no units: amounts are counted in items, and the units of "
                "parameters follow from the order of their reactions."
            )
            return
        yield from self.formulas.mended

    def _body(self) -> Iterator[str]:
        sections = (
            ("Compartments", self._compartments()),
            ("Species", self._species()),
            ("Parameters", self._parameters()),
            ("InitialAssignments", self._initial_assignments()),
            ("Rules", self._rules()),
            ("Reactions", self._reactions()),
        )
        parts = [_section(name, lines) for name, lines in sections]
        yield self._model()
        yield _section("UnitDefinitions", self.unit_names.definitions(self.level.three))
        yield from parts
        yield "</model>\n"

    def _model(self) -> str:
        base, name = self.formulas.base, self.network.metadata.title or self.network.name
        said = f"<model id={attribute(self.names.model)} name={attribute(name)}"
        if not self.level.three:
            return f"{said}>\n"
        assert base.substance is not None
        assert base.time is not None
        amount = base.substance * base.volume if base.concentrations else base.substance
        identify = self.unit_names.id
        area, length = DIMENSIONLESS, DIMENSIONLESS
        if base.deep:
            area, length = base.volume / units.parse("um"), units.parse("um")
        return (
            f'{said} substanceUnits="{identify(amount)}" extentUnits="{identify(amount)}"'
            f' timeUnits="{identify(base.time)}" volumeUnits="{identify(base.volume)}"'
            f' areaUnits="{identify(area)}" lengthUnits="{identify(length)}">\n'
        )

    # -- parts of the document --------------------------------------------------------------------

    def _math(self, node: Node) -> str:
        return _MATH.format(written(node, units=self.level.three, lacking=self.lacking))

    def _compartments(self) -> Iterator[str]:
        sizes = self.values.sizes()
        for name, key in self.names.compartments.items():
            dimension, size = 3, 1.0
            outside = None
            if name is not None:
                compartment = self.compartments[name]
                dimension, size, outside = compartment.dimension, sizes[name], compartment.outside
            yield (
                f'<compartment id="{key}" name={attribute(name or "everywhere")}'
                f' spatialDimensions="{dimension}" size="{number(size)}"'
                f' units="{self.unit_names.id(self.formulas.units[key])}"'
                + (
                    f' outside="{self.names.compartments[outside]}"'
                    if outside is not None and not self.level.three
                    else ""
                )
                + ' constant="true"/>\n'
            )

    def _species(self) -> Iterator[str]:
        base = self.formulas.base
        dense = base.concentrations
        assert base.substance is not None
        unit = self.unit_names.id(base.substance * base.volume if dense else base.substance)
        kind = "initialConcentration" if dense else "initialAmount"
        for index, (key, species) in enumerate(
            zip(self.names.species, self.network.species, strict=True)
        ):
            yield (
                f'<species id="{key}" name={attribute(full_pattern(species))}'
                f' compartment="{self.names.compartments[species.compartment]}"'
                f' {kind}="{number(self.values.amounts[index])}"'
                f' substanceUnits="{unit}" hasOnlySubstanceUnits="{"false" if dense else "true"}"'
                f' boundaryCondition="{"true" if species.fixed else "false"}" constant="false"/>\n'
            )

    def _parameters(self) -> Iterator[str]:
        symbols, found = self.names.symbols, self.formulas
        skipped = set(found.skipped)
        if self.names.depth is not None:
            yield self._parameter(self.names.depth, "thickness of surfaces", 1.0)
        for parameter in self.network.parameters:
            if parameter.name not in skipped:
                yield self._parameter(symbols[parameter.name], parameter.name, parameter.value)
        for function in self.network.functions:
            name = function.name
            if name in skipped:
                continue
            if name in found.derived:
                yield self._parameter(symbols[name], name, self.values[name])
            else:
                yield self._parameter(symbols[name], name, None)
        for group in self.network.groups:
            yield self._parameter(symbols[group.name], group.name, None)

    def _parameter(self, key: str, name: str, value: float | None) -> str:
        said = "" if value is None else f' value="{number(value)}"'
        return (
            f'<parameter id="{key}" name={attribute(name)}{said}'
            f' units="{self.unit_names.id(self.formulas.units[key])}"'
            f' constant="{"false" if value is None else "true"}"/>\n'
        )

    def _initial_assignments(self) -> Iterator[str]:
        names, found = self.names, self.formulas
        for target, node in (
            *((names.compartments[name], node) for name, node in found.sizes.items()),
            *((names.symbols[name], node) for name, node in found.derived.items()),
            *((names.species[index], node) for index, node in found.initial.items()),
        ):
            yield (f'<initialAssignment symbol="{target}">{self._math(node)}</initialAssignment>\n')

    def _rules(self) -> Iterator[str]:
        for name, node in self.formulas.rules.items():
            yield (
                f'<assignmentRule variable="{self.names.symbols[name]}">'
                f"{self._math(node)}</assignmentRule>\n"
            )

    # -- reactions --------------------------------------------------------------------------------

    def _reactions(self) -> Iterator[str]:
        network, names = self.network, self.names
        laws: dict[Signature, str] = {
            key: written(node, units=self.level.three, lacking=self.lacking)
            for key, node in self.formulas.laws.items()
        }
        shown = self._shown()

        def law(index: int) -> str:
            reaction = network.reactions[index]
            template = laws[signature(reaction, network, self.compartments)]
            return template.format(*(names.species[i] for i in reaction.reactants))

        fast = ' fast="false"' if self.level.level == 3 and self.level.version == 1 else ""
        constant = ' constant="true"' if self.level.three else ""
        for one, key in zip(self.merged, names.reactions, strict=True):
            reaction = network.reactions[one.forward]
            sides = shown(reaction)
            math = law(one.forward)
            if one.backward is not None:
                math = f"<apply><minus/>{math}{law(one.backward)}</apply>"
            reversible = "false" if one.backward is None else "true"
            lines = [f'<reaction id="{key}" name={attribute(key)} reversible="{reversible}"{fast}>']
            for tag, counts in (("Reactants", sides[0]), ("Products", sides[1])):
                if counts:
                    lines.append(f"<listOf{tag}>")
                    lines += [
                        f'<speciesReference species="{names.species[i]}"'
                        f' stoichiometry="{count}"{constant}/>'
                        for i, count in counts
                    ]
                    lines.append(f"</listOf{tag}>")
            if sides[2]:
                lines.append("<listOfModifiers>")
                lines += [
                    f'<modifierSpeciesReference species="{names.species[i]}"/>' for i in sides[2]
                ]
                lines.append("</listOfModifiers>")
            lines.append(f"<kineticLaw>{_MATH.format(math)}</kineticLaw></reaction>\n")
            yield "".join(lines)

    def _shown(self):
        def sides(reaction: Reaction):
            return stoichiometry(reaction)

        return sides


_MATH: Final = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'


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


def full_pattern(species: Species) -> str:
    """Return the pattern with the compartment that BioNetGen puts the species in."""
    return f"@{species.compartment}:{species.pattern}" if species.compartment else species.pattern


def _pairs(reactions: Iterable[Reaction], *, merge: bool) -> list[_Merged]:
    """Return the reactions as written: opposite directions of a rule together, if wanted."""
    reactions = list(reactions)
    backward: dict[tuple[str, tuple[int, ...], tuple[int, ...]], list[int]] = {}
    if merge:
        for index, one in enumerate(reactions):
            if one.reverse:
                key = one.rule, tuple(sorted(one.reactants)), tuple(sorted(one.products))
                backward.setdefault(key, []).append(index)
    taken: set[int] = set()
    found: dict[int, _Merged] = {}
    for index, one in enumerate(reactions):
        if one.reverse and merge:
            continue
        key = one.rule, tuple(sorted(one.products)), tuple(sorted(one.reactants))
        partners = backward.get(key)
        partner = partners.pop(0) if partners else None
        if partner is not None:
            taken.add(partner)
        found[index] = _Merged(index, partner)
    for index, one in enumerate(reactions):
        if merge and one.reverse and index not in taken:
            found[index] = _Merged(index)
    return [found[index] for index in sorted(found)]


def _section(name: str, lines: Iterable[str]) -> str:
    inside = "".join(lines)
    return f"<listOf{name}>\n{inside}</listOf{name}>\n" if inside else ""
