"""From SymPy, which PySB writes its expressions in, to BioNetGen's language.

Only exact translations are made. What BioNetGen has no word for is put in terms of what it has
(``Heaviside`` by ``if``, ``floor`` by ``rint``); what cannot be said raises an error by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, Final

import sympy
from pysb import Component, Model, Observable, Parameter, Tag
from pysb import Expression as PysbExpression
from pysb.core import SpecialSymbol, time
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic import boolalg

from ..mathematics.expressions import (
    CONSTANTS,
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Number,
    Time,
    Unary,
    allow_depth,
    format_number,
)


class TranslationError(ValueError):
    """An expression that BioNetGen's language cannot say; the message names the construct."""


# SymPy's name -> BioNetGen's, where arguments and meaning are the same.
_SAME: Final = {
    **{
        name: name
        for name in (
            *("exp", "sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
    "Abs": "abs",
    "Min": "min",
    "Max": "max",
}
# Reciprocals: sec(x) = 1/cos(x), and inverses of them: asec(x) = acos(1/x).
_RECIPROCAL: Final = {
    **{"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh", "coth": "tanh"},
}
_OF_RECIPROCAL: Final = {
    **{"asec": "acos", "acsc": "asin", "asech": "acosh", "acsch": "asinh", "acoth": "atanh"},
}
_RELATIONS: Final = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

_ONE = Number(1.0, "1")
_ZERO = Number(0.0, "0")
_HALF = Number(0.5, "0.5")


def formulas(model: Model) -> dict[str, sympy.Basic]:
    """Return the expressions of a model by name, over the components of that model alone.

    A symbol that bears the name of a component is that component, whoever made it and with what
    assumptions: PySB's reader of BNGL leaves plain symbols where one function uses another.

    Raises
    ------
    TranslationError
        If a symbol stands for nothing in the model; the message names the expression.
    """
    components = {component.name: component for component in model.all_components()}
    found: dict[str, sympy.Basic] = {}
    for expression in model.expressions:
        formula = sympy.sympify(expression.expr)
        try:
            for call in formula.atoms(AppliedUndef):
                _meant(sympy.Symbol(type(call).__name__), components)
            meant = {symbol: _meant(symbol, components) for symbol in formula.atoms(sympy.Symbol)}
        except TranslationError as error:
            raise TranslationError(f"Expression {expression.name!r}: {error}") from None
        meant = {symbol: other for symbol, other in meant.items() if other is not symbol}
        found[expression.name] = formula.xreplace(meant) if meant else formula
    return found


def _meant(symbol: sympy.Symbol, components: Mapping[str, Component]) -> Any:
    """Return what a symbol stands for."""
    name = symbol.name
    component = None if isinstance(symbol, SpecialSymbol) else components.get(name)
    if isinstance(component, Parameter | PysbExpression | Observable | Tag):
        return component
    if component is not None:
        raise TranslationError(
            f"the symbol {name!r} has the name of a {type(component).__name__}, which has no value"
        )
    if isinstance(symbol, SpecialSymbol) or name in CONSTANTS:
        return symbol
    if name == "time":
        return time
    near = difflib.get_close_matches(name, components, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    if name == "t":
        hint = "; time is pysb.core.time"
    raise TranslationError(f"the symbol {name!r} is no component of the model{hint}")


def translate(
    expression: sympy.Basic, names: Mapping[str, str] | None = None, *, native: bool = False
) -> Expression:
    """Return an expression of PySB's as a tree.

    Parameters
    ----------
    expression : sympy expression
        Over components of a model.
    names : mapping, optional
        What each component is to be called; by default its own name.
    native : bool
        Use only functions that BNG2.pl itself accepts. Otherwise ``floor``, ``ceil`` and ``sign``
        stay what they are.

    Raises
    ------
    TranslationError
        If there is no exact translation.
    """
    if len(expression.args) > 100:
        allow_depth()
    return _Translator(names or {}, native).tree(expression)


class _Translator:
    def __init__(self, names: Mapping[str, str], native: bool) -> None:
        self._names, self._native = names, native

    def tree(self, node: Any) -> Expression:
        for kind, method in _METHODS:
            if isinstance(node, kind):
                return method(self, node)
        raise TranslationError(f"{_title(node)} has no counterpart in BioNetGen's language")

    # -- leaves

    def integer(self, node: Any) -> Expression:
        return Number(float(node), str(node))

    def rational(self, node: Any) -> Expression:
        return Binary("/", Number(float(node.p), str(node.p)), Number(float(node.q), str(node.q)))

    def real(self, node: Any) -> Expression:
        value = float(node)
        return Number(value, format_number(value))

    def constant(self, node: Any) -> Expression:
        return Constant("_pi" if node is sympy.pi else "_e")

    def truth(self, node: Any) -> Expression:
        return Binary("==", _ONE, _ONE if node else _ZERO)

    def symbol(self, node: Any) -> Expression:
        if isinstance(node, SpecialSymbol):
            if node.name == "time":
                return Time()
            raise TranslationError(f"the special symbol {node.name!r} is not known")
        if node.name in CONSTANTS and not isinstance(node, Component):
            return Constant(node.name)
        if not isinstance(node, Component):
            raise TranslationError(f"the symbol {node.name!r} is no component of the model")
        return Name(self._names.get(node.name, node.name))

    # -- arithmetic

    def sum(self, node: Any) -> Expression:
        total: Expression | None = None
        # A sum that starts with a minus reads worse.
        terms = sorted(node.args, key=lambda term: term.could_extract_minus_sign())
        for term in terms:
            if total is None:
                total = self.tree(term)
            elif term.could_extract_minus_sign():
                total = Binary("-", total, self.tree(-term))
            else:
                total = Binary("+", total, self.tree(term))
        return total or _ZERO

    def product(self, node: Any) -> Expression:
        coefficient, rest = node.as_coeff_Mul()
        if coefficient.is_negative:
            positive = -coefficient * rest
            return Unary("-", self.tree(positive))
        above: list[Expression] = []
        below: list[Expression] = []
        factor: Any
        for factor in node.args:
            if factor.is_Rational and not factor.is_Integer:
                if factor.p != 1:
                    above.append(self.tree(sympy.Integer(factor.p)))
                below.append(self.tree(sympy.Integer(factor.q)))
            elif factor.is_Pow and _negative(factor.exp):
                below.append(self.tree(factor.base**-factor.exp))
            else:
                above.append(self.tree(factor))
        top = _multiplied(above) if above else _ONE
        return Binary("/", top, _multiplied(below)) if below else top

    def power(self, node: Any) -> Expression:
        base, exponent = node.base, node.exp
        if exponent == sympy.S.Half:
            return Call("sqrt", (self.tree(base),))
        if base is sympy.E:
            return Call("exp", (self.tree(exponent),))
        if _negative(exponent):
            return Binary("/", _ONE, self.tree(base**-exponent))
        return Binary("^", self.tree(base), self.tree(exponent))

    # -- choices

    def relation(self, node: Any) -> Expression:
        sign = _RELATIONS.get(getattr(node, "rel_op", ""))
        if sign is None:
            raise TranslationError(f"the relation {_title(node)} has no counterpart in BioNetGen")
        return Binary(sign, self.tree(node.lhs), self.tree(node.rhs))

    def both(self, node: Any) -> Expression:
        return self._joined("&&", node.args)

    def either(self, node: Any) -> Expression:
        return self._joined("||", node.args)

    def negation(self, node: Any) -> Expression:
        # run_network has no negation, so it is never written.
        return self._choice(self.tree(node.args[0]), _ZERO, _ONE)

    def if_then_else(self, node: Any) -> Expression:
        return self._choice(*map(self.tree, node.args))

    def piecewise(self, node: Any) -> Expression:
        *cases, last = node.args
        if last.cond is not sympy.true:
            raise TranslationError(
                "a Piecewise without a last case (value, True) has no value outside its cases"
            )
        result = self.tree(last.expr)
        for case in reversed(cases):
            result = self._choice(self.tree(case.cond), self.tree(case.expr), result)
        return result

    def _joined(self, sign: str, parts: Any) -> Expression:
        first, *others = sorted(parts, key=sympy.default_sort_key)
        result = self.tree(first)
        for part in others:
            result = Binary(sign, result, self.tree(part))
        return result

    def _choice(self, condition: Expression, then: Expression, other: Expression) -> Expression:
        return Call("if", (condition, then, other))

    # -- functions

    def local(self, node: Any) -> Expression:
        """Return an observable or an expression of a tagged pattern, such as ``AA(x)``."""
        name = type(node).__name__
        return Call(self._names.get(name, name), tuple(map(self.tree, node.args)))

    def function(self, node: Any) -> Expression:
        name = type(node).__name__
        arguments = tuple(map(self.tree, node.args))
        if name in _SAME:
            return Call(_SAME[name], arguments)
        if name in _RECIPROCAL:
            return Binary("/", _ONE, Call(_RECIPROCAL[name], arguments))
        if name in _OF_RECIPROCAL:
            return Call(_OF_RECIPROCAL[name], (Binary("/", _ONE, arguments[0]),))
        special = _SPECIAL.get(name)
        if special is None:
            raise TranslationError(
                f"the function {name} has no counterpart in BioNetGen's language"
            )
        return special(self, *arguments)

    def logarithm(self, x: Expression) -> Expression:
        return Call("ln", (x,))

    def floor(self, x: Expression) -> Expression:
        # rint rounds halves up.
        return Call("rint", (Binary("-", x, _HALF),)) if self._native else Call("floor", (x,))

    def ceiling(self, x: Expression) -> Expression:
        if not self._native:
            return Call("ceil", (x,))
        return Unary("-", Call("rint", (Binary("-", Unary("-", x), _HALF),)))

    def remainder(self, a: Expression, b: Expression) -> Expression:
        return Binary("-", a, Binary("*", b, self.floor(Binary("/", a, b))))

    def fraction(self, x: Expression) -> Expression:
        return Binary("-", x, self.floor(x))

    def sign(self, x: Expression) -> Expression:
        if not self._native:
            return Call("sign", (x,))
        below = self._choice(Binary("<", x, _ZERO), Number(-1.0, "-1"), _ZERO)
        return self._choice(Binary(">", x, _ZERO), _ONE, below)

    def step(self, x: Expression, at_zero: Expression = _HALF) -> Expression:
        below = self._choice(Binary("<", x, _ZERO), _ZERO, at_zero)
        return self._choice(Binary(">", x, _ZERO), _ONE, below)


_SPECIAL: Final[Mapping[str, Callable[..., Expression]]] = {
    "log": _Translator.logarithm,
    "floor": _Translator.floor,
    "ceiling": _Translator.ceiling,
    "frac": _Translator.fraction,
    "Mod": _Translator.remainder,
    "sign": _Translator.sign,
    "Heaviside": _Translator.step,
}

# The first that fits counts.
_METHODS: Final[tuple[tuple[Any, Callable[[_Translator, Any], Expression]], ...]] = (
    (sympy.Integer, _Translator.integer),
    (sympy.Rational, _Translator.rational),
    (sympy.Float, _Translator.real),
    ((type(sympy.pi), type(sympy.E)), _Translator.constant),
    ((boolalg.BooleanTrue, boolalg.BooleanFalse), _Translator.truth),
    (sympy.Symbol, _Translator.symbol),
    (sympy.Add, _Translator.sum),
    (sympy.Mul, _Translator.product),
    (sympy.Pow, _Translator.power),
    (sympy.core.relational.Relational, _Translator.relation),
    (sympy.And, _Translator.both),
    (sympy.Or, _Translator.either),
    (sympy.Not, _Translator.negation),
    (sympy.ITE, _Translator.if_then_else),
    (sympy.Piecewise, _Translator.piecewise),
    (AppliedUndef, _Translator.local),
    ((sympy.Function, sympy.Min, sympy.Max), _Translator.function),
)


def _negative(exponent: Any) -> bool:
    """Whether a power belongs below the line: ``x^-2``, ``x^-n``."""
    return bool(exponent.is_Number and exponent.is_negative) or bool(
        exponent.is_Mul and exponent.args[0].is_Number and exponent.args[0].is_negative
    )


def _multiplied(factors: list[Expression]) -> Expression:
    result = factors[0]
    for factor in factors[1:]:
        result = Binary("*", result, factor)
    return result


def _title(node: Any) -> str:
    if isinstance(node, ExprCondPair):
        return "a case of a Piecewise"
    return {
        sympy.oo: "infinity",
        -sympy.oo: "minus infinity",
        sympy.nan: "not-a-number",
        sympy.zoo: "complex infinity",
        sympy.I: "the imaginary unit",
    }.get(node, type(node).__name__)
