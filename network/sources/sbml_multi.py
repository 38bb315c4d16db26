"""Rules from SBML's package ``multi``, as BNGL.

What :mod:`mtorules.export.rules.multi` writes comes back as the same rules. Documents of others are
read as far as they keep to the same parts of the package: molecules with binding sites and
features, complexes of molecules, reactions by mass action.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import libsbml

NAMESPACE: Final = "http://www.sbml.org/sbml/level3/version1/multi/version1"
# Of the annotations that hold what the package has no place for.
OURS: Final = "rules"
OUR_NAMESPACE: Final = "urn:mtorules:rules"


class MultiError(ValueError):
    """A document that holds no rules, or something that cannot be read as a rule."""


def bngl(text: str) -> str:
    """Return the rules of a document as BNGL.

    Parameters
    ----------
    text : str
        SBML Level 3 with the package ``multi``.

    Raises
    ------
    MultiError
        If there are no rules in it, or some cannot be read.
    """
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or model is None:
        raise MultiError(f"No SBML: {document.getErrorLog().toString().strip()}")
    plugin = model.getPlugin("multi")
    if plugin is None or not plugin.getNumMultiSpeciesTypes():
        raise MultiError("The document has no species types of the package multi.")
    return _Reader(model, plugin).text()


class _Reader:
    def __init__(self, model: Any, plugin: Any) -> None:
        self.model = model
        types = list(plugin.getListOfMultiSpeciesTypes())
        self.sites = {
            t.getId(): t.getName() for t in types if isinstance(t, libsbml.BindingSiteSpeciesType)
        }
        self.types = {t.getId(): t for t in types if t.getId() not in self.sites}
        self.molecules = {
            key: self._instances(kind)
            for key, kind in self.types.items()
            if all(place in self.sites for _, _, place in self._instances(kind))
        }
        self.values = {
            value.getId(): value.getName()
            for kind in self.types.values()
            for feature in kind.getListOfSpeciesFeatureTypes()
            for value in feature.getListOfPossibleSpeciesFeatureValues()
        }
        self.names = {
            each.getId(): each.getName() or each.getId()
            for each in (*model.getListOfParameters(), *model.getListOfCompartments())
        }
        self.patterns = {each.getId(): self._pattern(each) for each in model.getListOfSpecies()}
        self.formulas = {
            each.getSymbol(): each.getMath() for each in model.getListOfInitialAssignments()
        }

    @staticmethod
    def _instances(kind: Any) -> list[tuple[str, str, str]]:
        """Return id, name and species type of each part of a species type."""
        return [
            (each.getId(), each.getName(), each.getSpeciesType())
            for each in kind.getListOfSpeciesTypeInstances()
        ]

    def text(self) -> str:
        blocks = {
            "parameters": self._parameters(),
            "compartments": self._compartments(),
            "molecule types": self._molecule_types(),
            "observables": self._observables(),
            "functions": self._functions(),
            "seed species": self._seeds(),
            "reaction rules": self._rules(),
        }
        lines = ["begin model"]
        for title, content in blocks.items():
            inside = [f"  {line}" for line in content]
            if inside:
                lines += [f"begin {title}", *inside, f"end {title}"]
        return "\n".join([*lines, "end model", ""])

    # -- quantities --------------------------------------------------------------------------------

    def _amount(self, key: str, value: float) -> str:
        return self._formula(self.formulas[key]) if key in self.formulas else repr(value)

    def _parameters(self) -> Iterator[str]:
        for each in self.model.getListOfParameters():
            if each.getConstant():
                key = each.getId()
                yield f"{self.names[key]} {self._amount(key, each.getValue())}"

    def _compartments(self) -> Iterator[str]:
        for each in self.model.getListOfCompartments():
            if each.getPlugin("multi").getCompartmentType():
                size = self._amount(each.getId(), each.getSize())
                outside = _said(each, "outside")
                yield f"{each.getName()} {each.getSpatialDimensions()} {size} {outside}".rstrip()

    def _observables(self) -> Iterator[str]:
        for each in self.model.getListOfParameters():
            if counts := _said(each, "counts"):
                math = self.model.getAssignmentRule(each.getId()).getMath()
                shown = ", ".join(self.patterns[leaf.getName()] for leaf in _leaves(math))
                yield f"{counts} {self.names[each.getId()]} {shown}"

    def _functions(self) -> Iterator[str]:
        for each in self.model.getListOfParameters():
            if not each.getConstant() and not _said(each, "counts"):
                math = self.model.getAssignmentRule(each.getId()).getMath()
                yield f"{self.names[each.getId()]}() = {self._formula(math)}"

    # -- molecules and patterns --------------------------------------------------------------------

    def _states(self, molecule: str) -> dict[str, list[str]]:
        """Return the states of each feature of a molecule, by the feature's name."""
        return {
            feature.getName(): [
                v.getName() for v in feature.getListOfPossibleSpeciesFeatureValues()
            ]
            for feature in self.types[molecule].getListOfSpeciesFeatureTypes()
        }

    def _molecule_types(self) -> Iterator[str]:
        for key, places in self.molecules.items():
            states = self._states(key)
            sites = ",".join(
                "~".join((self.sites[kind], *states.get(self.sites[kind], ())))
                for _, _, kind in places
            )
            yield f"{self.types[key].getName()}({sites})"

    def _pattern(self, species: Any) -> str:
        """Return a species as a pattern."""
        plugin = species.getPlugin("multi")
        kind = plugin.getSpeciesType()
        if kind in self.molecules:
            parts = {kind: kind}
        elif kind in self.types:
            parts = {key: of for key, _, of in self._instances(self.types[kind])}
        else:
            raise MultiError(f"Species {species.getId()!r} has no species type that is here.")
        marks: dict[tuple[str, str], list[str]] = {}
        places = self._places(kind, parts)
        for number, bond in enumerate(self.types[kind].getListOfInSpeciesTypeBonds(), 1):
            for end in (bond.getBindingSite1(), bond.getBindingSite2()):
                marks.setdefault(places[end], []).append(f"!{number}")
        for site in plugin.getListOfOutwardBindingSites():
            mark = _STATUS.get(site.getBindingStatus(), "")
            marks.setdefault(places[site.getComponent()], []).append(mark)
        for feature in plugin.getListOfSpeciesFeatures():
            part = feature.getComponent() or kind
            value = feature.getListOfSpeciesFeatureValues().get(0).getValue()
            place = self._site_of(feature.getSpeciesFeatureType(), parts[part])
            marks.setdefault((part, place), ["!?"]).insert(0, f"~{self.values[value]}")
        home = species.getCompartment()
        placed = self.model.getCompartment(home).getPlugin("multi").getCompartmentType()
        where = f"@{self.names[home]}" if placed else ""
        whole = where and _said(species, "placed") == "complex"
        text = ".".join(
            self._part(part, of, marks) + ("" if whole else where) for part, of in parts.items()
        )
        fixed = "$" if species.getBoundaryCondition() else ""
        return f"{where}:{fixed}{text}" if whole else f"{fixed}{text}"

    def _places(self, kind: str, parts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Return the molecule and the binding site that each component stands for."""
        found = {}
        if kind in self.molecules:
            found = {place: (kind, place) for place, _, _ in self.molecules[kind]}
        for index in self.types[kind].getListOfSpeciesTypeComponentIndexes():
            found[index.getId()] = (index.getIdentifyingParent(), index.getComponent())
        return found

    def _site_of(self, feature: str, molecule: str) -> str:
        """Return the binding site that a feature belongs to: of the same name and order."""
        features = list(self.types[molecule].getListOfSpeciesFeatureTypes())
        names = [each.getName() for each in features]
        (at,) = (i for i, each in enumerate(features) if each.getId() == feature)
        order = names[:at].count(names[at])
        alike = [key for key, _, kind in self.molecules[molecule] if self.sites[kind] == names[at]]
        return alike[order]

    def _part(self, part: str, molecule: str, marks: Mapping[tuple[str, str], list[str]]) -> str:
        sites = ",".join(
            self.sites[kind] + "".join(marks[part, place])
            for place, _, kind in self.molecules[molecule]
            if (part, place) in marks
        )
        return f"{self.types[molecule].getName()}({sites})"

    def _seeds(self) -> Iterator[str]:
        for each in self.model.getListOfSpecies():
            if each.isSetInitialAmount() or each.getId() in self.formulas:
                amount = self._amount(each.getId(), each.getInitialAmount())
                yield f"{self.patterns[each.getId()]} {amount}"

    # -- rules -------------------------------------------------------------------------------------

    def _rules(self) -> Iterator[str]:
        for each in self.model.getListOfReactions():
            math = each.getKineticLaw().getMath()
            sides = [each.getListOfReactants(), each.getListOfProducts()]
            laws = [math] if not each.getReversible() else list(_children(math))
            rates = ", ".join(
                self._formula(self._rate(law, len(side), each.getId()))
                for law, side in zip(laws, sides, strict=False)
            )
            left, right = (
                " + ".join(self.patterns[r.getSpecies()].replace("$", "") for r in side) or "0"
                for side in sides
            )
            arrow = "<->" if each.getReversible() else "->"
            words = _said(each, "keywords")
            name = each.getName() or each.getId()
            name = f"_{name}" if name[0].isdigit() else name  # which BNG2.pl takes for an index
            yield f"{name}: {left} {arrow} {right} {rates} {words}".rstrip()

    @staticmethod
    def _rate(law: Any, reactants: int, reaction: str) -> Any:
        """Return what the reactants of a rule are multiplied by."""
        if not reactants and law.getType() == libsbml.AST_TIMES and law.getNumChildren() == 1:
            return law.getChild(0)
        while reactants > 0:
            if law.getType() != libsbml.AST_TIMES:
                raise MultiError(f"The rate of reaction {reaction!r} is not by mass action.")
            # libSBML makes products of two out of longer ones.
            reactants -= law.getNumChildren() - 1
            law = law.getChild(0)
        return law

    # -- formulas ----------------------------------------------------------------------------------

    def _formula(self, node: Any) -> str:
        """Return a formula in BNGL, everything in parentheses."""
        kind = node.getType()
        inside = [self._formula(child) for child in _children(node)]
        if kind in _SIGNS and inside:
            if len(inside) == 1:
                return f"({_SIGNS[kind]}{inside[0]})" if kind == libsbml.AST_MINUS else inside[0]
            return "(" + _SIGNS[kind].join(inside) + ")"
        if kind == libsbml.AST_FUNCTION_PIECEWISE and len(inside) == 3:
            value, condition, otherwise = inside
            return f"if({condition},{value},{otherwise})"
        if kind == libsbml.AST_FUNCTION_LOG:
            base, argument = inside
            return f"(ln({argument})/ln({base}))"
        if kind == libsbml.AST_FUNCTION_ROOT:
            return f"sqrt({inside[-1]})"
        if kind in _WORDS:
            return _WORDS[kind].format(*inside)
        if node.isNumber():
            return repr(node.getInteger()) if node.isInteger() else repr(node.getValue())
        if node.isName():
            name = self.names.get(node.getName())
            if name is None:
                raise MultiError(f"A formula names {node.getName()!r}, which is no parameter.")
            return name
        raise MultiError(f"No BNGL for {libsbml.formulaToL3String(node)!r}.")


_STATUS: Final = {
    libsbml.MULTI_BINDING_STATUS_BOUND: "!+",
    libsbml.MULTI_BINDING_STATUS_EITHER: "!?",
}
_SIGNS: Final = {
    libsbml.AST_PLUS: "+", libsbml.AST_MINUS: "-", libsbml.AST_TIMES: "*",
    libsbml.AST_DIVIDE: "/", libsbml.AST_POWER: "^", libsbml.AST_FUNCTION_POWER: "^",
    libsbml.AST_RELATIONAL_LT: "<", libsbml.AST_RELATIONAL_LEQ: "<=",
    libsbml.AST_RELATIONAL_GT: ">", libsbml.AST_RELATIONAL_GEQ: ">=",
    libsbml.AST_RELATIONAL_EQ: "==", libsbml.AST_RELATIONAL_NEQ: "!=",
    libsbml.AST_LOGICAL_AND: "&&", libsbml.AST_LOGICAL_OR: "||",
}  # fmt: skip
_WORDS: Final = {
    libsbml.AST_LOGICAL_NOT: "!({0})", libsbml.AST_NAME_TIME: "time()",
    libsbml.AST_CONSTANT_PI: "_pi()", libsbml.AST_CONSTANT_E: "_e()",
    libsbml.AST_CONSTANT_TRUE: "(1==1)", libsbml.AST_CONSTANT_FALSE: "(1==0)",
    libsbml.AST_FUNCTION_EXP: "exp({0})", libsbml.AST_FUNCTION_LN: "ln({0})",
    libsbml.AST_FUNCTION_ABS: "abs({0})", libsbml.AST_FUNCTION_FLOOR: "rint({0}-0.5)",
    libsbml.AST_FUNCTION_CEILING: "(-rint(-({0})-0.5))",
    **{
        getattr(libsbml, f"AST_FUNCTION_{long}"): f"{short}({{0}})"
        for long, short in (
            ("SIN", "sin"), ("COS", "cos"), ("TAN", "tan"), ("ARCSIN", "asin"),
            ("ARCCOS", "acos"), ("ARCTAN", "atan"), ("SINH", "sinh"), ("COSH", "cosh"),
            ("TANH", "tanh"), ("ARCSINH", "asinh"), ("ARCCOSH", "acosh"), ("ARCTANH", "atanh"),
        )
    },
}  # fmt: skip


def _leaves(math: Any) -> Iterator[Any]:
    """Yield the terms of a sum, which libSBML nests where there are three or more."""
    if math.isName():
        yield math
    for each in _children(math):
        yield from _leaves(each)


def _children(node: Any) -> Iterator[Any]:
    yield from (node.getChild(place) for place in range(node.getNumChildren()))


def _said(element: Any, name: str) -> str:
    """Return what our annotation says of an element, empty where it says nothing."""
    annotation = element.getAnnotation()
    for child in () if annotation is None else _children(annotation):
        if child.getURI() == OUR_NAMESPACE:
            return child.getAttributes().getValue(name, OUR_NAMESPACE)
    return ""
