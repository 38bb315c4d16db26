"""What no reaction changes: conservation laws in whole numbers, from exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Final

from ...network.rules.wiring import Wiring
from ...simulation.engines import Loaded

# Most stoichiometries are fractions with denominators up to this, written as decimals.
_FINEST: Final = 10**6

Row = Mapping[int, Fraction]


@dataclass(frozen=True)
class Law:
    """A weighted sum of states that no reaction changes.

    Attributes
    ----------
    name : str
        The molecule type that is conserved, or the sum as text.
    weights : mapping
        Whole number by id; all others are zero.
    molecule : bool
        Whether it says that molecules of one type are neither made nor lost.
    """

    name: str
    weights: Mapping[str, int]
    molecule: bool

    def total(self, state: Mapping[str, float]) -> float:
        """Return the value of the sum."""
        return sum(weight * state[id] for id, weight in self.weights.items())


def rank_and_laws(loaded: Loaded) -> tuple[int, list[Law]]:
    """Return the rank of the stoichiometric matrix, and as many laws as there are.

    Laws of molecule types come first; the others are independent of them and of each other. What
    rules of SBML or events move is in no law.
    """
    model = loaded.model
    ids = model.state_ids
    rows = _rows(loaded)
    ruled = [
        {column: Fraction(1)}
        for column, id in enumerate(ids)
        if (model.species.get(id) or model.parameters[id]).rule
    ]
    rank = len(_reduced(rows, len(ids))[1]) if ruled else None
    rows += ruled
    reduced, pivots = _reduced(rows, len(ids))
    free = [column for column in range(len(ids)) if column not in set(pivots)]
    basis = {column: _null(column, reduced, pivots) for column in free}
    known = {
        name: weights for name, weights in _molecules(loaded).items() if _conserved(weights, rows)
    }
    candidates = [*known.values(), *basis.values()]
    # A law is told by what it weighs the free states with.
    chosen = _independent([[law.get(column, Fraction(0)) for column in free] for law in candidates])
    names = list(known)
    found = []
    for index in chosen:
        weights = _whole(candidates[index])
        told = {ids[column]: weight for column, weight in sorted(weights.items())}
        molecule = index < len(names)
        found.append(Law(names[index] if molecule else _text(told, loaded), told, molecule))
    return len(pivots) if rank is None else rank, found


def _exact(amount: float) -> Fraction:
    """Return the fraction that a decimal is written for, or else the decimal itself."""
    near = Fraction(amount).limit_denominator(_FINEST)
    return near if float(near) == amount else Fraction(repr(amount))


def _rows(loaded: Loaded) -> list[dict[int, Fraction]]:
    """Return what reactions change, each kind of change once."""
    place = {id: index for index, id in enumerate(loaded.model.state_ids)}
    found: dict[tuple[tuple[int, Fraction], ...], None] = {}
    for reaction in loaded.model.reactions:
        row: dict[int, Fraction] = {}
        for id, amount in reaction:
            exact = _exact(amount)
            row[place[id]] = row.get(place[id], Fraction(0)) + exact
        found[tuple(sorted((column, value) for column, value in row.items() if value))] = None
    return [dict(row) for row in found if row]


def _reduced(rows: Sequence[Row], width: int) -> tuple[list[dict[int, Fraction]], list[int]]:
    """Return the reduced row echelon form and its pivots."""
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix

    if not rows:
        return [], []
    entries = {
        number: {c: QQ(value.numerator, value.denominator) for c, value in row.items()}
        for number, row in enumerate(rows)
    }
    matrix, pivots = DomainMatrix(entries, (len(rows), width), QQ).rref()
    sparse: Any = matrix.to_sparse().rep
    found = [
        {
            int(column): Fraction(int(value.numerator), int(value.denominator))
            for column, value in sparse.get(number, {}).items()
        }
        for number in range(len(pivots))
    ]
    return found, [int(pivot) for pivot in pivots]


def _null(column: int, reduced: Sequence[Row], pivots: Sequence[int]) -> dict[int, Fraction]:
    """Return the law with weight one on a free state and none on the other free ones."""
    found = {column: Fraction(1)}
    for row, pivot in zip(reduced, pivots, strict=True):
        if column in row:
            found[pivot] = -row[column]
    return found


def _independent(rows: Sequence[Sequence[Fraction]]) -> list[int]:
    """Return the first rows that no earlier ones make up."""
    if not rows or not rows[0]:
        return []
    columns = [
        {number: row[column] for number, row in enumerate(rows) if row[column]}
        for column in range(len(rows[0]))
    ]
    return _reduced(columns, len(rows))[1]


def _molecules(loaded: Loaded) -> dict[str, dict[int, Fraction]]:
    """Return how many molecules of each type each species holds, where rules tell."""
    if loaded.network is None or loaded.report is None:
        return {}
    place = {id: index for index, id in enumerate(loaded.model.state_ids)}
    found: dict[str, dict[int, Fraction]] = {}
    held = Wiring(loaded.network).compositions
    for id, composition in zip(loaded.report.species, held, strict=True):
        for name in composition:
            row = found.setdefault(name, {})
            row[place[id]] = row.get(place[id], Fraction(0)) + 1
    return found


def _conserved(weights: Row, rows: Sequence[Row]) -> bool:
    return not any(
        sum((value * weights.get(column, 0) for column, value in row.items()), Fraction(0))
        for row in rows
    )


def _whole(weights: Row) -> dict[int, int]:
    """Return the smallest whole numbers in the same proportions."""
    scale = lcm(*(value.denominator for value in weights.values()))
    whole = {column: int(value * scale) for column, value in weights.items() if value}
    shared = gcd(*whole.values())
    return {column: value // shared for column, value in whole.items()}


def _text(weights: Mapping[str, int], loaded: Loaded) -> str:
    species = loaded.model.species
    parts = []
    for id, weight in weights.items():
        name = (species[id].name if id in species else "") or id
        size = "" if abs(weight) == 1 else f"{abs(weight)} "
        parts.append(f"{'-' if weight < 0 else '+'} {size}{name}")
    return " ".join(parts).removeprefix("+ ")
