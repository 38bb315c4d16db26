"""SBML formulas as Python text, as sets of ids, and as weighted sums of species."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

import libsbml

from .formula_values import FormulaError

# Python takes 200 brackets within each other.
_DEEPEST: Final = 180


def rate_of(id: str) -> str:
    """Return under which name, which is no id, values hold how fast something changes."""
    return f"rateOf {id}"


def names(node: libsbml.ASTNode) -> frozenset[str]:
    """Return the ids that occur in a formula."""
    return frozenset(one.getName() for one in nodes(node) if one.getType() == libsbml.AST_NAME)


def rates(node: libsbml.ASTNode) -> frozenset[str]:
    """Return the ids of what a formula asks the rate of."""
    return frozenset(
        one.getChild(0).getName()
        for one in nodes(node)
        if one.getType() == libsbml.AST_FUNCTION_RATE_OF and one.getNumChildren() == 1
    )


def functions(node: libsbml.ASTNode) -> frozenset[str]:
    """Return the functions of the model's own that a formula calls."""
    return frozenset(one.getName() for one in nodes(node) if one.getType() == libsbml.AST_FUNCTION)


def holds(node: libsbml.ASTNode, kind: int) -> bool:
    """Tell whether a kind of node is in a formula."""
    return any(one.getType() == kind for one in nodes(node))


def nodes(node: libsbml.ASTNode) -> Iterator[libsbml.ASTNode]:
    """Yield every node of a formula."""
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        pending.extend(one.getChild(index) for index in range(one.getNumChildren()))


def deeper(node: libsbml.ASTNode, most: int) -> bool:
    """Tell whether a formula nests deeper; a sum of many terms, read as sums of two, does not."""
    pending = [(node, 0)]
    while pending:
        one, depth = pending.pop()
        if depth > most:
            return True
        pending.extend((child, depth + 1) for child in _children(one))
    return False


def local(law: libsbml.KineticLaw) -> list[libsbml.Parameter]:
    """Return the parameters that a rate law keeps to itself, of any level."""
    return [*law.getListOfParameters(), *law.getListOfLocalParameters()]


def weights(
    node: libsbml.ASTNode, known: Mapping[str, Mapping[str, float]]
) -> dict[str, float] | None:
    """Return the terms of a weighted sum, or None if the formula is something else.

    Parameters
    ----------
    node : ASTNode
        The formula.
    known : mapping
        Terms of everything the sum may be made of: ``{"A": {"A": 1.0}}`` for a species ``A``.
    """
    kind = node.getType()
    if kind == libsbml.AST_NAME:
        return dict(known[node.getName()]) if node.getName() in known else None
    if node.isNumber():
        # An observable that matches no species is written as the number 0.
        return {} if node.getValue() == 0 else None
    if kind == libsbml.AST_PLUS:
        total: dict[str, float] = {}
        for child in _children(node):
            terms = weights(child, known)
            if terms is None:
                return None
            for name, weight in terms.items():
                total[name] = total.get(name, 0.0) + weight
        return total
    if kind == libsbml.AST_TIMES:
        numbers = [child.getValue() for child in _children(node) if child.isNumber()]
        others = [child for child in _children(node) if not child.isNumber()]
        terms = weights(others[0], known) if len(others) == 1 else None
        factor = math.prod(numbers)
        return None if terms is None else {name: w * factor for name, w in terms.items()}
    return None


