"""Reading SBML, ours or anybody's, into an :class:`~.model.SbmlModel`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

import libsbml

from ...network.units.quantities import Unit
from . import formula_text
from .formula_values import FormulaError
from .model import Parameter, SbmlError, SbmlModel, Species, Start, digest


def read(text: str) -> SbmlModel:
    """Read an SBML text.

    Raises
    ------
    SbmlError
        If it is not SBML, or holds what no engine of ours simulates.
    """
    document = libsbml.readSBMLFromString(text)
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            message = " ".join(error.getMessage().split())
            raise SbmlError(f"This is no SBML that can be read; line {error.getLine()}: {message}")
    model = document.getModel()
    if model is None:
        raise SbmlError("The SBML holds no model.")
    if model.getNumFunctionDefinitions():
        document.expandFunctionDefinitions()
    try:
        return _model(model, text)
    except RecursionError:
        raise SbmlError(
            f"A formula of model {model.getId()!r} is nested too deeply to be read."
        ) from None
    except FormulaError as error:
        raise SbmlError(f"Model {model.getId()!r}: {error}") from None


def _model(model: libsbml.Model, text: str) -> SbmlModel:
    units = _Units(model)
    kinds: dict[str, str] = {}
    rules: dict[str, libsbml.ASTNode] = {}
    for rule in model.getListOfRules():
        if rule.isAlgebraic():
            raise SbmlError(
                f"Model {model.getId()!r} has an algebraic rule; no engine solves those."
            )
        kinds[rule.getVariable()] = "rate" if rule.isRate() else "assignment"
        if rule.isAssignment() and rule.getMath() is not None:
            rules[rule.getVariable()] = rule.getMath()
    species = {
        s.getId(): Species(
            s.getId(),
            s.getName() or s.getId(),
            s.getCompartment(),
            amounts=s.getHasOnlySubstanceUnits(),
            rule=kinds.get(s.getId(), ""),
            unit=units.substance(s),
        )
        for s in model.getListOfSpecies()
    }
    parameters = {
        c.getId(): Parameter(
            c.getId(),
            c.getSize() if c.isSetSize() else None,
            compartment=True,
            rule=kinds.get(c.getId(), ""),
            unit=units.volume(c),
        )
        for c in model.getListOfCompartments()
    }
    for p in model.getListOfParameters():
        parameters[p.getId()] = Parameter(
            p.getId(),
            p.getValue() if p.isSetValue() else None,
            rule=kinds.get(p.getId(), ""),
            unit=units.named(p.getUnits()),
            unit_id=p.getUnits(),
        )
    for event in model.getListOfEvents():
        for assignment in event.getListOfEventAssignments():
            id = assignment.getVariable()
            if id in parameters and not parameters[id].rule:
                parameters[id] = replace(parameters[id], rule="event")
    amounts, starts = _starts(model, species, rules)
    return SbmlModel(
        id=model.getId() or "model",
        sha256=digest(text),
        species=species,
        parameters=parameters,
        sums=_sums(rules, species),
        outputs=tuple(rules),
        amounts=amounts,
        starts=starts,
        time_unit=units.time(),
        reactions=tuple(_changes(model)),
        used=_used(text),
        events=model.getNumEvents() > 0,
        timed="symbols/time" in text,
        reversible=any(r.getReversible() for r in model.getListOfReactions()),
    )


def _sums(
    rules: Mapping[str, libsbml.ASTNode], species: Mapping[str, Species]
) -> dict[str, dict[str, float]]:
    known = {s.id: {s.id: 1.0} for s in species.values() if s.amounts and s.rule != "assignment"}
    sums: dict[str, dict[str, float]] = {}
    for target, node in rules.items():
        terms = formula_text.weights(node, known)
        if terms is not None:
            sums[target] = known[target] = terms
    return sums


def _changes(model: libsbml.Model) -> Iterator[tuple[tuple[str, float], ...]]:
    """Yield what each reaction does to amounts."""
    still = {
        s.getId() for s in model.getListOfSpecies() if s.getBoundaryCondition() or s.getConstant()
    }
    for reaction in model.getListOfReactions():
        total: dict[str, float] = {}
        for sign, sides in (
            (-1, reaction.getListOfReactants()),
            (1, reaction.getListOfProducts()),
        ):
            for side in sides:
                # Left unset, it means one to every reader we know.
                amount = side.getStoichiometry() if side.isSetStoichiometry() else 1.0
                id = side.getSpecies()
                total[id] = total.get(id, 0.0) + sign * amount
        yield tuple(
            (id, amount) for id, amount in sorted(total.items()) if amount and id not in still
        )


def _used(text: str) -> frozenset[str]:
    """Ids in formulas other than start values; the text is searched, which is fast."""
    rest = re.sub(
        r"<listOfInitialAssignments.*?</listOfInitialAssignments>", "", text, flags=re.DOTALL
    )
    return frozenset(re.findall(r"<(?:\w+:)?ci[^>]*>\s*(\w+)\s*</", rest))


# -- start values ---------------------------------------------------------------------------------


def _starts(
    model: libsbml.Model, species: Mapping[str, Species], rules: Mapping[str, libsbml.ASTNode]
) -> tuple[dict[str, float], tuple[Start, ...]]:
    """Return start amounts given outright, and all other start values in order of evaluation."""
    pending: dict[str, Start] = {}
    amounts: dict[str, float] = {}
    for s in model.getListOfSpecies():
        id, size = s.getId(), s.getCompartment()
        in_amount = species[id].amounts
        if s.isSetInitialAmount() and in_amount:
            amounts[id] = s.getInitialAmount()
        elif s.isSetInitialAmount():
            pending[id] = Start(id, f"({s.getInitialAmount()!r}) / x[{size!r}]", (size,))
        elif s.isSetInitialConcentration():
            scale = f" * x[{size!r}]" if in_amount else ""
            pending[id] = Start(id, f"({s.getInitialConcentration()!r}){scale}", (size,))
    outright = set(pending)
    for entry in model.getListOfInitialAssignments():
        node = entry.getMath()
        if node is not None:
            id = entry.getSymbol()
            amounts.pop(id, None)
            pending[id] = Start(
                id, formula_text.python(node), tuple(sorted(formula_text.names(node)))
            )
            outright.add(id)
    # A rule is worth evaluating at the start only where a start value rests on it.
    for id, node in rules.items():
        if id not in pending:
            pending[id] = Start(id, "", tuple(sorted(formula_text.names(node))))
    order: list[Start] = []
    done: set[str] = set()

    def visit(id: str, above: tuple[str, ...]) -> Iterator[Start]:
        if id in done or id not in pending:
            return
        if id in above:
            circle = " -> ".join((*above[above.index(id) :], id))
            raise SbmlError(f"Start values refer to each other in a circle: {circle}.")
        for name in pending[id].names:
            yield from visit(name, (*above, id))
        done.add(id)
        start = pending[id]
        if not start.formula:
            start = Start(id, formula_text.python(rules[id]), start.names)
        yield start

    for id in pending:
        if id in outright:
            order.extend(visit(id, ()))
    return amounts, tuple(order)


# -- units ----------------------------------------------------------------------------------------

_BASE: Final = {
    libsbml.UNIT_KIND_MOLE: Unit(Fraction(1), mole=1),
    # Since 2019 a mole is this number of items exactly.
    libsbml.UNIT_KIND_ITEM: Unit(1 / Fraction(602214076 * 10**15), mole=1),
    libsbml.UNIT_KIND_LITRE: Unit(Fraction(1), litre=1),
    libsbml.UNIT_KIND_SECOND: Unit(Fraction(1), second=1),
    libsbml.UNIT_KIND_DIMENSIONLESS: Unit(Fraction(1)),
}


class _Units:
    """Units of substance, volume and time; None for anything else, as kilograms."""

    def __init__(self, model: libsbml.Model) -> None:
        self.model = model
        self.level2 = model.getLevel() < 3
        self.known: dict[str, Unit | None] = {}

    def named(self, name: str) -> Unit | None:
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def substance(self, species: libsbml.Species) -> Unit | None:
        name = species.getSubstanceUnits() or self._default("substance", "mole")
        return self._only(name, (1, 0, 0))

    def volume(self, compartment: libsbml.Compartment) -> Unit | None:
        name = compartment.getUnits()
        if not name and compartment.getSpatialDimensionsAsDouble() == 3:
            name = self._default("volume", "litre")
        return self._only(name, (0, 1, 0))

    def time(self) -> Unit | None:
        return self._only(self._default("time", "second"), (0, 0, 1))

    def _default(self, what: str, in_level2: str) -> str:
        if self.level2:  # a model may redefine what 'substance' means
            return what if self.model.getUnitDefinition(what) is not None else in_level2
        return getattr(self.model, f"get{what.capitalize()}Units")()

    def _only(self, name: str, dimension: tuple[int, int, int]) -> Unit | None:
        unit = self.named(name)
        return unit if unit is not None and unit.dimension == dimension else None

    def _find(self, name: str) -> Unit | None:
        definition = self.model.getUnitDefinition(name) if name else None
        if definition is None:
            return _BASE.get(libsbml.UnitKind_forName(name)) if name else None
        product = Unit(Fraction(1))
        for unit in definition.getListOfUnits():
            exponent = unit.getExponentAsDouble()
            factor = Fraction(repr(unit.getMultiplier())) * Fraction(10) ** unit.getScale()
            if unit.getKind() == libsbml.UNIT_KIND_METRE and exponent % 3 == 0:
                base, exponent = Unit(1000 * factor**3, litre=1), exponent / 3
            elif unit.getKind() in _BASE and exponent == int(exponent):
                base = _BASE[unit.getKind()]
                base = Unit(factor * base.scale, base.mole, base.litre, base.second)
            else:
                return None
            power = int(exponent)
            product = Unit(
                product.scale * base.scale**power,
                product.mole + power * base.mole,
                product.litre + power * base.litre,
                product.second + power * base.second,
            )
        return product
