"""SBML made ready for libRoadRunner's Gillespie, which takes one unit of amount for one molecule.

A reaction event of a model that counts in zmol changes an amount by one molecule, 1/602 of the
unit, and happens 602 times as often as the rate in units says. So stoichiometries are divided by
the molecules in a unit and rate laws multiplied by them; amounts, parameters and volumes stay what
they are. Where two molecules of one species react, the second is one of the others.

A reaction happens only where the molecules are that it takes, whatever its law says. A law that has
no value there, or one below zero, becomes no number, at which libRoadRunner's method halts: it
would let time pass at a sum of rates below zero, and never end at one that is infinite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import libsbml

from ..sbml.starts import stoichiometry
from .base import Loaded, UnsupportedError
from .switches import Switches

# No rate is larger.
_MOST = 1e300
# More molecules of one species than these hardly meet.
_POWERS = (2.0, 3.0, 4.0)


def in_molecules(loaded: Loaded, molecules: float) -> str:
    """Return the SBML with events of single molecules.

    Parameters
    ----------
    loaded : Loaded
        A model whose reactions have one direction each.
    molecules : float
        How many molecules make one unit of amount.

    Raises
    ------
    UnsupportedError
        If a reaction is reversible or takes no whole number of molecules, if conversion factors
        multiply what it takes, if anything else than reactions changes the state, or if its level
        of SBML cannot say so.
    """
    _check(loaded)
    document = libsbml.readSBMLFromString(loaded.sbml)
    _check_factors(document.getModel())
    if document.getLevel() == 1 and molecules != 1.0:
        raise UnsupportedError(
            f"Model {loaded.model.id!r} is in SBML Level 1, which cannot say that a molecule is a "
            "part of its unit of substance; convert it to a later level, or take the method 'ode'."
        )
    moving = {rule.getVariable() for rule in document.getModel().getListOfRules()}
    for event in document.getModel().getListOfEvents():
        moving |= {one.getVariable() for one in event.getListOfEventAssignments()}
    for reaction in document.getModel().getListOfReactions():
        law = reaction.getKineticLaw()
        if law is None or law.getMath() is None:
            continue
        sides = (reaction.getListOfReactants(), reaction.getListOfProducts())
        needed: Counter[str] = Counter()
        for side in sides[0]:
            needed[side.getSpecies()] += _whole(loaded, reaction, side, moving)
        times = libsbml.ASTNode(libsbml.AST_TIMES)
        times.addChild(_number(molecules))
        times.addChild(law.getMath().deepCopy())
        _spell_out(times)
        plain = _plain(loaded, times, needed)
        _without_oneself(loaded, times, needed, molecules)
        law.setMath(times if plain else _guarded(loaded, times, needed, molecules))
        for side in (*sides[0], *sides[1]):
            side.setStoichiometry(_whole(loaded, reaction, side, moving) / molecules)
            side.setDenominator(1)
    return libsbml.writeSBMLToString(document)


def _check(loaded: Loaded) -> None:
    model = loaded.model
    if model.reversible:
        raise UnsupportedError(
            f"Model {model.id!r} has reversible reactions; a stochastic simulation needs each "
            "direction as a reaction of its own."
        )
    ruled = [id for id, entry in (model.species | model.parameters).items() if entry.rule == "rate"]
    why = f"{ruled[0]!r} follows a rate rule" if ruled else ""
    if model.events:
        why = "it has events"
    if why:
        raise UnsupportedError(
            f"Model {model.id!r} cannot be simulated molecule by molecule: {why}, and only "
            "reactions are made of molecules. The method 'ode' can."
        )
    check_clock(loaded, Switches(loaded))


def _check_factors(model: libsbml.Model) -> None:
    """Refuse conversion factors, which libRoadRunner's method passes over."""
    for species in model.getListOfSpecies():
        if factor := species.getConversionFactor() or model.getConversionFactor():
            raise UnsupportedError(
                f"Model {model.getId()!r} cannot be simulated molecule by molecule: what reactions "
                f"do to {species.getId()!r} is multiplied by its conversion factor {factor!r}. The "
                "method 'ode' can."
            )


def check_clock(loaded: Loaded, switches: Switches) -> None:
    """Refuse rates that change between one reaction and the next.

    Raises
    ------
    UnsupportedError
        If some do.
    """
    if switches.smooth:
        raise UnsupportedError(
            f"Model {loaded.model.id!r} has rates that change with time all the while, and a "
            "stochastic simulation takes them for constant from one reaction to the next. The "
            "method 'ode' can."
        )


def _whole(
    loaded: Loaded, reaction: libsbml.Reaction, side: libsbml.SpeciesReference, moving: set[str]
) -> int:
    """Return how many molecules a reaction takes or gives."""
    size = stoichiometry(side)
    fixed = side.getId() not in moving and not side.isSetStoichiometryMath()
    if fixed and size == round(size):
        return round(size)
    number = f"{size:g} of" if fixed else "a number that a formula says of"
    raise UnsupportedError(
        f"Reaction {reaction.getId()!r} of model {loaded.model.id!r} takes or gives {number} "
        f"{side.getSpecies()!r}; molecules react in fixed whole numbers, so take the method 'ode'."
    )