def python(node: libsbml.ASTNode, own: Mapping[str, float] | None = None, depth: int = 0) -> str:
    """Return a formula as Python for :func:`.formula_values.evaluate`; ``x[id]`` is a value.

    Parameters
    ----------
    node : ASTNode
        The formula.
    own : mapping, optional
        Values of names that mean something else in this formula than elsewhere.
    depth : int
        In how many brackets it stands.

    Raises
    ------
    FormulaError
        If it holds a function that has no value at a start, such as a delay, or nests too deeply.
    """
    if depth > _DEEPEST:
        raise FormulaError("a formula is nested too deeply to be read")
    kind = node.getType()
    if node.isNumber():
        return f"({node.getValue()!r})"
    if kind == libsbml.AST_NAME:
        name = node.getName()
        return f"({own[name]!r})" if own and name in own else f"x[{name!r}]"
    if kind == libsbml.AST_FUNCTION_RATE_OF and node.getNumChildren() == 1:
        return f"x[{rate_of(node.getChild(0).getName())!r}]"
    if kind in _CONSTANTS:
        return _CONSTANTS[kind]
    inner = [python(child, own, depth + 1) for child in _children(node)]
    least, most = _COUNTS.get(kind, (2, None) if kind in _COMPARISONS else (1, None))
    if kind not in _CHAINS and (len(inner) < least or (most and len(inner) > most)):
        raise FormulaError(
            f"{node.getName() or libsbml.formulaToL3String(node)!r} has {len(inner)} arguments, "
            f"which is too {'few' if len(inner) < least else 'many'}."
        )
    if kind in _LOGICAL and inner:  # Python's own give what was asked last
        return f"(not not ({_CHAINS[kind][0].join(inner)}))"
    if kind in _LONG and len(inner) > 50:  # Python nests what it compiles, too
        return f"{_LONG[kind]}({', '.join(inner)})"
    if kind in _CHAINS:
        sign, empty = _CHAINS[kind]
        return f"({sign.join(inner)})" if inner else empty
    if kind == libsbml.AST_MINUS:
        return f"(-{inner[0]})" if len(inner) == 1 else f"({inner[0]} - {inner[1]})"
    if kind in _PAIRS and len(inner) == 2:
        return f"({inner[0]} {_PAIRS[kind]} {inner[1]})"
    if kind in _COMPARISONS:
        return f"({f' {_COMPARISONS[kind]} '.join(inner)})"
    if kind in _CALLS:
        return f"{_CALLS[kind]}({', '.join(inner)})"
    if kind == libsbml.AST_FUNCTION_ROOT:
        return f"root({', '.join(inner if len(inner) == 2 else ['2', *inner])})"
    if kind == libsbml.AST_FUNCTION_LOG:
        return f"log_of({', '.join(inner if len(inner) == 2 else ['10', *inner])})"
    if kind == libsbml.AST_FUNCTION_PIECEWISE:
        text = inner[-1] if len(inner) % 2 else "nan"
        pieces = list(zip(inner[::2], inner[1::2], strict=False))
        for value, condition in reversed(pieces):
            text = f"({value} if {condition} else {text})"
        return text
    raise FormulaError(f"{libsbml.formulaToL3String(node)!r} cannot be evaluated at the start.")


def _children(node: libsbml.ASTNode) -> list[libsbml.ASTNode]:
    """Return the terms of a sum, the factors of a product, the arguments of anything else.

    libSBML reads a sum of many terms as sums of two, one inside the other, however it was written.
    """
    kind = node.getType()
    last: list[libsbml.ASTNode] = []  # children from the right
    while kind in _CHAINS and node.getNumChildren() == 2 and node.getChild(0).getType() == kind:
        last.append(node.getChild(1))
        node = node.getChild(0)
    return [*(node.getChild(index) for index in range(node.getNumChildren())), *reversed(last)]


