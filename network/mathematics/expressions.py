"""BioNetGen's expression language: text to a small tree, and back to a number or to text.

BioNetGen writes rate laws, derived parameters and compartment sizes as text such as
``kf*AA/(1 + AA)`` or ``if(time()>3,k1,k2)``. :func:`parse` turns it into an immutable tree that
formats can be printed from, without a computer algebra system in between::

    >>> tree = parse("kf*AA/(1 + AA)")
    >>> sorted(tree.names)
    ['AA', 'kf']
    >>> tree.evaluate({"kf": 2.0, "AA": 3.0})
    1.5

Operators bind as in customary mathematics: ``||``, ``&&``, comparisons, ``+ -``, ``* /``, unary
signs and ``!``, then powers from the right, so that ``-x^2`` is ``-(x^2)``. BNG2.pl disagrees (it
squares ``-x``), but puts every compound operand in parentheses when it writes a network, so that
nothing there hangs on the order. :func:`parenthesised` writes in the same way.
"""

from __future__ import annotations

import difflib
import math
import operator
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn, TypeVar

T = TypeVar("T")


class ExpressionError(ValueError):
    """The text is no expression, or cannot be evaluated."""


class UnknownFunctionError(ExpressionError):
    """A function that is neither built in nor defined by the model."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, BUILT_IN, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"There is no function {name!r}.{hint}")
        self.name = name


class Expression:
    """A node of the tree; equal trees are equal, and may be kept in sets and dictionaries.

    What goes through C at each step (texts, comparison, hashes) is done without recursion: there,
    Python 3.12 and later allow few nested calls whatever the limit for Python's own.
    """

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The nodes one step below."""
        return ()

    @property
    def _own(self) -> object:
        """What tells this node from another of its kind, apart from the operands."""
        return None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        waiting: list[tuple[Expression, Expression]] = [(self, other)]
        while waiting:
            one, two = waiting.pop()
            if one is two:
                continue
            if type(one) is not type(two) or one._own != two._own:
                return False
            if len(one.operands) != len(two.operands):
                return False
            waiting.extend(zip(one.operands, two.operands, strict=True))
        return True

    def __hash__(self) -> int:
        return hash(tuple((type(node).__name__, node._own) for node in self.walk()))

    def __str__(self) -> str:
        return self.fold(lambda node, parts: node._text(parts))

    def __repr__(self) -> str:
        return f"parse({str(self)!r})"

    def _text(self, parts: Sequence[str]) -> str:
        """Return the text of this node, given that of its operands."""
        raise NotImplementedError

    def walk(self) -> Iterator[Expression]:
        """Yield this node and everything below it, from left to right."""
        waiting: list[Expression] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.operands))

    def fold(self, combine: Callable[[Expression, Sequence[T]], T]) -> T:
        """Return what comes of the tree from the leaves up, however deep it is.

        Parameters
        ----------
        combine : callable
            Returns what comes of a node, given the node and what came of its operands.
        """
        done: list[T] = []
        # Each node twice: to put its operands before it, and then to take what came of them.
        waiting: list[tuple[Expression, bool]] = [(self, False)]
        while waiting:
            node, ready = waiting.pop()
            if ready or not node.operands:
                first = len(done) - len(node.operands)
                done[first:] = [combine(node, done[first:])]
            else:
                waiting.append((node, True))
                waiting.extend((operand, False) for operand in reversed(node.operands))
        return done[0]

    @property
    def names(self) -> frozenset[str]:
        """Everything referred to: parameters, observables and functions that are not built in.

        ``gg()`` and ``gg`` both refer to ``gg``. Time is ``time()``; a bare ``time`` is a name
        like any other, as in BioNetGen.
        """
        return frozenset(
            node.name
            for node in self.walk()
            if isinstance(node, Name)
            or (isinstance(node, Call) and not (node.name in BUILT_IN and node.arguments))
        )

    @property
    def timed(self) -> bool:
        """Whether time occurs in the expression itself."""
        return any(isinstance(node, Time) for node in self.walk())

    def substitute(self, replacements: Mapping[str, Expression]) -> Expression:
        """Return the tree with names, and calls without arguments, replaced."""

        def replaced(node: Expression, operands: Sequence[Expression]) -> Expression:
            if isinstance(node, Name | Call) and not operands:
                return replacements.get(node.name, node)
            return node._with(tuple(operands))

        return self.fold(replaced)

    def _with(self, operands: tuple[Expression, ...]) -> Expression:
        """Return the same node over other operands."""
        return self

    def evaluate(self, scope: Scope | None = None, time: float = 0.0) -> float:
        """Return the value.

        Parameters
        ----------
        scope : mapping, optional
            Value of each name; for a function with arguments a callable. A callable without
            arguments is called when its name is met.
        time : float, optional
            What ``time()`` means.

        Raises
        ------
        ExpressionError
            If a name has no value, a function is unknown, or the arithmetic fails.
        """
        try:
            return self._value({} if scope is None else scope, time)
        except ZeroDivisionError:
            raise ExpressionError(f"{self} divides by zero.") from None
        except OverflowError:
            raise ExpressionError(f"{self} is too large for a number.") from None
        except ExpressionError:
            raise
        except ValueError as error:
            raise ExpressionError(f"{self} has no value: {error}.") from None

    def _value(self, scope: Scope, time: float) -> float:
        raise NotImplementedError


