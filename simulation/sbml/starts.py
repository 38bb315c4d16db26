"""Start values of an SBML file: numbers given outright, and formulas in order of evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libsbml

from . import checks, formula_text
from .model import SbmlError, Species, Start


def starts(
    model: libsbml.Model, species: Mapping[str, Species]
) -> tuple[dict[str, float], tuple[Start, ...]]:
    """Return start values given outright, and all other start values in order of evaluation.

    What rules, reactions and stoichiometries are at the start is worth evaluating only where a
    start value rests on it.
    """
    return _Starts(model, species).ordered()


def references(
    model: libsbml.Model,
) -> Iterator[tuple[libsbml.Reaction, float, libsbml.SpeciesReference]]:
    """Yield each reaction with -1 or 1 for what it takes or gives, and what that is."""
    for reaction in model.getListOfReactions():
        for sign, reference in sides(reaction):
            yield reaction, sign, reference


def sides(reaction: libsbml.Reaction) -> Iterator[tuple[float, libsbml.SpeciesReference]]:
    """Yield what a reaction takes, with -1, and what it gives, with 1."""
    yield from ((-1.0, reference) for reference in reaction.getListOfReactants())
    yield from ((1.0, reference) for reference in reaction.getListOfProducts())


class _Starts:
    def __init__(self, model: libsbml.Model, species: Mapping[str, Species]) -> None:
        self._model = model
        self._species = species
        self._outright: dict[str, float] = {}
        self._asked: dict[str, Start] = {}
        # Formulas of whatever else a formula may refer to, written when one does.
        self._others: dict[str, tuple[libsbml.ASTNode, Mapping[str, float]]] = {}
        self._collect()

    def _collect(self) -> None:
        for rule in self._model.getListOfRules():
            if rule.isAssignment() and rule.getMath() is not None:
                self._others[rule.getVariable()] = rule.getMath(), {}
        for reaction in self._model.getListOfReactions():
            law = reaction.getKineticLaw()
            if law is not None and law.getMath() is not None:
                own = {p.getId(): p.getValue() for p in formula_text.local(law)}
                self._others[reaction.getId()] = law.getMath(), own
        for _, _, reference in references(self._model):
            id = reference.getId()
            if id and id not in self._others:
                self._outright[id] = stoichiometry(reference)
        for s in self._model.getListOfSpecies():
            id, size = s.getId(), s.getCompartment()
            in_amount = self._species[id].amounts
            if s.isSetInitialAmount() and in_amount:
                self._outright[id] = s.getInitialAmount()
            elif s.isSetInitialAmount():
                self._asked[id] = Start(id, f"({s.getInitialAmount()!r}) / x[{size!r}]", (size,))
            elif s.isSetInitialConcentration():
                scale = f" * x[{size!r}]" if in_amount else ""
                text = f"({s.getInitialConcentration()!r}){scale}"
                self._asked[id] = Start(id, text, (size,) if in_amount else ())
        for entry in self._model.getListOfInitialAssignments():
            if entry.getMath() is not None:
                id = entry.getSymbol()
                self._outright.pop(id, None)
                self._asked[id] = self._start(id, entry.getMath(), {})

    def ordered(self) -> tuple[dict[str, float], tuple[Start, ...]]:
        found: dict[str, Start] = {}
        # An amount is a concentration times the size, which may follow a rule.
        sizes = {each.compartment for each in self._species.values() if not each.amounts}
        pending = [*sorted(sizes), *reversed(self._asked)]
        while pending:
            id = pending.pop()
            start = None if id in found else self._asked.get(id) or self._other(id)
            if start is not None:
                found[id] = start
                pending.extend(reversed(start.names))
        rests = {
            id: [n for name in start.names for n in (name, self._size(name)) if n in found]
            for id, start in found.items()
        }
        return self._outright, tuple(found[id] for id in checks.in_order(rests))

    def _size(self, id: str) -> str:
        """Return the compartment of a concentration that only an experiment gives a value."""
        species = self._species.get(id)
        return (
            "" if species is None or species.amounts or id in self._asked else species.compartment
        )

    def _other(self, id: str) -> Start | None:
        if id in self._others:
            return self._start(id, *self._others[id])
        if id.startswith(formula_text.rate_of("")):
            return self._rate(id, id.removeprefix(formula_text.rate_of("")))
        return None

    def _start(self, id: str, node: libsbml.ASTNode, own: Mapping[str, float]) -> Start:
        names = (formula_text.names(node) - own.keys()) | {
            formula_text.rate_of(name) for name in formula_text.rates(node)
        }
        return Start(id, formula_text.python(node, own), tuple(sorted(names)))

    # -- how fast things change ---------------------------------------------------------------

    def _rate(self, name: str, id: str) -> Start:
        """Return the formula for how fast the symbol ``id`` changes at the start."""
        rule = self._model.getRateRule(id)
        if rule is not None:
            return self._start(name, rule.getMath(), {})
        if self._model.getAssignmentRule(id) is not None:
            raise SbmlError(
                f"A start value asks how fast {id!r} changes, which follows an assignment rule; "
                "only the rate of what has a rate rule or takes part in reactions is known."
            )
        species = self._model.getSpecies(id)
        if species is None or species.getBoundaryCondition() or species.getConstant():
            return Start(name, "0.0", ())
        terms, names = ["0.0"], set()
        for reaction, sign, reference in references(self._model):
            if reference.getSpecies() != id or reaction.getId() not in self._others:
                continue
            amount = f"({stoichiometry(reference)!r})"
            if reference.getId():
                amount = f"x[{reference.getId()!r}]"
                names.add(reference.getId())
            terms.append(f"({sign!r}) * {amount} * x[{reaction.getId()!r}]")
            names.add(reaction.getId())
        text = f"({' + '.join(terms)})"
        factor = species.getConversionFactor() or self._model.getConversionFactor()
        if factor:
            text += f" * x[{factor!r}]"
            names.add(factor)
        if not self._species[id].amounts:
            size = species.getCompartment()
            growth = formula_text.rate_of(size)
            text = f"({text} - x[{id!r}] * x[{growth!r}]) / x[{size!r}]"
            names |= {size, growth, id}
        return Start(name, text, tuple(sorted(names)))


def stoichiometry(reference: libsbml.SpeciesReference) -> float:
    """Return how many a species reference stands for; unset means one to every reader we know.

    Level 1 has it in two parts, and so has Level 2 where it is a rational number.
    """
    parts = reference.getDenominator()
    told = reference.isSetStoichiometry() or parts != 1
    return reference.getStoichiometry() / parts if told else 1.0
