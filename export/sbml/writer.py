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

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...network import generate
from ...network.files import replacing
from ...network.mathematics.numerics import Values
from ...network.network import Function, Group, Network, Parameter, Species
from ...network.units import units
from ...network.units.units import DIMENSIONLESS, Unit
from . import reactions, uncertainty
from .annotation import groups
from .annotation.annotations import Meaning
from .annotation.references import CitationError
from .ids import Names, name_all
from .levels import LEVELS, Level
from .mathematics import formulas
from .mathematics.base_units import base_units
from .mathematics.formulas import Formulas
from .mathematics.mathml import Node, written
from .mathematics.translation import FormulaError
from .mathematics.unit_definitions import UnitNames, definition
from .report import Document, Report
from .xml import MATH, Said, attribute, number

if TYPE_CHECKING:
    from pysb import Model

    from ...network.sources.finding import Source


class SbmlError(ValueError):
    """The network cannot be written as SBML; the message says what stands in the way."""


def write(
    network: Network,
    path: str | Path,
    level: str = "3.2",
    irreversible: bool = False,
    *,
    join: bool = False,
    ranges: bool = False,
    layout: bool = False,
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
    join : bool
        Whether reactions of the same reactants and products, which differ in their rules only, are
        one reaction whose rate is the sum of theirs.
    ranges : bool
        Whether parameters say within which range their value may lie (:mod:`.uncertainty`), which
        Level 3 alone has room for.
    layout : bool
        Whether the document says where to draw what (:mod:`.layout`); Level 3 alone can here.

    Raises
    ------
    SbmlError
        If the network cannot be written.
    OSError
        If the file cannot be written.
    """
    made = document(network, level, irreversible, join=join, ranges=ranges, layout=layout)
    with replacing(Path(path)) as scratch:
        scratch.write_text(made.text, encoding="utf-8", newline="\n")
    return made.report


def text(
    network: Network, level: str = "3.2", irreversible: bool = False, join: bool = False
) -> str:
    """Return a network as SBML text; arguments as for :func:`write`."""
    return document(network, level, irreversible, join=join).text


def export(
    source: Network | Source | Model | str | Path,
    path: str | Path,
    level: str = "3.2",
    irreversible: bool = False,
    join: bool = False,
) -> Report:
    """Write a model as SBML: a network, or anything that :func:`.generate.network` takes.

    The other arguments, the result and the errors are those of :func:`write`.
    """
    network = source if isinstance(source, Network) else generate.network(source)
    return write(network, path, level, irreversible, join=join)


def document(
    network: Network,
    level: str = "3.2",
    irreversible: bool = False,
    *,
    join: bool = False,
    ranges: bool = False,
    layout: bool = False,
) -> Document:
    """Return a network as SBML text with a report; arguments as for :func:`write`."""
    if level not in LEVELS:
        raise SbmlError(f"There is no SBML level {level!r} here; known are {', '.join(LEVELS)}.")
    if ranges and not LEVELS[level].three:
        raise SbmlError(f"SBML {level} has no room for ranges of parameters; Level 3 has.")
    if layout and not LEVELS[level].three:
        raise SbmlError(f"SBML {level} has no room for a layout here; Level 3 has.")
    try:
        writer = _Writer(network, LEVELS[level], irreversible, join)
        made = writer.document()
    except (CitationError, FormulaError, units.UnitError) as error:
        raise SbmlError(str(error)) from None
    if ranges:
        made = replace(made, text=uncertainty.added(made.text, network, writer.names))
    if layout:
        from . import layout as layouts  # which takes longer to load than most files to write

        text = layouts.added(made.text, network, writer.merged, writer.names)
        made = replace(made, text=text)
    return made


class _Writer:
    def __init__(self, network: Network, level: Level, irreversible: bool, join: bool) -> None:
        self.network, self.level = network, level
        base = base_units(network)
        surfaces = any(c.dimension == 2 for c in network.compartments)
        self.merged = reactions.pairs(network.reactions, merge=not irreversible)
        if join:
            self.merged = reactions.joined(network.reactions, self.merged)
        forward = [one.forward for one in self.merged]
        self.names: Names = name_all(network, forward, depth=base.deep and surfaces)
        self.formulas: Formulas = formulas.build(network, self.names, base)
        self.values = Values(network)
        self.unit_names = UnitNames(self.formulas, network, self.names)
        for literal, unit in self.formulas.literals:
            literal.unit = self.unit_names.id(unit)
        self.compartments = {c.name: c for c in network.compartments}
        self.meaning = Meaning(
            network,
            self.names,
            self.formulas,
            vcard4=level is LEVELS["3.2"],
            stochastic=irreversible,
            grouped=level.three,
        )

    def document(self) -> Document:
        body = "".join(self._body())
        level = self.level
        opening = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<sbml xmlns="{level.namespace}"'
            + (f' xmlns:sbml="{level.namespace}"' if level.three else "")
            + f' level="{level.level}" version="{level.version}"'
            + (f' xmlns:groups="{groups.NAMESPACE}" groups:required="false"' if level.three else "")
            + ">\n"
        )
        report = Report(
            renamed=tuple(self.names.registry.renamings),
            lost=level.lost,
            notices=(*self.network.warnings, *self._notices(), *self.meaning.refused),
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
            (
                "Reactions",
                reactions.written(
                    self.network, self.merged, self.names, self.formulas, self.meaning, self.level
                ),
            ),
        )
        parts = [_section(name, lines) for name, lines in sections]
        if self.level.three:
            parts.append("".join(self._groups()))
        yield self._model()
        yield _section("UnitDefinitions", self._unit_definitions())
        yield from parts
        yield "</model>\n"

    def _model(self) -> str:
        name = self.network.metadata.title or self.network.name
        about = self.meaning.model((*self.network.warnings, *self._notices()))
        attributes = about.attributes
        if not self.level.three:
            # libSBML takes no framework for one in Level 2 Version 5.
            attributes = re.sub(r' sboTerm="[^"]*"', "", attributes)
        said = f"<model{attributes} id={attribute(self.names.model)} name={attribute(name)}"
        if not self.level.three:
            return f"{said}>\n{about.inner}"
        units_of = {f"{kind}Units": self.unit_names.id(u) for kind, u in self._base_units().items()}
        units_of["extentUnits"] = units_of["substanceUnits"]
        said += "".join(f' {key}="{unit}"' for key, unit in units_of.items())
        return f"{said}>\n{about.inner}"

    def _base_units(self) -> dict[str, Unit]:
        """Return the units of the model, by the names that Level 2 gives them."""
        base = self.formulas.base
        assert base.substance is not None
        assert base.time is not None
        amount = base.substance * base.volume if base.concentrations else base.substance
        found = {"substance": amount, "time": base.time, "volume": base.volume}
        if any(c.dimension == 2 for c in self.network.compartments):
            micrometre = units.parse("um")
            found["area"] = base.volume / micrometre if base.deep else DIMENSIONLESS
            found["length"] = micrometre if base.deep else DIMENSIONLESS
        return found

    def _unit_definitions(self) -> Iterator[str]:
        yield from self.unit_names.definitions(self.level.three)
        if not self.level.three:  # there, the units of a model are built-in names, given anew
            for name, unit in self._base_units().items():
                yield definition(name, name, unit, three=False)

    # -- parts of the document --------------------------------------------------------------------

    def _math(self, node: Node) -> str:
        return MATH.format(written(node, units=self.level.three, lacking=self.level.lacking))

    def _compartments(self) -> Iterator[str]:
        sizes = self.values.sizes()
        for name, key in self.names.compartments.items():
            dimension, size = 3, 1.0
            outside = None
            if name is not None:
                compartment = self.compartments[name]
                dimension, size, outside = compartment.dimension, sizes[name], compartment.outside
            about = self.meaning.compartment(name)
            yield (
                f'<compartment{about.attributes} id="{key}" name={attribute(name or "everywhere")}'
                f' spatialDimensions="{dimension}" size="{number(size)}"'
                f' units="{self.unit_names.id(self.formulas.units[key])}"'
                + (
                    f' outside="{self.names.compartments[outside]}"'
                    if outside is not None and not self.level.three
                    else ""
                )
                + f' constant="true"{_closed("compartment", about.inner)}'
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
            about = self.meaning.species(index)
            yield (
                f'<species{about.attributes} id="{key}" name={attribute(full_pattern(species))}'
                f' compartment="{self.names.compartments[species.compartment]}"'
                f' {kind}="{number(self.values.amounts[index])}"'
                f' substanceUnits="{unit}" hasOnlySubstanceUnits="{"false" if dense else "true"}"'
                f' boundaryCondition="{"true" if species.fixed else "false"}" constant="false"'
                + _closed("species", about.inner)
            )

    def _parameters(self) -> Iterator[str]:
        found = self.formulas
        skipped = set(found.skipped)
        if self.names.depth is not None:
            key, about = self.names.depth, self.meaning.depth(self.names.depth)
            yield self._parameter(key, "thickness of surfaces", 1.0, about)
        for parameter in self.network.parameters:
            if parameter.name not in skipped:
                yield self._quantity(parameter, parameter.value)
        for function in self.network.functions:
            if function.name not in skipped:
                constant = function.name in found.derived
                yield self._quantity(function, self.values[function.name] if constant else None)
        for group in self.network.groups:
            if group.name in found.rules:
                yield self._quantity(group, None)

    def _quantity(self, thing: Parameter | Function | Group, value: float | None) -> str:
        about = self.meaning.parameter(thing.name, thing.annotations, thing.notes)
        return self._parameter(self.names.symbols[thing.name], thing.name, value, about)

    def _parameter(self, key: str, name: str, value: float | None, about: Said) -> str:
        said = "" if value is None else f' value="{number(value)}"'
        return (
            f'<parameter{about.attributes} id="{key}" name={attribute(name)}{said}'
            f' units="{self.unit_names.id(self.formulas.units[key])}"'
            f' constant="{"false" if value is None else "true"}"'
            + _closed("parameter", about.inner)
        )

    def _initial_assignments(self) -> Iterator[str]:
        names, found = self.names, self.formulas
        for target, node in (
            *((names.compartments[name], node) for name, node in found.sizes.items()),
            *((names.symbols[name], node) for name, node in found.derived.items()),
            *((names.species[index], node) for index, node in found.initial.items()),
        ):
            yield self._assigned("initialAssignment symbol", target, node)

    def _rules(self) -> Iterator[str]:
        for name, node in self.formulas.rules.items():
            yield self._assigned("assignmentRule variable", self.names.symbols[name], node)

    def _assigned(self, opening: str, key: str, node: Node) -> str:
        tag = opening.partition(" ")[0]
        about = self.meaning.formula(tag, key)
        return f'<{opening}="{key}"{about.attributes}>{about.inner}{self._math(node)}</{tag}>\n'

    # -- groups -----------------------------------------------------------------------------------

    def _groups(self) -> Iterator[str]:
        network, names = self.network, self.names
        makers: list[list[str]] = []
        for one in self.merged:
            both = [r for r in one.told(network) if r is not None]
            makers.append([name for r in both for name in (r.rule, *(o for o, _ in r.others))])
        rules = groups.by_rule(network, makers, names.reactions, names.registry)
        found = [
            *rules,
            *groups.by_mechanism(network.rules, rules, names.registry),
            *groups.by_monomer(network, self.meaning.contents, names.species, names.registry),
        ]
        yield from groups.written(found, [self.meaning.group(group) for group in found])


def full_pattern(species: Species) -> str:
    """Return the pattern with the compartment that BioNetGen puts the species in."""
    return f"@{species.compartment}:{species.pattern}" if species.compartment else species.pattern


def _closed(tag: str, inner: str) -> str:
    return f">{inner}</{tag}>\n" if inner else "/>\n"


def _section(name: str, lines: Iterable[str]) -> str:
    inside = "".join(lines)
    return f"<listOf{name}>\n{inside}</listOf{name}>\n" if inside else ""