# How many arguments at least and at most; anything else takes one or more.
_COUNTS: Final = {
    libsbml.AST_MINUS: (1, 2),
    libsbml.AST_FUNCTION_ROOT: (1, 2),
    libsbml.AST_FUNCTION_LOG: (1, 2),
}
_CHAINS: Final = {
    libsbml.AST_PLUS: (" + ", "0"),
    libsbml.AST_TIMES: (" * ", "1"),
    libsbml.AST_LOGICAL_AND: (" and ", "True"),
    libsbml.AST_LOGICAL_OR: (" or ", "False"),
}
_LOGICAL: Final = frozenset((libsbml.AST_LOGICAL_AND, libsbml.AST_LOGICAL_OR))
_LONG: Final = {libsbml.AST_PLUS: "added", libsbml.AST_TIMES: "multiplied"}
_PAIRS: Final = {
    libsbml.AST_DIVIDE: "/",
    libsbml.AST_POWER: "**",
    libsbml.AST_FUNCTION_POWER: "**",
}
_COMPARISONS: Final = {
    libsbml.AST_RELATIONAL_EQ: "==",
    libsbml.AST_RELATIONAL_NEQ: "!=",
    libsbml.AST_RELATIONAL_LT: "<",
    libsbml.AST_RELATIONAL_LEQ: "<=",
    libsbml.AST_RELATIONAL_GT: ">",
    libsbml.AST_RELATIONAL_GEQ: ">=",
}
_CALLS: Final = {
    libsbml.AST_FUNCTION_ABS: "abs",
    libsbml.AST_FUNCTION_ARCCOS: "acos",
    libsbml.AST_FUNCTION_ARCCOSH: "acosh",
    libsbml.AST_FUNCTION_ARCCOT: "acot",
    libsbml.AST_FUNCTION_ARCCOTH: "acoth",
    libsbml.AST_FUNCTION_ARCCSC: "acsc",
    libsbml.AST_FUNCTION_ARCCSCH: "acsch",
    libsbml.AST_FUNCTION_ARCSEC: "asec",
    libsbml.AST_FUNCTION_ARCSECH: "asech",
    libsbml.AST_FUNCTION_ARCSIN: "asin",
    libsbml.AST_FUNCTION_ARCSINH: "asinh",
    libsbml.AST_FUNCTION_ARCTAN: "atan",
    libsbml.AST_FUNCTION_ARCTANH: "atanh",
    libsbml.AST_FUNCTION_CEILING: "ceil",
    libsbml.AST_FUNCTION_COS: "cos",
    libsbml.AST_FUNCTION_COSH: "cosh",
    libsbml.AST_FUNCTION_COT: "cot",
    libsbml.AST_FUNCTION_COTH: "coth",
    libsbml.AST_FUNCTION_CSC: "csc",
    libsbml.AST_FUNCTION_CSCH: "csch",
    libsbml.AST_FUNCTION_EXP: "exp",
    libsbml.AST_FUNCTION_FACTORIAL: "factorial",
    libsbml.AST_FUNCTION_FLOOR: "floor",
    libsbml.AST_FUNCTION_LN: "log",
    libsbml.AST_FUNCTION_MAX: "max",
    libsbml.AST_FUNCTION_MIN: "min",
    libsbml.AST_FUNCTION_QUOTIENT: "quotient",
    libsbml.AST_FUNCTION_REM: "fmod",
    libsbml.AST_FUNCTION_SEC: "sec",
    libsbml.AST_FUNCTION_SECH: "sech",
    libsbml.AST_FUNCTION_SIN: "sin",
    libsbml.AST_FUNCTION_SINH: "sinh",
    libsbml.AST_FUNCTION_TAN: "tan",
    libsbml.AST_FUNCTION_TANH: "tanh",
    libsbml.AST_LOGICAL_IMPLIES: "implies",
    libsbml.AST_LOGICAL_NOT: "negated",
    libsbml.AST_LOGICAL_XOR: "odd",
}
_CONSTANTS: Final = {
    libsbml.AST_CONSTANT_E: repr(math.e),
    libsbml.AST_CONSTANT_FALSE: "False",
    libsbml.AST_CONSTANT_PI: repr(math.pi),
    libsbml.AST_CONSTANT_TRUE: "True",
    libsbml.AST_NAME_AVOGADRO: "6.02214179e23",  # what Level 3 says, whatever it is today
    libsbml.AST_NAME_TIME: "0.0",  # start values are those of time zero
}
