"""A network's rate laws as arrays, told from the network itself and not from its SBML.

What is constant during a run, the product of statistical factor, volumes and rate constant, is one
number a kind of reaction; :class:`Kinetics` works it out from the values that parameters and
compartments have at the moment, so that both may be changed at any time.

Amounts here are those of the network; where it has no compartments and counts in concentrations,
they are the state divided by the volume.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ....export.sbml.mathematics.rate_laws import Signature, signature
from ....network.mathematics import expressions
from ....network.mathematics.expressions import Expression
from ....network.network import Reaction
from ..base import EngineError, Loaded, UnsupportedError, Vector, failure
from . import lawcode
from .special import SPECIAL

# What a rate may go through when a formula leaves its domain.
_ARITHMETIC: Final = (ZeroDivisionError, OverflowError, ValueError)
# How much of a formula a message tells.
_LONGEST: Final = 80


class Kinetics:
    """What a network computes, from the values of :attr:`~..sbml.model.SbmlModel.settable`.

    Long, since every array here is made from the same reading of the network and used together.

    Parameters
    ----------
    loaded : Loaded
        A model that was written from a network.
    engine : str
        Who asks, for messages.

    Attributes
    ----------
    signatures : list
        The kinds of reactions.
    kinds : array of int
        For each reaction its kind.
    functions : dict
        Expression of each function that changes with time, in order of evaluation.
    """

    def __init__(self, loaded: Loaded, engine: str) -> None:
        if loaded.network is None or loaded.report is None:
            raise UnsupportedError(
                f"The engine {engine!r} runs reaction networks, and {loaded.model.id!r} is an SBML "
                "file; the engine 'roadrunner' runs any SBML."
            )
        self.loaded, self.engine = loaded, engine
        self.network = network = loaded.network
        self.ids = loaded.report.symbols or {}
        self.rooms = loaded.report.compartments or {}
        self.place = {id: index for index, id in enumerate(loaded.model.settable)}
        self.compartments = {c.name: c for c in network.compartments}
        self._read_functions()
        self._read_reactions()
        self._read_groups()
        self._coefficients = lawcode.compiled(
            ["p"], [(f"c{i}", self._coefficient(one)) for i, one in enumerate(self.signatures)]
        )
        self.lines = [(self._slot[n], self.code(tree)) for n, tree in self.functions.items()]
        self._changing = lawcode.compiled(["g", "p", "t"], self.lines)
        self._read_states()

    # -- reading the network ----------------------------------------------------------------------

    def _read_functions(self) -> None:
        bodies: dict[str, tuple[tuple[str, ...], Expression]] = {}
        trees: dict[str, Expression] = {}
        for function in self.network.functions:
            tree = expressions.parse(function.expression)
            if function.arguments:
                bodies[function.name] = (function.arguments, tree)
            elif self.ids.get(function.name) not in self.place:
                trees[function.name] = tree
        trees = {name: lawcode.expanded(tree, bodies) for name, tree in trees.items()}
        self.functions: dict[str, Expression] = {}

        def visit(name: str) -> None:
            if name in trees and name not in self.functions:
                for other in sorted(trees[name].names):
                    visit(other)
                self.functions[name] = trees[name]

        for name in trees:
            visit(name)
        self._slot = {name: f"f{index}" for index, name in enumerate(self.functions)}

    def _read_reactions(self) -> None:
        found: dict[Signature, int] = {}
        reactions = self.network.reactions
        self.kinds = np.array(
            [
                found.setdefault(signature(one, self.network, self.compartments), len(found))
                for one in reactions
            ],
            dtype=int,
        )
        self.signatures = list(found)
        size = len(self.network.species)
        rows, columns, changes = [], [], []
        for column, reaction in enumerate(reactions):
            for sign, side in ((-1.0, reaction.reactants), (1.0, reaction.products)):
                for row in side:
                    if not self.network.species[row].fixed:
                        rows.append(row)
                        columns.append(column)
                        changes.append(sign)
        self.changes = sparse.csr_matrix((changes, (rows, columns)), shape=(size, len(reactions)))
        # Whatever lacks a further reactant is multiplied by one, which stands behind the amounts.
        order = max((len(one.reactants) for one in reactions), default=0)
        self.reactants = np.full((len(reactions), order), size)
        for row, reaction in enumerate(reactions):
            self.reactants[row, : len(reaction.reactants)] = reaction.reactants
        self._special = [
            (index, one) for index, one in enumerate(reactions) if one.law.kind in SPECIAL
        ]
        self.driven = np.array(
            [self._driver(one) for one in reactions],
            dtype=int,
        )

    def _driver(self, reaction: Reaction) -> int:
        """Return which function drives a reaction; behind the last one stands the number one."""
        name = reaction.law.constants[0]
        names = list(self.functions)
        return names.index(name) if name in self.functions else len(names)

    def _read_groups(self) -> None:
        """Choose the observables that functions need."""
        used = {name for tree in self.functions.values() for name in tree.names}
        self.groups = [group for group in self.network.groups if group.name in used]
        self._group = {group.name: index for index, group in enumerate(self.groups)}
        size = len(self.network.species)
        self.weights = np.zeros((len(self.groups), size))
        for row, group in enumerate(self.groups):
            for weight, index in group.terms:
                self.weights[row, index] += weight

    def _read_states(self) -> None:
        """Find which state belongs to each species, and which volume turns one into the other."""
        model, report = self.loaded.model, self.loaded.report
        assert report is not None
        states = {id: index for index, id in enumerate(model.state_ids)}
        self.states = np.array([states[id] for id in report.species], dtype=int)
        self._volumes = [
            (index, self.place[model.species[id].compartment])
            for index, id in enumerate(report.species)
            if not model.species[id].amounts
        ]

    @property
    def dense(self) -> frozenset[int]:
        """The species that the network keeps as concentrations."""
        return frozenset(index for index, _ in self._volumes)

    # -- values -----------------------------------------------------------------------------------

    def code(self, tree: Expression) -> str:
        """Return code over observables ``g``, values ``p``, other functions and time ``t``."""
        return lawcode.code(tree, self._name)

    def _name(self, name: str) -> str:
        if name in self._group:
            return f"g[{self._group[name]}]"
        if name in self._slot:
            return self._slot[name]
        if self.ids.get(name) in self.place:
            return f"p[{self.place[self.ids[name]]}]"
        for parameter in self.network.parameters:  # what lives on in start values only
            if parameter.name == name:
                return self.code(expressions.parse(parameter.expression))
        raise EngineError(f"Model {self.loaded.model.id!r} has no {name!r}.")

    def _coefficient(self, kind: Signature) -> str:
        """Return code for what is constant in a rate law.

        BioNetGen writes volumes as the parameters that give them; where a compartment was set to
        another size than those say, the factor follows the compartment.
        """
        law, reactants, places = kind
        parts = [repr(float(law.factor))]
        if law.conversion is not None:
            parts.append(self.code(expressions.parse(law.conversion)))
            for place in places:
                said = self.code(expressions.parse(self.compartments[place].size))
                actual = self._size(place)
                parts.append(f"({said} / {actual})" if reactants else f"({actual} / {said})")
        if law.constants[0] not in self.functions:
            parts.append(self._name(law.constants[0]))
        return " * ".join(parts)

    def _size(self, place: str) -> str:
        """Return code for a volume; of a surface, SBML keeps area and thickness."""
        size = f"p[{self.place[self.rooms[place]]}]"
        known = {*self.ids.values(), *self.rooms.values()}
        depth = [index for id, index in self.place.items() if id not in known]
        if self.compartments[place].dimension == 2 and depth:
            return f"({size} * p[{depth[0]}])"
        return size

    def coefficients(self, values: Vector) -> Vector:
        """Return the constant of each kind of reaction.

        Parameters
        ----------
        values : array
            Of all settable parameters and compartments.
        """
        try:
            return np.array(self._coefficients(values.tolist()), dtype=float)
        except _ARITHMETIC as error:
            raise EngineError(
                f"With these values a rate constant of {self.loaded.model.id!r} cannot be "
                f"computed: {error}."
            ) from None

    def scale(self, values: Vector) -> Vector | float:
        """Return what amounts of the network are multiplied by to be the state."""
        if not self._volumes:
            return 1.0
        scale = np.ones(len(self.network.species))
        for index, place in self._volumes:
            scale[index] = values[place]
        return scale

    def computed(self, amounts: Vector, values: Vector, time: float) -> tuple[float, ...]:
        """Return the value of every function that changes."""
        if not self.functions:
            return ()
        try:
            return self._changing((self.weights @ amounts).tolist(), values.tolist(), time)
        except _ARITHMETIC as error:
            why = f"{self._valueless(amounts, values, time)} could not be computed ({error})"
            raise EngineError(failure(self.engine, time, why)) from None

    def told(self, amounts: Vector, values: Vector, time: float) -> tuple[float, ...]:
        """Return the same to be looked at: infinite or nan where a function has no value."""
        with np.errstate(all="ignore"):
            try:
                return self._telling(self.weights @ amounts, values, np.float64(time))
            except _ARITHMETIC:  # of numbers that stand in the formula itself
                return (np.nan,) * len(self.functions)

    @cached_property
    def _telling(self) -> Callable[..., tuple[float, ...]]:
        return lawcode.compiled(["g", "p", "t"], self.lines, valueless=True)

    def _valueless(self, amounts: Vector, values: Vector, time: float) -> str:
        """Name the first function that has no value."""
        for found, name in zip(self.told(amounts, values, time), self.functions, strict=True):
            if not np.isfinite(found):
                return f"the expression {self.shown(name)}"
        return "an expression"

    def shown(self, name: str) -> str:
        """Return a function with its formula, for messages."""
        text = str(self.functions[name])
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
        return f"{name!r} = {short}"

    def rates(self, amounts: Vector, coefficients: Vector, values: Vector, time: float) -> Vector:
        """Return how fast each amount changes."""
        return self.changes @ self.fluxes(amounts, coefficients, values, time)

    def fluxes(self, amounts: Vector, coefficients: Vector, values: Vector, time: float) -> Vector:
        """Return how fast each reaction runs."""
        padded = np.append(amounts, 1.0)
        rates = coefficients[self.kinds] * padded[self.reactants].prod(axis=1)
        if self.functions:
            rates *= np.append(self.computed(amounts, values, time), 1.0)[self.driven]
        for index, reaction in self._special:
            constants = [values[self.place[self.ids[name]]] for name in reaction.law.constants[1:]]
            found = [float(amounts[i]) for i in reaction.reactants]
            law = SPECIAL[reaction.law.kind]
            rates[index] = coefficients[self.kinds[index]] * law(constants, found)
        return rates

    @property
    def polynomial(self) -> bool:
        """Whether every rate is a constant times a product of amounts."""
        return not self.functions and not self._special

    @cached_property
    def _derivatives(self) -> tuple[sparse.csr_matrix, NDArray[np.int64], NDArray[np.int64]]:
        """What turns derivatives of rates into the Jacobian; the factors and kinds of each."""
        size, order = len(self.network.species), self.reactants.shape[1]
        count = len(self.network.reactions)
        species = self.reactants.T.reshape(-1)
        reaction = np.tile(np.arange(count), order)
        real = species < size
        # Each entry adds to a row (species changed) and column (reactant) of the square.
        spread = self.changes[:, reaction[real]].tocoo()
        flat = spread.row * size + species[real][spread.col]
        sums = sparse.csr_matrix((spread.data, (flat, spread.col)), shape=(size * size, real.sum()))
        others = [np.delete(self.reactants, slot, axis=1) for slot in range(order)]
        factors = np.array(others).reshape(order * count, max(order - 1, 0))[real]
        return sums, factors, self.kinds[reaction[real]]

    def jacobian(self, amounts: Vector, coefficients: Vector) -> Vector:
        """Return the Jacobian of the rates of change, where they are :attr:`polynomial`."""
        sums, factors, kinds = self._derivatives
        padded = np.append(amounts, 1.0)
        parts = coefficients[kinds] * padded[factors].prod(axis=1)
        return (sums @ parts).reshape(len(amounts), len(amounts))
