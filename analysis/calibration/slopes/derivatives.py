"""How the rates of a network change with its amounts and with its parameters.

Functions are differentiated by SymPy, each with respect to what stands in it, once; the chain rule
is then arithmetic on arrays, for all moments of a course together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import sympy
from scipy import sparse

from ....simulation.engines.base import Loaded, Vector
from ....simulation.engines.rates import lawcode
from ....simulation.engines.rates.kinetics import Kinetics
from ....simulation.engines.rates.recording import Recording

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
    partial : array of shape (reactions,)
        What rates are without the function that drives them.
    constants : array of shape (reactions,)
        Rate constants.
    functions : array of shape (functions,)
        Value of each.
    by_function, by_group, by_value : sparse array of shape (functions, ...)
        How functions change directly with functions before them, groups and parameters.
    """

    amounts: Vector
    values: Vector
    partial: Vector
    constants: Vector
    functions: Vector
    by_function: sparse.csr_array
    by_group: sparse.csr_array
    by_value: sparse.csr_array


class Derivatives:
    """What :class:`~.rates.kinetics.Kinetics` computes, differentiated.

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
        self.kinetics = kinetics = Kinetics(loaded, "calibration")
        self._recording = Recording(kinetics, outputs)
        if any(one.law.kind in ("MM", "Sat", "Hill") for one in kinetics.network.reactions):
            raise DifferentiationError(
                f"Model {loaded.model.id!r} holds MM, Sat or Hill laws, for which there are no "
                "derivatives here; write them as expressions."
            )
        self.count = len(kinetics.place)
        self._groups = kinetics.weights
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
        self._read_shape()
        self._given: tuple[bytes, Vector, sparse.csr_array] | None = None

    def _read_shape(self) -> None:
        """Keep as sparse arrays who drives and changes whom."""
        kinetics = self.kinetics
        size, count = len(kinetics.network.species), len(kinetics.reactants)
        real = kinetics.reactants < size
        reactions, slots = np.nonzero(real)
        self._entries = reactions, slots
        # Each reactant of each reaction adds to the Jacobian in the rows of what changes.
        changed = kinetics.changes[:, reactions].tocoo()
        species = kinetics.reactants[reactions, slots]
        self._flat = changed.row.astype(np.int64) * size + species[changed.col]
        self._entry, self._sign = changed.col, changed.data
        functions = len(kinetics.functions)
        ones = np.ones(count)
        driven = kinetics.driven < functions
        self._driven = np.flatnonzero(driven)
        self._drivers = sparse.csr_array(
            (ones[driven], (kinetics.driven[driven], self._driven)), shape=(functions, count)
        )
        self._kinds = sparse.csr_array(
            (ones, (kinetics.kinds, np.arange(count))), shape=(len(kinetics.signatures), count)
        )
        self._changes_of_driven = kinetics.changes[:, self._driven].tocsr()
        self._terms = sparse.csr_array(self._groups)
        # So many functions can stand one inside the other.
        depth = np.zeros(functions, dtype=int)
        rows, columns, _ = self._function_parts
        first = self.count + len(kinetics.groups)
        for row, column in sorted(zip(rows.tolist(), columns.tolist(), strict=True)):
            if column >= first:
                depth[row] = max(depth[row], depth[column - first] + 1)
        self._depth = int(depth.max(initial=0))

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
            for symbol in sorted(tree.free_symbols, key=place.__getitem__):
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
        ends = np.cumsum([0, self.count, len(groups), len(found)])
        by_value, by_group, by_function = (
            sparse.csr_array(
                (parts[chosen], (rows[chosen], columns[chosen] - start)),
                shape=(len(found), end - start),
            )
            for start, end in pairwise(ends.tolist())
            for chosen in [(columns >= start) & (columns < end)]
        )
        padded = np.append(amounts, 1.0)
        constants = self._constants(values)[0][kinetics.kinds]
        partial = constants * padded[kinetics.reactants].prod(axis=1)
        return At(amounts, values, partial, constants, found, by_function, by_group, by_value)

    def _constants(self, values: Vector) -> tuple[Vector, sparse.csr_array]:
        """Return the constant of each kind of reaction, and how it follows the values."""
        key = values.tobytes()
        if self._given is None or self._given[0] != key:
            rows, columns, function = self._coefficient_parts
            zeros = [0.0] * (len(self._g) + len(self.kinetics.functions) + 1)
            parts = np.array(function(*values.tolist(), *zeros), dtype=float)
            shape = (len(self.kinetics.signatures), self.count)
            slopes = sparse.csr_array((parts, (rows, columns)), shape=shape)
            self._given = key, self.kinetics.coefficients(values), slopes
        return self._given[1:]

    def _through(self, matrix: sparse.csr_array, directly: Vector) -> Vector:
        """Return what comes of direct changes through functions of functions."""
        found = directly
        for _ in range(self._depth):
            found = directly + matrix @ found
        return found

    def jacobian(self, at: At) -> Vector:
        """Return how the rate of change of each amount changes with each amount."""
        kinetics = self.kinetics
        size = len(at.amounts)
        reactions, slots = self._entries
        others = np.append(at.amounts, 1.0)[kinetics.reactants[reactions]]
        others[np.arange(len(slots)), slots] = 1.0
        driving = np.append(at.functions, 1.0)[kinetics.driven]
        parts = (at.constants * driving)[reactions] * others.prod(axis=1)
        weights = self._sign * parts[self._entry]
        found = np.zeros((size, size))
        np.add.at(found.reshape(-1), self._flat, weights)
        if len(self._driven):
            slopes = self._through(at.by_function, at.by_group.toarray())
            driven = at.partial[self._driven, None] * slopes[kinetics.driven[self._driven]]
            found += (self._terms.T @ (self._changes_of_driven @ driven).T).T
        return found

    def pull(self, at: At, weights: Vector) -> Vector:
        """Return how weighted rates of change follow the parameters.

        Parameters
        ----------
        at : At
            The moment.
        weights : array of shape (species, m)
            Weight of each amount's rate of change.

        Returns
        -------
        array of shape (parameters, m)
            Derivatives of the weighted sums.
        """
        kinetics = self.kinetics
        each = kinetics.changes.T @ weights  # (reactions, m)
        # Through rate constants; without them, since one of zero lets nothing flow.
        bare = np.append(at.amounts, 1.0)[kinetics.reactants].prod(axis=1)
        bare = bare * np.append(at.functions, 1.0)[kinetics.driven]
        found = self._constants(at.values)[1].T @ (self._kinds @ (each * bare[:, None]))
        if len(at.functions):
            pulled = self._drivers @ (each * at.partial[:, None])
            found = found + at.by_value.T @ self._through(at.by_function.T, pulled)
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
        recording = self._recording
        by_amount = recording.sums.T @ weights
        scale = np.broadcast_to(kinetics.scale(at.values), at.amounts.shape)
        for row, index in recording.amounts:
            by_amount[index] += weights[row] * scale[index]
        by_value = np.zeros((self.count, m))
        for row, place in recording.plain:
            by_value[place] += weights[row]
        if recording.computed:
            pulled = np.zeros((len(at.functions), m))
            for row, index in recording.computed:
                pulled[index] += weights[row]
            back = self._through(at.by_function.T, pulled)
            by_value += at.by_value.T @ back
            by_amount = by_amount + self._groups.T @ (at.by_group.T @ back)
        return by_amount, by_value