def _plain(loaded: Loaded, math: libsbml.ASTNode, needed: Counter[str]) -> bool:
    """Tell whether a law is a product that is zero where molecules are missing."""
    seen: Counter[str] = Counter()
    pending = [math]
    while pending:
        node = pending.pop()
        kind = node.getType()
        if kind == libsbml.AST_TIMES:
            pending.extend(node.getChild(place) for place in range(node.getNumChildren()))
        elif kind == libsbml.AST_DIVIDE and _positive(loaded, node.getChild(1)):
            pending.append(node.getChild(0))
        elif kind == libsbml.AST_NAME and _free(loaded, node.getName()):
            seen[node.getName()] += 1
        elif not (node.isNumber() and node.getValue() >= 0):
            return False
    return all(seen[id] >= count for id, count in needed.items() if _limits(loaded, id))


def _positive(loaded: Loaded, node: libsbml.ASTNode) -> bool:
    if node.isNumber():
        return bool(node.getValue() > 0)
    entry = loaded.model.parameters.get(node.getName() or "")
    return entry is not None and entry.compartment and not entry.rule


def _free(loaded: Loaded, id: str) -> bool:
    """Tell whether something follows no rule; what a law defines for itself follows none."""
    entry = loaded.model.species.get(id) or loaded.model.parameters.get(id)
    return entry is None or not entry.rule


def _limits(loaded: Loaded, id: str) -> bool:
    """Tell whether a reaction uses a species up."""
    return id in loaded.model.state_ids


def _guarded(
    loaded: Loaded, math: libsbml.ASTNode, needed: Counter[str], molecules: float
) -> libsbml.ASTNode:
    """Return a law that is zero where molecules are missing, and no number where it cannot be."""
    valued = libsbml.parseL3Formula(f"piecewise(0, 0 <= 0 && 0 < {_MOST!r}, NaN)")
    valued.replaceChild(0, math.deepCopy())
    for place in (0, 1):
        valued.getChild(1).getChild(place).replaceChild(1 - place, math.deepCopy())
    for id, count in needed.items():
        if not _limits(loaded, id):
            continue
        species = loaded.model.species[id]
        amount = id if species.amounts else f"{id} * {species.compartment}"
        enough = libsbml.parseL3Formula(
            f"piecewise(0, {amount} > {(count - 0.5) / molecules!r}, 0)"
        )
        enough.replaceChild(0, valued)
        valued = enough
    return valued


def _spell_out(product: libsbml.ASTNode) -> None:
    """Turn A^2 among the factors of a product into A * A."""
    for place in range(product.getNumChildren()):
        child = product.getChild(place)
        if child.getType() in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER):
            base, power = child.getChild(0), child.getChild(1)
            number = power.getValue() if power.isNumber() else 0.0
            if base.getType() == libsbml.AST_NAME and number in _POWERS:
                factors = libsbml.ASTNode(libsbml.AST_TIMES)
                for _ in range(int(number)):
                    factors.addChild(base.deepCopy())
                product.replaceChild(place, factors)
        elif child.getType() in (libsbml.AST_TIMES, libsbml.AST_DIVIDE):
            _spell_out(child)


def _without_oneself(
    loaded: Loaded, math: libsbml.ASTNode, needed: Counter[str], molecules: float
) -> None:
    """Turn A * A, where both react, into A * (A - one molecule)."""
    seen: Counter[str] = Counter()
    for parent, place in list(_factors(math)):
        name = parent.getChild(place).getName()
        if needed[name] < 2:
            continue
        before = seen[name]
        seen[name] += 1
        if 0 < before < needed[name]:
            less = _number(before / molecules)
            species = loaded.model.species[name]
            if not species.amounts:  # its symbol is a concentration
                size = libsbml.ASTNode(libsbml.AST_NAME)
                size.setName(species.compartment)
                less = _joined(libsbml.AST_DIVIDE, less, size)
            others = _joined(libsbml.AST_MINUS, parent.getChild(place).deepCopy(), less)
            parent.replaceChild(place, others)


def _joined(kind: int, left: libsbml.ASTNode, right: libsbml.ASTNode) -> libsbml.ASTNode:
    node = libsbml.ASTNode(kind)
    node.addChild(left)
    node.addChild(right)
    return node


def _factors(node: libsbml.ASTNode) -> Iterator[tuple[libsbml.ASTNode, int]]:
    """Yield where the named factors of a product stand."""
    kind = node.getType()
    if kind not in (libsbml.AST_TIMES, libsbml.AST_DIVIDE):
        return
    for place in range(node.getNumChildren() if kind == libsbml.AST_TIMES else 1):
        child = node.getChild(place)
        if child.getType() == libsbml.AST_NAME:
            yield node, place
        else:
            yield from _factors(child)


def _number(value: float) -> libsbml.ASTNode:
    node = libsbml.ASTNode(libsbml.AST_REAL)
    node.setValue(float(value))
    return node
