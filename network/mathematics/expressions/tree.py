"""Expressions as immutable trees that can be walked, evaluated and printed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .language import (
    BUILT_IN,
    CONSTANTS,
    LEVELS,
    OPERATIONS,
    UNARY,
    ExpressionError,
    UnknownFunctionError,
    format_number,
)

T = TypeVar("T")


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
            return node.over(tuple(operands))

        return self.fold(replaced)

    def over(self, operands: tuple[Expression, ...]) -> Expression:
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

    def over(self, operands: tuple[Expression, ...]) -> Expression:
        """Return the same function of other arguments."""
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

    def over(self, operands: tuple[Expression, ...]) -> Expression:
        """Return the same operation on another operand."""
        return Unary(self.operator, *operands)

    def _value(self, scope: Scope, time: float) -> float:
        value = self.operand._value(scope, time)
        if self.operator == "!":
            return float(not value)
        return -value if self.operator == "-" else value

    def _text(self, parts: Sequence[str]) -> str:
        return self.operator + _wrapped(self.operand, parts[0], UNARY, tight=False)


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

    def over(self, operands: tuple[Expression, ...]) -> Expression:
        """Return the same operation on other operands."""
        return Binary(self.operator, *operands)

    def _value(self, scope: Scope, time: float) -> float:
        left = self.left._value(scope, time)
        if self.operator == "&&":
            return float(bool(left) and bool(self.right._value(scope, time)))
        if self.operator == "||":
            return float(bool(left) or bool(self.right._value(scope, time)))
        return float(OPERATIONS[self.operator](left, self.right._value(scope, time)))

    def _text(self, parts: Sequence[str]) -> str:
        level = LEVELS[self.operator]
        from_right = self.operator == "^"
        return (
            _wrapped(self.left, parts[0], level, tight=from_right)
            + self.operator
            + _wrapped(self.right, parts[1], level, tight=not from_right)
        )


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
        own = LEVELS[node.operator]
    elif isinstance(node, Unary) or (isinstance(node, Number) and text.startswith("-")):
        own = UNARY
    return f"({text})" if own < level or (tight and own == level) else text


def check_functions(tree: Expression, known: frozenset[str] | set[str] = frozenset()) -> None:
    """Raise :class:`UnknownFunctionError` for a function neither built in nor ``known``."""
    for node in tree.walk():
        if isinstance(node, Call) and node.name not in BUILT_IN and node.name not in known:
            raise UnknownFunctionError(node.name)