Scope = Mapping[str, "float | Callable[..., float]"]


@dataclass(frozen=True, eq=False, repr=False)
class Number(Expression):
    """A literal; ``text`` is how it was written."""

    value: float
    text: str = ""

    @property
    def _own(self) -> object:
        return self.value, self.text

    def _value(self, scope: Scope, time: float) -> float:
        return self.value

    def _text(self, parts: Sequence[str]) -> str:
        return self.text or format_number(self.value)


@dataclass(frozen=True, eq=False, repr=False)
class Name(Expression):
    """A parameter, an observable, or a function called without parentheses."""

    name: str

    @property
    def _own(self) -> object:
        return self.name

    def _value(self, scope: Scope, time: float) -> float:
        return _look_up(self.name, scope)

    def _text(self, parts: Sequence[str]) -> str:
        return self.name


@dataclass(frozen=True, eq=False, repr=False)
class Time(Expression):
    """Model time, ``time()``."""

    def _value(self, scope: Scope, time: float) -> float:
        return time

    def _text(self, parts: Sequence[str]) -> str:
        return "time()"


@dataclass(frozen=True, eq=False, repr=False)
class Constant(Expression):
    """``_pi`` or ``_e``."""

    name: str

    @property
    def value(self) -> float:
        """The number it stands for."""
        return CONSTANTS[self.name]

    @property
    def _own(self) -> object:
        return self.name

    def _value(self, scope: Scope, time: float) -> float:
        return self.value

    def _text(self, parts: Sequence[str]) -> str:
        return self.name


@dataclass(frozen=True, eq=False, repr=False)
class Call(Expression):
    """A function of its arguments, built in or the model's own."""

    name: str
    arguments: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The arguments."""
        return self.arguments

    @property
    def _own(self) -> object:
        return self.name

    def _with(self, operands: tuple[Expression, ...]) -> Expression:
        return Call(self.name, operands)

    def _value(self, scope: Scope, time: float) -> float:
        if self.name == "if":
            condition, then, otherwise = self.arguments
            return (then if condition._value(scope, time) else otherwise)._value(scope, time)
        if self.name in BUILT_IN and self.arguments:
            return BUILT_IN[self.name].function(*[a._value(scope, time) for a in self.arguments])
        if not self.arguments:
            return _look_up(self.name, scope)
        function = scope.get(self.name)
        if not callable(function):
            raise UnknownFunctionError(self.name)
        return function(*[a._value(scope, time) for a in self.arguments])

    def _text(self, parts: Sequence[str]) -> str:
        return f"{self.name}({','.join(parts)})"


@dataclass(frozen=True, eq=False, repr=False)
class Unary(Expression):
    """``-x``, ``+x`` or ``!x``."""

    operator: str
    operand: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The one operand."""
        return (self.operand,)

    @property
    def _own(self) -> object:
        return self.operator

    def _with(self, operands: tuple[Expression, ...]) -> Expression:
        return Unary(self.operator, *operands)

    def _value(self, scope: Scope, time: float) -> float:
        value = self.operand._value(scope, time)
        if self.operator == "!":
            return float(not value)
        return -value if self.operator == "-" else value

    def _text(self, parts: Sequence[str]) -> str:
        return self.operator + _wrapped(self.operand, parts[0], _UNARY, tight=False)


