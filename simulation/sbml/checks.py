"""What must not reach an engine: what libSBML calls an error, and what no engine of ours can do.

Engines trust what they are given: two elements with one id end the whole process. So libSBML's
checks run first, all but those of units, practice and SBO terms, which take most of the time and
change no number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

import libsbml

from . import expansion, formula_text
from .model import SbmlError

_CHECKED: Final = (
    libsbml.LIBSBML_CAT_IDENTIFIER_CONSISTENCY,
    libsbml.LIBSBML_CAT_MATHML_CONSISTENCY,
    libsbml.LIBSBML_CAT_OVERDETERMINED_MODEL,
)
_LEFT_OUT: Final = (
    libsbml.LIBSBML_CAT_UNITS_CONSISTENCY,
    libsbml.LIBSBML_CAT_SBO_CONSISTENCY,
    libsbml.LIBSBML_CAT_MODELING_PRACTICE,
)
# It is about units, whatever its category.
_DANGLING_UNIT: Final = 10313
_NONE: Final = frozenset[int]()
# What libSBML says where a submodel is in another file, or in one of those.
_OUTSIDE: Final = frozenset(
    (libsbml.CompUnresolvedReference, libsbml.CompModReferenceMustIdOfModel)
)
# Longer ids crash engines that were not made for them.
_LONGEST: Final = 1000
# How deep formulas may nest: engines recurse.
_DEEPEST: Final = 400
# How deep functions may call each other: writing them out takes .4 s at 40, and 14 s at 80.
_DEEPEST_CALLS: Final = 40
# Packages that say nothing of what happens, or that libSBML turns into the core's own formulas.
_HARMLESS: Final = frozenset(("annot", "groups", "l3v2extendedmath", "layout", "render"))
_PACKAGE: Final = re.compile(r"http://www\.sbml\.org/sbml/level3/version\d+/(\w+)/version\d+")

Formulas = list[tuple[libsbml.SBase, libsbml.ASTNode]]


def read(text: str, *, outside: bool = False) -> libsbml.SBMLDocument:
    """Return what libSBML reads of a text.

    Parameters
    ----------
    text : str
        The text.
    outside : bool
        Whether it may name files that have not been looked for yet.

    Raises
    ------
    SbmlError
        If it reads an error; the message says in which line.
    """
    if not text.startswith("<?xml"):  # libSBML would put in a line, and count it
        text = '<?xml version="1.0" encoding="UTF-8"?>' + text
    document = libsbml.readSBMLFromString(text)
    _fail_on_errors(document, _OUTSIDE if outside else _NONE)
    if document.getModel() is None:
        raise SbmlError("The SBML holds no model.")
    return document


def check(document: libsbml.SBMLDocument, *, own: bool = False) -> None:
    """Refuse a document that is wrong, or too large once it is written out.

    One of our ``own`` is right as far as libSBML can tell, which takes the longest to do so.

    Raises
    ------
    SbmlError
        If it is; the message names the line.
    """
    model = document.getModel()
    found = formulas(model)
    _check_ids(model)
    for element, node in found:
        if formula_text.deeper(node, _DEEPEST):
            raise SbmlError(
                f"A formula of model {model.getId()!r} is nested too deeply to be read, more than "
                f"{_DEEPEST} brackets within each other; line {element.getLine()}."
            )
    _check_circles(model)
    if not own:
        _check_consistency(document)
    expansion.check(model, found)
    _check_units(model)


def check_supported(document: libsbml.SBMLDocument) -> None:
    """Refuse a document that means something no engine of ours does.

    Raises
    ------
    SbmlError
        If it does; the message names the construct.
    """
    model = document.getModel()
    for what in _unsupported(document, model):
        raise SbmlError(f"Model {model.getId()!r} has {what}")


def _check_consistency(document: libsbml.SBMLDocument) -> None:
    """Let libSBML check all that it does.

    Its general checks follow each chain of formulas from each of its links, which takes for ever
    where functions call functions, so they see formulas without links; circles are looked for here.
    """
    unlinked = document.clone()
    _cut_links(unlinked.getModel())
    for one, checked in (
        (document, _CHECKED),
        (unlinked, (libsbml.LIBSBML_CAT_GENERAL_CONSISTENCY,)),
    ):
        for category in (libsbml.LIBSBML_CAT_GENERAL_CONSISTENCY, *_CHECKED, *_LEFT_OUT):
            one.setConsistencyChecks(category, category in checked)
        one.checkConsistency()
        _fail_on_errors(one)


def _cut_links(model: libsbml.Model) -> None:
    """Put numbers in place of what formulas take from other formulas."""
    links = _rests(model).keys()
    for element, node in formulas(model):
        function = node.isLambda()
        # The species of a law must be among those that its reaction declares.
        own = isinstance(element, libsbml.KineticLaw)
        for one in list(formula_text.nodes(node)):
            called = one.getType() == libsbml.AST_FUNCTION
            named = one.getType() == libsbml.AST_NAME and one.getName() in links
            kept = named and own and model.getSpecies(one.getName()) is not None
            if called if function else named and not kept:
                while one.getNumChildren():
                    one.removeChild(0)
                one.setValue(1.0)


def _fail_on_errors(document: libsbml.SBMLDocument, but: frozenset[int] = _NONE) -> None:
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        serious = error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR
        if serious and error.getErrorId() not in (_DANGLING_UNIT, *but):
            raise SbmlError(
                f"This is no SBML that can be read; line {error.getLine()}: {short(error)}"
            )


def short(error: libsbml.SBMLError) -> str:
    """Return what an error says of this file; where it says nothing of it, the rule it breaks."""
    rule, _, here = error.getMessage().partition("Reference:")
    said = " ".join(here.partition("\n")[2].split()) or " ".join(rule.split())
    return said if len(said) <= 400 else f"{said[:400].rsplit(' ', 1)[0]} ..."


def formulas(model: libsbml.Model) -> Formulas:
    """Return each element that holds a formula, with it."""
    elements = all_elements(model)
    for element in list(elements):  # libSBML leaves these out
        if element.getTypeCode() == libsbml.SBML_SPECIES_REFERENCE and hasattr(
            element, "getStoichiometryMath"
        ):
            elements.append(element.getStoichiometryMath())
    pairs = (
        (one, one.getMath()) for one in elements if one is not None and hasattr(one, "getMath")
    )
    return [(element, node) for element, node in pairs if node is not None]


def all_elements(model: libsbml.Model) -> list[libsbml.SBase]:
    """Return everything in a model; libSBML counts from the first to find any but that."""
    found = model.getListOfAllElements()
    return [found.remove(0) for _ in range(found.getSize())]


def _check_ids(model: libsbml.Model) -> None:
    for element in all_elements(model):
        id = element.getIdAttribute()
        if len(id) > _LONGEST:
            raise SbmlError(
                f"Line {element.getLine()}: an id of {len(id):,} characters, '{id[:20]}...'; at "
                f"most {_LONGEST:,} are taken."
            )


# -- circles --------------------------------------------------------------------------------------


def _check_circles(model: libsbml.Model) -> None:
    """Refuse what rests on itself; libSBML does not say which way round."""
    _check_functions(model)
    rests = _rests(model)
    for compartment in model.getListOfCompartments():
        for id in rests.get(compartment.getId(), ()):
            species = model.getSpecies(id)
            if species is None or species.getCompartment() != compartment.getId():
                continue
            if not species.getHasOnlySubstanceUnits():  # then it means a concentration
                rests[id] = rests.get(id, frozenset()) | {compartment.getId()}
    in_order(rests)


def _check_functions(model: libsbml.Model) -> None:
    bodies = {f.getId(): f.getBody() for f in model.getListOfFunctionDefinitions()}
    calls = {id: formula_text.functions(body) for id, body in bodies.items() if body is not None}
    empty = [id for id, body in bodies.items() if body is None]
    if empty:  # which is legal as long as nobody calls it
        called = {id for _, formula in formulas(model) for id in formula_text.functions(formula)}
        for id in empty:
            if id in called:
                raise SbmlError(
                    f"Model {model.getId()!r} calls the function {id!r}, which its file does not "
                    "say the formula of."
                )
    depths: dict[str, int] = {}
    for id in in_order(calls, "Functions call"):
        depths[id] = 1 + max((depths.get(other, 0) for other in calls[id]), default=0)
        if depths[id] > _DEEPEST_CALLS:
            raise SbmlError(
                f"The function {id!r} of model {model.getId()!r} calls one that calls another, and "
                f"so on, more than {_DEEPEST_CALLS} deep; libSBML cannot write that out in time."
            )


def _rests(model: libsbml.Model) -> dict[str, frozenset[str]]:
    """Return for all that a formula gives what that names."""
    rests: dict[str, frozenset[str]] = {}
    for entry in model.getListOfInitialAssignments():
        if entry.getMath() is not None:
            rests[entry.getSymbol()] = formula_text.names(entry.getMath())
    for rule in model.getListOfRules():
        if rule.isAssignment() and rule.getMath() is not None:
            rests[rule.getVariable()] = formula_text.names(rule.getMath())
    for reaction in model.getListOfReactions():
        law = reaction.getKineticLaw()
        if law is not None and law.getMath() is not None:
            own = {parameter.getId() for parameter in formula_text.local(law)}
            rests[reaction.getId()] = formula_text.names(law.getMath()) - own
    return rests


def in_order(rests: Mapping[str, Iterable[str]], what: str = "Values refer to") -> tuple[str, ...]:
    """Return ids after all that they rest on.

    Raises
    ------
    SbmlError
        If something rests on itself; the message tells the way round.
    """
    try:
        return tuple(id for id in TopologicalSorter(rests).static_order() if id in rests)
    except CycleError as error:
        way: list[str] = error.args[1][:0:-1]  # each after what rests on it
        places = {id: place for place, id in enumerate(rests)}
        first = way.index(min(way, key=places.__getitem__))
        circle = " -> ".join([*way[first:], *way[: first + 1]])
        raise SbmlError(f"{what} each other in a circle: {circle}.") from None


# -- units ----------------------------------------------------------------------------------------


def _check_units(model: libsbml.Model) -> None:
    for definition in model.getListOfUnitDefinitions():
        for unit in definition.getListOfUnits():
            multiplier, exponent = unit.getMultiplier(), unit.getExponentAsDouble()
            if not (math.isfinite(multiplier) and multiplier > 0):
                found = f"the multiplier {multiplier:g}; it is a number above 0"
            elif not math.isfinite(exponent):
                found = f"the exponent {exponent:g}; it is a finite number"
            else:
                continue
            raise SbmlError(
                f"Line {unit.getLine()}: in the unit {definition.getId()!r} of model "
                f"{model.getId()!r}, {libsbml.UnitKind_toString(unit.getKind())} has {found}."
            )


# -- what no engine of ours does ------------------------------------------------------------------


def _unsupported(document: libsbml.SBMLDocument, model: libsbml.Model) -> Iterator[str]:
    """Yield in words, with where they are, what would be passed over in silence."""
    lawless = [r for r in model.getListOfReactions() if r.getKineticLaw() is None]
    for name in packages(document):
        if name == "fbc" and lawless:
            yield (
                "flux bounds or objectives (package 'fbc') in place of rate laws; flux balance "
                "analysis solves it, as cobrapy does, and it has no course over time."
            )
        elif document.getPackageRequired(name):
            yield (
                f"parts in the package {name!r} and says that nobody can simulate it without; no "
                "engine of ours knows that package."
            )
    for rule in model.getListOfRules():
        if rule.isAlgebraic():
            yield f"an algebraic rule (line {rule.getLine()}); no engine solves those."
    for reaction in model.getListOfReactions():
        if reaction.isSetFast() and reaction.getFast():
            yield (
                f"the fast reaction {reaction.getId()!r} (line {reaction.getLine()}), which is "
                "always at equilibrium; no engine solves those."
            )
    for element, node in formulas(model):
        if formula_text.holds(node, libsbml.AST_FUNCTION_DELAY):
            formula = libsbml.formulaToL3String(node)
            yield (
                f"a delay in the formula {formula[:60]!r} (line {element.getLine()}); no engine of "
                "ours looks back in time."
            )


def packages(document: libsbml.SBMLDocument) -> Iterator[str]:
    """Yield the names of the packages that a document uses, but for harmless ones."""
    spaces = document.getNamespaces()
    for index in range(spaces.getLength()):
        match = _PACKAGE.fullmatch(spaces.getURI(index))
        if match and match[1] not in _HARMLESS:
            yield match[1]
