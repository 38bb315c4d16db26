"""How far units are declared."""

from __future__ import annotations

from typing import Any, Final

import libsbml

from .elements import Elements, label
from .report import Share, Units, share

# What a model may declare a unit for, and what Level 2 takes where it does not.
_MODEL: Final = {
    "substance": "mole",
    "time": "second",
    "volume": "litre",
    "area": "square metre",
    "length": "metre",
    "extent": "",
}


def units(elements: Elements, checked: Any | None, weights: dict[str, int]) -> Units:
    """Return which units are declared.

    Parameters
    ----------
    elements : Elements
        Of the whole document.
    checked : libsbml.SBMLDocument or None
        That in which libSBML has checked units, perhaps a sample of the whole; None if it has not.
    weights : dict
        How many reactions of the whole each reaction of the sample stands for.
    """
    model = elements.model
    level2 = model.getLevel() < 3
    declared = {what: _declared(model, what) for what in _MODEL}
    shown = {
        what: unit or (f"{_MODEL[what]} (default)" if level2 and _MODEL[what] else "")
        for what, unit in declared.items()
    }
    sizes = {3: "volume", 2: "area", 1: "length"}

    def sized(compartment: Any) -> bool:
        dimension = compartment.getSpatialDimensionsAsDouble()
        return (
            compartment.isSetUnits()
            or dimension == 0
            or bool(shown.get(sizes.get(dimension, ""), ""))
        )

    shares = [
        share("compartments", [(label(c), sized(c)) for c in elements["compartments"]]),
        share(
            "species",
            [
                (label(s), s.isSetSubstanceUnits() or bool(shown["substance"]))
                for s in elements["species"]
            ],
        ),
        *(
            share(kind, [(label(p), p.isSetUnits()) for p in elements[kind]])
            for kind in ("parameters", "local parameters")
        ),
    ]
    laws = 0
    if checked is not None:
        known, missing, total = 0, [], 0
        for reaction in checked.getModel().getListOfReactions():
            law = reaction.getKineticLaw()
            if law is None:
                continue
            laws += 1
            weight = weights.get(reaction.getId(), 1)
            total += weight
            if law.containsUndeclaredUnits():
                missing.append(reaction.getId())
            else:
                known += weight
        shares.append(Share("kinetic laws", known, total, tuple(missing[:10])))
    return Units(shown, tuple(s for s in shares if s.total), laws, len(elements["reactions"]))


def _declared(model: Any, what: str) -> str:
    """Return the model's unit for something, as its author calls it."""
    if model.getLevel() < 3:
        id = what if model.getUnitDefinition(what) is not None else ""
        definition = model.getUnitDefinition(what)
        return libsbml.UnitDefinition.printUnits(definition, True) if id else ""
    id = getattr(model, f"get{what.capitalize()}Units")()
    definition = model.getUnitDefinition(id) if id else None
    if definition is None:
        return id
    return definition.getName() or id
