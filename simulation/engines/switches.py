"""When a model's formulas switch by the clock: what an integrator must not step over.

A pulse that is over before the next step is a pulse that never was, and a step across a jump is
wrong on both sides. So the times at which a comparison of time with constants changes sides are
found beforehand, from the SBML's rate laws, rules and triggers, with the values of the moment; the
engines stop there. Comparisons that depend on the state are left to the engines.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from ..sbml.formula_values import FormulaError, compiled, evaluate
from .errors import EngineError

if TYPE_CHECKING:
    import libsbml

    from .loaded import Loaded

# No id holds a blank.
_TIME: Final = "the time"
# Functions that jump where their argument, or the quotient of both, is whole.
_STEPS: Final = frozenset(("floor", "ceil", "quotient", "fmod"))
# Functions that turn at multiples of a quarter of their period.
_WAVES: Final = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
# Into how many parts a stretch of time is divided to look for a change of sides.
_PARTS: Final = 256
# With more stops than this integration would never end.
_MOST: Final = 20_000
# How many units of its last digit a time is uncertain by, alone and where libRoadRunner looks for
# an event; and which share of a stretch is an instant.
_DIGITS: Final = 4
_DIGITS_OF_EVENTS: Final = 4096
_INSTANT: Final = 1e-3

_Function = Callable[[float], float]


class Switches:
    """Where a model's formulas switch.

    Parameters
    ----------
    loaded : Loaded
        The model.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.model = loaded.model
        self._steps: list[ast.expr] = []
        self._waves: list[ast.expr] = []
        self._sides: list[ast.expr] = []
        # Whether time changes a reaction's rate other than at switches.
        self.smooth = False
        if self.model.timed:
            self._read(loaded.sbml)

    def between(self, values: Mapping[str, float], start: float, end: float) -> list[float]:
        """Return the times from ``start`` on and before ``end`` at which something switches.

        Each is the last time before the switch that a number can tell.

        Parameters
        ----------
        values : mapping
            Of all settable parameters.
        start, end : float
            Model time.

        Raises
        ------
        EngineError
            If there are too many.
        """
        if not (self._sides or self._steps) or not start < end:
            return []
        grid = {start, end}
        for kind, arguments in ((1.0, self._steps), (math.pi / 2, self._waves)):
            for tree in arguments:
                function = _function(tree, values)
                grid.update(self._crossings(function, kind, start, end))
        whole = sorted(grid)
        found = {one for one in whole[:-1] if one > start} if self._steps else set()
        parts = max(_PARTS // (len(whole) - 1), 3)
        for tree in self._sides:
            function = _function(tree, values)
            for lower, upper in pairwise(whole):
                points = np.linspace(lower, upper, parts + 1).tolist()
                found.update(_changes(function, points))
            self._count(len(found), start, end)
        return sorted(one for one in found if start <= one < end)

    def legs(
        self, values: Mapping[str, float], start: float, end: float, *, leap: bool = True
    ) -> Iterator[tuple[float, float]]:
        """Yield, for each leg of an integration, where it ends and where the next begins.

        Numbers round, and an integrator sees the rates at both ends of a leg. So legs keep some
        digits away from a switch; the next begins behind it unless it shall not ``leap``. Then one
        ends right before the switch, and the next begins with the first number past it, where alone
        ``time == 5`` is true.
        """
        digits = _DIGITS if leap else _DIGITS_OF_EVENTS
        for stop in self.between(values, start, end):
            digit = float(np.spacing(max(abs(stop), _INSTANT * (end - start))))
            before, behind = stop - digits * digit, stop + digits * digit
            if behind >= end if leap else stop >= end:
                break
            if leap:
                yield max(before, start), behind
                start = behind
            elif stop - start >= digit:
                if before > start:
                    yield before, before
                start = math.nextafter(stop, math.inf)
                yield stop, start
        yield end, end

    def _crossings(
        self, function: _Function, unit: float, start: float, end: float
    ) -> Iterator[float]:
        """Yield where a function crosses multiples of a unit."""
        points = np.linspace(start, end, _PARTS + 1).tolist()
        numbers = [function(point) / unit for point in points]
        for (left, right), (low, high) in zip(pairwise(points), pairwise(numbers), strict=True):
            if not (math.isfinite(low) and math.isfinite(high)):
                continue
            first, last = sorted((low, high))
            self._count(last - first, start, end)
            for multiple in range(math.ceil(first), math.floor(last) + 1):
                yield from _changes(
                    lambda t, level=multiple * unit: function(t) - level, [left, right]
                )

    def _count(self, count: float, start: float, end: float) -> None:
        if count > _MOST:
            raise EngineError(
                f"The formulas of {self.model.id!r} switch more than {_MOST:,} times between model "
                f"times {start:.6g} and {end:.6g}; simulate a shorter time."
            )

    # -- reading ----------------------------------------------------------------------------------

    def _read(self, text: str) -> None:
        import libsbml  # which takes long to load, and most models never need here

        document = libsbml.readSBMLFromString(text)
        model = document.getModel()
        if model.getNumFunctionDefinitions():
            document.expandFunctionDefinitions()
        rules: dict[str, ast.expr] = {}
        trees: list[ast.expr] = []
        for rule in model.getListOfRules():
            tree = _tree(rule.getMath())
            if tree is not None and rule.isAssignment():
                rules[rule.getVariable()] = tree
            elif tree is not None:
                trees.append(tree)
        for reaction in model.getListOfReactions():
            law = reaction.getKineticLaw()
            tree = None if law is None else _tree(law.getMath())
            if tree is not None:
                own = {p.getId(): _number(p.getValue()) for p in _local(law)}
                trees.append(_Replaced(own).visit(tree))
                self.smooth = self.smooth or self._moves(trees[-1], rules)
        for event in model.getListOfEvents():
            tree = _tree(event.getTrigger().getMath()) if event.isSetTrigger() else None
            if tree is not None:
                trees.append(tree)
        self._choose([*rules.values(), *trees], rules)

    def _moves(self, tree: ast.AST, rules: Mapping[str, ast.expr]) -> bool:
        """Tell whether time is in a formula elsewhere than where it only switches."""
        if isinstance(tree, ast.Subscript) and isinstance(tree.slice, ast.Constant):
            id = str(tree.slice.value)
            species = self.model.species.get(id)
            # A concentration moves as its compartment grows.
            size = "" if species is None or species.amounts else species.compartment
            return id == _TIME or any(
                one in rules and self._moves(rules[one], rules) for one in (id, size)
            )
        steps = (
            isinstance(tree, ast.Call)
            and isinstance(tree.func, ast.Name)
            and tree.func.id in _STEPS - {"fmod"}
        )
        if isinstance(tree, ast.Compare | ast.Call) and (
            (isinstance(tree, ast.Compare) or steps) and self._clocked(tree, rules)
        ):
            return False
        return any(self._moves(node, rules) for node in ast.iter_child_nodes(tree))

    def _clocked(self, tree: ast.expr, rules: Mapping[str, ast.expr]) -> bool:
        """Tell whether a formula depends on nothing that moves but time."""
        return _whole(tree, rules)[1] <= {*self.model.settable, _TIME}

    def _choose(self, trees: Iterable[ast.expr], rules: Mapping[str, ast.expr]) -> None:
        """Keep what depends on time and on nothing that moves otherwise."""
        known = {*self.model.settable, _TIME}
        seen: set[str] = set()

        def keep(kept: list[ast.expr], tree: ast.expr) -> None:
            tree, used = _whole(tree, rules)
            if (
                _TIME in used
                and used <= known
                and (key := f"{id(kept)} {ast.dump(tree)}") not in seen
            ):
                seen.add(key)
                kept.append(tree)

        timed = _timed(rules)
        for tree in trees:
            for node in ast.walk(tree):
                if not _names(node) & timed:
                    continue
                if isinstance(node, ast.Compare):
                    for left, right in pairwise([node.left, *node.comparators]):
                        keep(self._sides, ast.BinOp(left, ast.Sub(), right))
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    first, *others = node.args
                    if node.func.id in _STEPS:
                        argument = ast.BinOp(first, ast.Div(), others[0]) if others else first
                        keep(self._steps, argument)
                    elif node.func.id in _WAVES:
                        keep(self._waves, first)


def _local(law: libsbml.KineticLaw) -> list[libsbml.Parameter]:
    return [*law.getListOfParameters(), *law.getListOfLocalParameters()]


def _number(value: float) -> ast.expr:
    return ast.parse(f"({value!r})", mode="eval").body


def _timed(rules: Mapping[str, ast.expr]) -> set[str]:
    """Return time and the ids of all rules that depend on it."""
    found = {_TIME}
    names = {id: _names(tree) for id, tree in rules.items()}
    while more := {id for id, used in names.items() if used & found} - found:
        found |= more
    return found


def _tree(node: libsbml.ASTNode | None) -> ast.expr | None:
    """Return a formula as Python's tree, or None where there is none."""
    import libsbml

    from ..sbml import formula_text

    if node is None:
        return None
    copy = node.deepCopy()
    pending = [copy]
    while pending:
        one = pending.pop()
        if one.getType() == libsbml.AST_NAME_TIME:
            one.setType(libsbml.AST_NAME)
            one.setName(_TIME)
        pending.extend(one.getChild(index) for index in range(one.getNumChildren()))
    try:
        return ast.parse(formula_text.python(copy), mode="eval").body
    except FormulaError:
        return None


def _whole(tree: ast.expr, rules: Mapping[str, ast.expr]) -> tuple[ast.expr, set[str]]:
    """Return a formula with rules put in the place of what they define, and its names."""
    while (used := _names(tree)) & rules.keys():
        tree = _Replaced(rules).visit(_copy(tree))
    return tree, used


def _copy(tree: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(tree), mode="eval").body


def _names(tree: ast.AST) -> set[str]:
    return {
        str(node.slice.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    }


class _Replaced(ast.NodeTransformer):
    """Puts trees in the place of names."""

    def __init__(self, trees: Mapping[str, ast.expr]) -> None:
        self.trees = trees

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        assert isinstance(node.slice, ast.Constant)
        return self.trees.get(str(node.slice.value), node)


def _function(tree: ast.expr, values: Mapping[str, float]) -> _Function:
    """Return the function of time that a tree is with these values; nan where it has no value."""
    code = compiled(ast.unparse(ast.fix_missing_locations(ast.Expression(tree))))
    scope = dict(values)

    def function(time: float) -> float:
        scope[_TIME] = time
        try:
            return evaluate(code, scope)
        except FormulaError:
            return math.nan

    return function


# -- changes of sides -----------------------------------------------------------------------------


def _changes(function: _Function, points: Sequence[float]) -> Iterator[float]:
    """Yield the last times before a function of time gets to another side of zero."""
    numbers = [function(point) for point in points]
    sides = [_side(number) for number in numbers]
    for (left, right), (before, after) in zip(pairwise(points), pairwise(sides), strict=True):
        if before != after:
            yield _last(function, left, right, before)
    for place in range(1, len(points) - 1):
        # A function may come near zero, cross it and come back, all between two points.
        first, middle, last = (abs(number) for number in numbers[place - 1 : place + 2])
        side = sides[place]
        if not side or not (
            middle <= first and middle <= last and sides[place - 1] == side == sides[place + 1]
        ):
            continue
        nearest = _nearest(function, side, points[place - 1], points[place + 1])
        if (crossed := _side(function(nearest))) != side:
            yield _last(function, points[place - 1], nearest, side)
            yield _last(function, nearest, points[place + 1], crossed)


def _side(value: float) -> float | None:
    return None if math.isnan(value) else float(np.sign(value))


def _last(function: _Function, left: float, right: float, side: float | None) -> float:
    """Return the last time of the side that the function is on at ``left``."""
    while True:
        middle = left + (right - left) / 2
        if not left < middle < right:
            return left
        if _side(function(middle)) == side:
            left = middle
        else:
            right = middle


def _nearest(function: _Function, side: float, left: float, right: float) -> float:
    """Return where the function comes nearest to, or farthest over to, the other side of zero."""
    share = (math.sqrt(5) - 1) / 2
    for _ in range(60):
        inner, outer = right - share * (right - left), left + share * (right - left)
        if side * function(inner) < side * function(outer):
            right = outer
        else:
            left = inner
    return left + (right - left) / 2