@dataclass(frozen=True, eq=False, repr=False)
class Binary(Expression):
    """Two operands and one of ``+ - * / ^ < <= > >= == != && ||``.

    ``**`` is read as ``^`` and ``~=`` as ``!=``. Truth is 1, falsehood 0, as in BioNetGen.
    """

    operator: str
    left: Expression
    right: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """Left and right."""
        return (self.left, self.right)

    @property
    def _own(self) -> object:
        return self.operator

    def _with(self, operands: tuple[Expression, ...]) -> Expression:
        return Binary(self.operator, *operands)

    def _value(self, scope: Scope, time: float) -> float:
        left = self.left._value(scope, time)
        if self.operator == "&&":
            return float(bool(left) and bool(self.right._value(scope, time)))
        if self.operator == "||":
            return float(bool(left) or bool(self.right._value(scope, time)))
        return float(_OPERATIONS[self.operator](left, self.right._value(scope, time)))

    def _text(self, parts: Sequence[str]) -> str:
        level = _LEVELS[self.operator]
        from_right = self.operator == "^"
        return (
            _wrapped(self.left, parts[0], level, tight=from_right)
            + self.operator
            + _wrapped(self.right, parts[1], level, tight=not from_right)
        )


# -- what the names of functions mean ---------------------------------------------------------


@dataclass(frozen=True)
class BuiltIn:
    """A function of the language; ``most`` None: any number of arguments."""

    function: Callable[..., float]
    least: int = 1
    most: int | None = 1


def _mratio(a: float, b: float, z: float) -> float:
    """M(a+1, b+1, z) / M(a, b, z) of Kummer's function M."""
    from scipy.special import hyp1f1  # only models of this rare kind pay for the import

    return float(hyp1f1(a + 1, b + 1, z) / hyp1f1(a, b, z))


def _unreachable(*_: float) -> NoReturn:
    raise AssertionError("'if' is evaluated lazily")


BUILT_IN: Final[Mapping[str, BuiltIn]] = {
    **{
        name: BuiltIn(getattr(math, name))
        for name in (
            *("exp", "sqrt", "log10", "log2", "floor", "ceil"),
            *("sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
    "ln": BuiltIn(math.log),
    "abs": BuiltIn(math.fabs),
    # BioNetGen rounds halves up, not to even.
    "rint": BuiltIn(lambda x: float(math.floor(x + 0.5))),
    "sign": BuiltIn(lambda x: float((x > 0) - (x < 0))),
    "if": BuiltIn(_unreachable, 3, 3),
    "min": BuiltIn(min, 1, None),
    "max": BuiltIn(max, 1, None),
    "sum": BuiltIn(lambda *x: math.fsum(x), 1, None),
    "avg": BuiltIn(lambda *x: math.fsum(x) / len(x), 1, None),
    "mratio": BuiltIn(_mratio, 3, 3),
}

CONSTANTS: Final = {"_pi": math.pi, "_e": math.e}

_OPERATIONS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": math.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_LEVELS: Final = {
    **dict.fromkeys(["||"], 1),
    **dict.fromkeys(["&&"], 2),
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], 3),
    **dict.fromkeys(["+", "-"], 4),
    **dict.fromkeys(["*", "/"], 5),
    "^": 7,
}
_UNARY: Final = 6


def _look_up(name: str, scope: Scope) -> float:
    try:
        value = scope[name]
    except KeyError:
        near = difflib.get_close_matches(name, list(scope), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ExpressionError(f"{name!r} has no value.{hint}") from None
    return value() if callable(value) else value


def _wrapped(node: Expression, text: str, level: int, *, tight: bool) -> str:
    """Return the text of an operand, in parentheses where it would read differently without."""
    own = 8
    if isinstance(node, Binary):
        own = _LEVELS[node.operator]
    elif isinstance(node, Unary) or (isinstance(node, Number) and text.startswith("-")):
        own = _UNARY
    return f"({text})" if own < level or (tight and own == level) else text


def parenthesised(tree: Expression) -> str:
    """Return text that BNG2.pl reads as the same tree, whatever binds first."""
    return tree.fold(_in_parentheses)


def _in_parentheses(node: Expression, parts: Sequence[str]) -> str:
    if isinstance(node, Constant):
        return f"{node.name}()"
    if isinstance(node, Unary):
        return f"({node.operator}{parts[0]})"
    if isinstance(node, Binary):
        return f"({parts[0]}{node.operator}{parts[1]})"
    text = node._text(parts)
    return f"({text})" if text.startswith("-") else text


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same number; ``3`` rather than ``3.0``."""
    return repr(value)[:-2] if repr(value).endswith(".0") else repr(value)


# -- reading ------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_]))
      | (?P<name>\w+)
      | (?P<operator>\*\*|<=|>=|==|!=|~=|&&|\|\||[-+*/^<>!~(),])
    )""",
    re.VERBOSE,
)
_SYNONYMS: Final = {"**": "^", "~=": "!=", "~": "!"}


