"""From text to a tree."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NoReturn

from .language import BUILT_IN, CONSTANTS, LEVELS, UNARY, ExpressionError
from .tree import Binary, Call, Constant, Expression, Name, Number, Time, Unary

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_]))
      | (?P<name>\w+)
      | (?P<operator>\*\*|<=|>=|==|!=|~=|&&|\|\||[-+*/^<>!~(),])
    )""",
    re.VERBOSE | re.ASCII,
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
    return _Parser(text).whole()


@lru_cache(maxsize=65536)
def parse_as_bng2(text: str) -> Expression:
    """Read what an author wrote, as BNG2.pl does: powers from the left, signs before powers.

    A sign before a number is the exception. What BNG2.pl and this package write has parentheses,
    and means the same to both.

    Raises
    ------
    ExpressionError
        As :func:`parse`.

    Examples
    --------
    >>> str(parse_as_bng2("-x^2")), str(parse_as_bng2("2^3^2"))
    ('(-x)^2', '(2^3)^2')
    """
    return _Parser(text, bng2=True).whole()


def leading(text: str, at: int = 0) -> tuple[Expression, int]:
    """Read the longest expression that stands at a place, and return where it ends.

    Raises
    ------
    ExpressionError
        If none stands there.

    Examples
    --------
    >>> str(leading("2*V cell")[0]), leading("2*V cell")[1]
    ('2*V', 3)
    """
    return _Parser(text, at).part()


def allow_depth() -> None:
    """Make room for deep trees: tables as hundreds of nested ``if``, sums of hundreds of terms.

    Python's limit of 1000 nested calls is meant to spare the C stack, which calls among Python
    functions no longer use since Python 3.11. BNG2.pl itself stops at a depth of 500.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))


# BNG2.pl stops at 500, but others read tables of thousands. A chain of operators is no nesting, but
# a tree that deep all the same.
_MOST_NESTED: Final = 4_000
_DEEPEST: Final = 5_000
_MOST_SHOWN: Final = 80


class _Parser:
    """Reads by precedence climbing."""

    def __init__(self, text: str, at: int = 0, *, bng2: bool = False) -> None:
        if len(text) > 100:
            allow_depth()
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        self.ends = [at]
        while match := _TOKEN.match(text, at):
            kind = match.lastgroup or ""
            token = match.group(kind)
            self.tokens.append((kind, _SYNONYMS.get(token, token), match.start(kind)))
            at = match.end()
            self.ends.append(at)
        self.tokens.append(("end", "", at))
        self.next = 0
        self.nested = 0
        self.bng2 = bng2

    def fail(self, at: int) -> NoReturn:
        rest = self.text[at:].strip()
        found = _shown(rest, 20) if rest else "the end"
        self.refuse(f"{found} is unexpected")

    def refuse(self, reason: str) -> NoReturn:
        raise ExpressionError(f"Cannot read {_shown(self.text.strip(), _MOST_SHOWN)}: {reason}.")

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
        tree, end = self.part()
        if self.text[end:].strip():
            self.fail(end)
        return tree

    def part(self) -> tuple[Expression, int]:
        tree = self.binary(1)
        if len(self.tokens) > _DEEPEST and tree.fold(_depth) > _DEEPEST:
            self.refuse(f"it is more than {_DEEPEST:,} operations deep")
        return tree, self.ends[self.next]

    def binary(self, least: int) -> Expression:
        self.nested += 1
        if self.nested > _MOST_NESTED:
            self.refuse(f"it is nested more than {_MOST_NESTED:,} times")
        tree = self.chain(least)
        self.nested -= 1
        return tree

    def chain(self, least: int) -> Expression:
        left = self.unary()
        while True:
            kind, token, _ = self.ahead()
            level = LEVELS.get(token, 0) if kind == "operator" else 0
            if level < least:
                return left
            self.take()
            # A power binds from the right, everything else from the left.
            from_right = token == "^" and not self.bng2
            right = self.binary(level if from_right else level + 1)
            if self.bng2 and token == "^" and isinstance(left, Number) and left.value < 0:
                # BNG2.pl writes -2^2 into its network, where it means -(2^2).
                left = Unary("-", Binary(token, Number(-left.value), right))
            else:
                left = Binary(token, left, right)

    def unary(self) -> Expression:
        kind, token, _ = self.ahead()
        if kind == "operator" and token in ("-", "+", "!"):
            self.take()
            operand = self.unary() if self.bng2 else self.binary(UNARY)
            if token == "-" and isinstance(operand, Number) and operand.value >= 0:
                return Number(-operand.value, f"-{operand}")
            return operand if token == "+" else Unary(token, operand)
        return self.primary()

    def primary(self) -> Expression:
        kind, token, at = self.take()
        if kind == "number":
            value = float(token)
            if not math.isfinite(value):
                self.refuse(f"{_shown(token, 20)} is too large for a number")
            return Number(value, token)
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


def _shown(text: str, most: int) -> str:
    return repr(text if len(text) <= most else f"{text[:most]}...")


def _depth(_: Expression, below: Sequence[int]) -> int:
    return 1 + max(below, default=0)


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
                f"Cannot read {_shown(text.strip(), _MOST_SHOWN)}: {name} takes {least}"
                f"{'' if most else ' or more'} argument{'s' if least > 1 else ''}, "
                f"not {len(arguments)}."
            )
    return Call(name, arguments)
