"""Rate laws: factor times constants times amounts, divided by volumes, all of it symbolic.

Reactions of the same kind share their rate law: it is built once, with ``{0}``, ``{1}``, ... in the
place of the reactants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ....network.mathematics import expressions
from ....network.mathematics.expressions import Binary, Expression, ExpressionError, Number
from ....network.network import Compartment, Network, RateLaw, Reaction
from ..ids import Names
from .base_units import BaseUnits
from .mathml import Apply, Ci, Node, fraction, product, pure, ratio, total
from .translation import Translation

Signature = tuple[RateLaw, int, tuple[str, ...]]


def signature(
    reaction: Reaction, network: Network, compartments: Mapping[str, Compartment]
) -> Signature:
    """Return what decides the rate law of a reaction but for the species in it."""
    law = reaction.law
    places: tuple[str, ...] = ()
    if law.conversion is not None and compartments:
        places = _places(reaction, network, compartments)
    return law, len(reaction.reactants), places


def _places(
    reaction: Reaction, network: Network, compartments: Mapping[str, Compartment]
) -> tuple[str, ...]:
    """Return the compartments whose sizes BioNetGen divides by, in its order.

    Of the reactants, one counts as the anchor, a surface if there is one; the volume factor is one
    over the sizes of the others' compartments. Synthesis is times the size where the product
    appears.
    """
    found = [network.species[i].compartment for i in reaction.reactants]
    if not found:
        found = [network.species[i].compartment for i in reaction.products][:1]
        return tuple(name for name in found if name is not None)
    places = [name for name in found if name is not None]
    surfaces = [name for name in places if compartments[name].dimension == 2]
    volumes = [name for name in places if compartments[name].dimension != 2]
    (surfaces or volumes).pop(0)
    return (*surfaces, *volumes)


def slot(index: int) -> str:
    """Return what stands in a law for a reactant."""
    return f"{{{index}}}"


class RateLaws:
    """Puts rate laws together.

    Parameters
    ----------
    network, names, base, translation
        What is written, under which identifiers, counted in what, and who translates its formulas.
    values : mapping
        Values of the parameters.
    """

    def __init__(
        self,
        network: Network,
        names: Names,
        base: BaseUnits,
        translation: Translation,
        values: Mapping[str, float],
    ) -> None:
        self._names, self._base, self._translation = names, base, translation
        self._values = values
        self._compartments = {c.name: c for c in network.compartments}
        self._sizes = {c.name: expressions.parse(c.size) for c in network.compartments}

    def law(self, key: Signature, where: str) -> Node:
        """Return the rate law of a signature, with slots for the reactants."""
        law, count, places = key
        above: list[Node] = []
        below: list[Node] = []
        factor = law.factor
        if factor.numerator != 1 or (factor.denominator & (factor.denominator - 1)) == 0:
            if factor != 1:
                above.append(fraction(factor))
        else:
            below.append(pure(factor.denominator))
        if law.conversion is not None:
            over, under = self._conversion(law.conversion, places, where)
            above += over
            below += under
        if self._base.concentrations:
            above.insert(0, Ci(self._names.compartments[None]))
        slots: list[Node] = [Ci(slot(index)) for index in range(count)]
        constants = [self._translation.symbol(name, where) for name in law.constants]
        over, under = _LAWS[law.kind](constants, slots)
        return ratio(product([*above, *over]), [*below, *under])

    def _conversion(
        self, text: str, places: tuple[str, ...], where: str
    ) -> tuple[list[Node], list[Node]]:
        """Return numerator and denominator of the volume factor, with compartments for sizes."""
        tree = expressions.parse(text)
        if not places:
            return [self._translation.formula(str(tree), where)], []
        if self._matches(tree, places[0]) and len(places) == 1 and not _is_ratio(tree):
            return self._place(places[0]), []
        terms: list[Expression] = []
        while isinstance(tree, Binary) and tree.operator == "/":
            terms.insert(0, tree.right)
            tree = tree.left
        if len(terms) != len(places) or not (isinstance(tree, Number) and tree.value == 1):
            return [self._translation.formula(text, where)], []
        below: list[Node] = []
        for term, place in zip(terms, places, strict=True):
            if self._matches(term, place):
                below += self._place(place)
            elif (
                isinstance(term, Binary)
                and term.operator == "*"
                and self._matches(term.right, place)
            ):
                below += [self._translation.formula(str(term.left), where), *self._place(place)]
            else:
                below.append(self._translation.formula(str(term), where))
        return [], below

    def _place(self, name: str) -> list[Node]:
        place: list[Node] = [Ci(self._names.compartments[name])]
        if self._compartments[name].dimension == 2 and self._names.depth is not None:
            place.append(Ci(self._names.depth))
        return place

    def _matches(self, tree: Expression, place: str) -> bool:
        size = self._sizes[place]
        if tree == size:
            return True
        try:
            return tree.evaluate(self._values) == size.evaluate(self._values) and not tree.names
        except ExpressionError:
            return False


def _is_ratio(tree: Expression) -> bool:
    return isinstance(tree, Binary) and tree.operator == "/" and str(tree.left) == "1"


# -- rate laws: numerator and denominator from constants and amounts ------------------------------

_Parts = tuple[list[Node], list[Node]]


def _elementary(constants: list[Ci], amounts: list[Node]) -> _Parts:
    return [constants[0], *amounts], []


def _michaelis(constants: list[Ci], amounts: list[Node]) -> _Parts:
    """Total quasi-steady state: the free substrate solves a quadratic."""
    kcat, km = constants
    substrate, enzyme = amounts
    rest = Apply("minus", [Apply("minus", [substrate, km]), enzyme])
    square = Apply("power", [rest, pure(2)])
    root = Apply("root", [total([square, product([pure(4), km, substrate])])])
    free = ratio(total([rest, root]), [pure(2)])
    return [kcat, enzyme, free], [total([km, free])]


def _saturating(constants: list[Ci], amounts: list[Node]) -> _Parts:
    k, *halves = constants
    below = [total([half, amount]) for half, amount in zip(halves, amounts, strict=False)]
    return [k, *amounts], below


def _hill(constants: list[Ci], amounts: list[Node]) -> _Parts:
    k, half, n = constants
    first, *rest = amounts
    # Of a number without a unit: libSBML tells that of no other power but a whole one.
    power = Apply("power", [ratio(first, [half]), n])
    return [k, *rest, power], [total([pure(1), power])]


_LAWS: Final = {
    "elementary": _elementary,
    "function": _elementary,
    "MM": _michaelis,
    "Sat": _saturating,
    "Hill": _hill,
}