@lru_cache(maxsize=65536)
def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionError
        If the text is no expression; it says where, or which built-in function has the wrong
        number of arguments. Functions that are not built in may be the model's own and pass.

    Examples
    --------
    >>> str(parse("((kf) * 2) ** n"))
    '(kf*2)^n'
    """
    if len(text) > 1000:
        allow_depth()
    return _Parser(text).whole()


def allow_depth() -> None:
    """Make room for deep trees: tables as hundreds of nested ``if``, sums of hundreds of terms.

    Python's limit of 1000 nested calls is meant to spare the C stack, which calls among Python
    functions no longer use since Python 3.11. BNG2.pl itself stops at a depth of 500.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))


class _Parser:
    """Reads by precedence climbing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                self.fail(at + len(text[at:]) - len(text[at:].lstrip()))
            kind = match.lastgroup or ""
            token = match.group(kind)
            self.tokens.append((kind, _SYNONYMS.get(token, token), match.start(kind)))
            at = match.end()
        self.tokens.append(("end", "", end))
        self.next = 0

    def fail(self, at: int) -> NoReturn:
        found = repr(self.text[at:].strip()[:20]) if self.text[at:].strip() else "the end"
        raise ExpressionError(f"Cannot read {self.text.strip()!r}: {found} is unexpected.")

    def take(self) -> tuple[str, str, int]:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def ahead(self) -> tuple[str, str, int]:
        return self.tokens[self.next]

    def expect(self, wanted: str) -> None:
        kind, token, at = self.take()
        if kind != "operator" or token != wanted:
            self.fail(at)

    def whole(self) -> Expression:
        tree = self.binary(1)
        kind, _, at = self.ahead()
        if kind != "end":
            self.fail(at)
        return tree

    def binary(self, least: int) -> Expression:
        left = self.unary()
        while True:
            kind, token, _ = self.ahead()
            level = _LEVELS.get(token, 0) if kind == "operator" else 0
            if level < least:
                return left
            self.take()
            # A power binds from the right, everything else from the left.
            left = Binary(token, left, self.binary(level if token == "^" else level + 1))

    def unary(self) -> Expression:
        kind, token, _ = self.ahead()
        if kind == "operator" and token in ("-", "+", "!"):
            self.take()
            operand = self.binary(_UNARY)
            if token == "-" and isinstance(operand, Number) and operand.value >= 0:
                return Number(-operand.value, f"-{operand}")
            return operand if token == "+" else Unary(token, operand)
        return self.primary()

    def primary(self) -> Expression:
        kind, token, at = self.take()
        if kind == "number":
            return Number(float(token), token)
        if kind == "operator" and token == "(":
            tree = self.binary(1)
            self.expect(")")
            return tree
        if kind != "name":
            self.fail(at)
        if self.ahead()[:2] != ("operator", "("):
            return _named(token, called=False) or Name(token)
        self.take()
        arguments: list[Expression] = []
        if self.ahead()[:2] != ("operator", ")"):
            arguments.append(self.binary(1))
            while self.ahead()[:2] == ("operator", ","):
                self.take()
                arguments.append(self.binary(1))
        self.expect(")")
        if not arguments and (constant := _named(token, called=True)):
            return constant
        return _call(token, tuple(arguments), self.text)


def _named(token: str, *, called: bool) -> Expression | None:
    if token == "time" and called:
        return Time()
    return Constant(token) if token in CONSTANTS else None


def _call(name: str, arguments: tuple[Expression, ...], text: str) -> Call:
    known = BUILT_IN.get(name)
    if known is not None and arguments:
        least, most = known.least, known.most
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise ExpressionError(
                f"Cannot read {text.strip()!r}: {name} takes {least}"
                f"{'' if most else ' or more'} argument{'s' if least > 1 else ''}, "
                f"not {len(arguments)}."
            )
    return Call(name, arguments)


def check_functions(tree: Expression, known: frozenset[str] | set[str] = frozenset()) -> None:
    """Raise :class:`UnknownFunctionError` for a function neither built in nor ``known``."""
    for node in tree.walk():
        if isinstance(node, Call) and node.name not in BUILT_IN and node.name not in known:
            raise UnknownFunctionError(node.name)
