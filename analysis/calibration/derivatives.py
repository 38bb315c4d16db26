"""How the rates of a network change with its amounts and with its parameters.

Functions are differentiated by SymPy, each with respect to what stands in it, once; the chain rule
is then arithmetic on arrays, for all moments of a course together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import sympy
from scipy import linalg

from ..engines import lawcode
from ..engines.base import Loaded, Vector
from ..engines.kinetics import Kinetics

_FUNCTIONS: Final[dict[str, Any]] = {
    "_power": sympy.Pow,
    **{f"_{n}": getattr(sympy, n) for n in ("exp", "sin", "cos", "tan", "asin", "acos", "atan")},
    **{f"_{n}": getattr(sympy, n) for n in ("sinh", "cosh", "tanh", "sqrt")},
    "_ln": sympy.log,
    "_abs": sympy.Abs,
    "_min": sympy.Min,
    "_max": sympy.Max,
}


class DifferentiationError(ValueError):
    """A rate law that has no derivative here; the message names it."""


@dataclass(frozen=True)
class At:
    """A model at one moment: what its derivatives are made of.

    Attributes
    ----------
    amounts, values : array
        Amounts of the network, and values of all settable parameters.
    own : array of shape (functions, functions)
        Unit lower triangle: one minus how functions change with functions before them.
    by_group, by_value : array of shape (functions, groups or values)
        How functions change directly.
    rates : array
        Of the reactions.
    functions : array
        Value of each.
    """

    amounts: Vector
    values: Vector
    own: Vector
    by_group: Vector
    by_value: Vector
    rates: Vector
    partial: Vector  # rates without the function that drives them
    functions: Vector


class Derivatives:
    """What :class:`~..engines.kinetics.Kinetics` computes, differentiated.

    Parameters
    ----------
    loaded : Loaded
        A model that was written from a network of mass action and functions.
    outputs : sequence of str
        Ids of what is observed.

    Raises
    ------
    DifferentiationError
        If a law is not differentiable, as one with ``if``, or is of a kind that is not supported.
    """

    def __init__(self, loaded: Loaded, outputs: Sequence[str]) -> None:
        self.kinetics = kinetics = Kinetics(loaded, outputs, "calibration")
        if any(one.law.kind in ("MM", "Sat", "Hill") for one in kinetics.network.reactions):
            raise DifferentiationError(
                f"Model {loaded.model.id!r} holds MM, Sat or Hill laws, for which there are no "
                "derivatives here; write them as expressions."
            )
        self.count = len(kinetics.place)
        self._groups = kinetics._weights
        self._prepare()

    def _prepare(self) -> None:
        kinetics = self.kinetics
        self._p = sympy.symbols(f"p:{self.count}")
        self._g = sympy.symbols(f"g:{len(kinetics.groups)}") if kinetics.groups else ()
        time = sympy.Symbol("t")
        slots = {f"f{i}": sympy.Symbol(f"f{i}") for i in range(len(kinetics.functions))}
        scope = {**_FUNCTIONS, "p": self._p, "g": self._g, "t": time, **slots}
        symbols = (*self._p, *self._g, *slots.values(), time)
        place = {symbol: index for index, symbol in enumerate(symbols)}
        self._coefficient_parts = self._parts(
            [
                (f"a rate constant of {k[0].constants[0]}", kinetics._coefficient(k))
                for k in kinetics.signatures
            ],
            scope,
            place,
        )
        named = [(name, kinetics.code(tree)) for name, tree in kinetics.functions.items()]
        self._function_parts = self._parts(named, scope, place)
        self._functions = lawcode.compiled(
            ["g", "p", "t"], [(f"f{i}", code) for i, (_, code) in enumerate(named)]
        )
        # Which reactions a function drives, and in which a species takes part.
        size = len(kinetics.network.species)
        order = kinetics.reactants.shape[1]
        slot_reaction = np.tile(np.arange(len(kinetics.reactants))[:, None], (1, order))
        real = kinetics.reactants < size
        self._entries = slot_reaction[real], kinetics.reactants[real], np.nonzero(real)[1]
        self._driven = np.flatnonzero(kinetics.driven < len(kinetics.functions))

    def _parts(
        self, named: list[tuple[str, str]], scope: dict[str, Any], place: dict[Any, int]
    ) -> tuple[Any, Any, Any]:
        """Return row, column and value of every partial derivative that is not zero."""
        rows, columns, parts = [], [], []
        for row, (name, code) in enumerate(named):
            try:
                tree = sympy.sympify(eval(code, {"__builtins__": {}, "float": float}, scope))
            except (TypeError, NameError, AttributeError) as error:
                raise DifferentiationError(
                    f"{name!r} of model {self.kinetics.loaded.model.id!r} cannot be "
                    f"differentiated: {error}."
                ) from None
            for symbol in tree.free_symbols:
                column = place[symbol]
                if column == len(place) - 1:
                    continue  # time is no parameter
                rows.append(row)
                columns.append(column)
                parts.append(sympy.diff(tree, symbol))
        function = sympy.lambdify(tuple(place), parts, modules="numpy", cse=True, dummify=False)
        return np.array(rows, dtype=int), np.array(columns, dtype=int), function

    # -- at one moment ------------------------------------------------------------------------

    def at(self, amounts: Vector, values: Vector, time: float = 0.0) -> At:
        """Return what derivatives at this moment are made of."""
        kinetics = self.kinetics
        groups = self._groups @ amounts
        found = np.array(self._functions(groups.tolist(), values.tolist(), time), dtype=float)
        rows, columns, function = self._function_parts
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            parts = np.array(function(*values, *groups, *found, time), dtype=float)
        # At zero a power above one is flat, though its slope is written as zero times infinity.
        parts[~np.isfinite(parts)] = 0.0
        count, sizes = len(found), (self.count, len(groups), len(found))
        whole = np.zeros((count, sum(sizes)))
        whole[rows, columns] = parts
        by_value, by_group, by_function = np.split(whole, np.cumsum(sizes)[:2], axis=1)
        own = np.eye(count) - by_function
        padded = np.append(amounts, 1.0)
        constants = kinetics.coefficients(values)[kinetics.kinds]
        partial = constants * padded[kinetics.reactants].prod(axis=1)
        rates = partial * np.append(found, 1.0)[kinetics.driven]
        return At(amounts, values, own, by_group, by_value, rates, partial, found)

    def jacobian(self, at: At) -> Vector:
        """Return how the rate of change of each amount changes with each amount."""
        kinetics = self.kinetics
        size = len(at.amounts)
        reactions, species, slots = self._entries
        others = np.append(at.amounts, 1.0)[kinetics.reactants[reactions]]
        others[np.arange(len(slots)), slots] = 1.0
        driving = np.append(at.functions, 1.0)[kinetics.driven]
        constants = kinetics.coefficients(at.values)[kinetics.kinds]
        parts = (constants * driving)[reactions] * others.prod(axis=1)
        changes = kinetics.changes
        spread = np.zeros((len(kinetics.network.reactions), size))
        np.add.at(spread, (reactions, species), parts)
        if len(self._driven):
            slopes = linalg.solve_triangular(
                at.own, at.by_group, lower=True, unit_diagonal=True, check_finite=False
            )
            driven = self._driven
            spread[driven] += at.partial[driven, None] * (
                slopes[kinetics.driven[driven]] @ self._groups
            )
        return changes @ spread

    def pull(self, at: At, weights: Vector, on_functions: Vector | None = None) -> Vector:
        """Return how weighted rates of change follow the parameters.

        Parameters
        ----------
        at : At
            The moment.
        weights : array of shape (species, m)
            Weight of each amount's rate of change.
        on_functions : array of shape (functions, m), optional
            Weights of the functions themselves.

        Returns
        -------
        array of shape (parameters, m)
            Derivatives of the weighted sums.
        """
        kinetics = self.kinetics
        each = kinetics.changes.T @ weights  # (reactions, m)
        # Through rate constants.
        rows, columns, function = self._coefficient_parts
        zeros = [0.0] * (len(self._g) + len(at.functions) + 1)
        parts = np.array(function(*at.values.tolist(), *zeros), dtype=float)
        constants = kinetics.coefficients(at.values)
        with np.errstate(divide="ignore", invalid="ignore"):
            flow = each * at.rates[:, None]
            by_kind = np.zeros((len(constants), weights.shape[1]))
            np.add.at(by_kind, kinetics.kinds, flow)
            # A constant of zero lets nothing flow; what it would let flow is told without it.
            none = np.flatnonzero(constants == 0)
            by_kind = np.where(constants[:, None] != 0, by_kind / constants[:, None], 0.0)
        if len(none):
            padded = np.append(at.amounts, 1.0)
            bare = padded[kinetics.reactants].prod(axis=1)
            bare = bare * np.append(at.functions, 1.0)[kinetics.driven]
            for kind in none:
                members = kinetics.kinds == kind
                by_kind[kind] = (each[members] * bare[members, None]).sum(axis=0)
        found = np.zeros((self.count, weights.shape[1]))
        np.add.at(found, columns, parts[:, None] * by_kind[rows])
        # Through functions.
        if len(at.functions):
            pulled = np.zeros((len(at.functions) + 1, weights.shape[1]))
            np.add.at(pulled, kinetics.driven, each * at.partial[:, None])
            pulled = pulled[:-1]
            if on_functions is not None:
                pulled = pulled + on_functions
            back = linalg.solve_triangular(
                at.own.T, pulled, lower=False, unit_diagonal=True, check_finite=False
            )
            found += at.by_value.T @ back
        return found

    def pull_outputs(self, at: At, weights: Vector) -> tuple[Vector, Vector]:
        """Return how weighted outputs follow amounts and parameters.

        Parameters
        ----------
        at : At
            The moment.
        weights : array of shape (outputs, m)
            Weight of each output.

        Returns
        -------
        (array of shape (species, m), array of shape (parameters, m))
        """
        kinetics = self.kinetics
        m = weights.shape[1]
        by_amount = kinetics._sums.T @ weights
        scale = np.broadcast_to(kinetics.scale(at.values), at.amounts.shape)
        for row, index in kinetics._amounts:
            by_amount[index] += weights[row] * scale[index]
        by_value = np.zeros((self.count, m))
        for row, place in kinetics._plain:
            by_value[place] += weights[row]
        if kinetics._computed:
            pulled = np.zeros((len(at.functions), m))
            for row, index in kinetics._computed:
                pulled[index] += weights[row]
            back = linalg.solve_triangular(
                at.own.T, pulled, lower=False, unit_diagonal=True, check_finite=False
            )
            by_value += at.by_value.T @ back
            by_amount = by_amount + self._groups.T @ (at.by_group.T @ back)
        return by_amount, by_value
