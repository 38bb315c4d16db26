"""Whether integration kept what no reaction changes: the totals of its molecules.

An integrator keeps sums of amounts to the last digits unless something went wrong that its own
estimate of errors does not show: rates beyond what numbers can tell apart, above all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import EngineError, failure

if TYPE_CHECKING:
    from .loaded import Loaded, Vector

# Which share of a sum may get lost, and how many times the relative tolerance.
_LOST: Final = 1e-6
_LOST_OF_TOLERANCE: Final = 100.0
# Even in moles this is less than a millionth of a molecule: what rounding left of nothing.
_NOTHING: Final = 1e-30


class Balance:
    """The sums of a model's state that nothing but reactions and the user touches.

    Parameters
    ----------
    loaded : Loaded
        The model.
    relative : float
        The relative tolerance of integration.
    """

    def __init__(self, loaded: Loaded, relative: float) -> None:
        self.ids = loaded.model.state_ids
        _, sums = loaded.moieties
        moved = _moved(loaded)
        free = np.array([id not in moved for id in self.ids], dtype=bool)
        kept = (sums[:, ~free] == 0.0).all(axis=1) & (np.count_nonzero(sums, axis=1) > 1)
        self._sums = _unsigned(sums[kept])
        self._share = max(_LOST, _LOST_OF_TOLERANCE * relative)

    def check(
        self, engine: str, time: float, before: Vector, after: Vector, errors: Vector
    ) -> None:
        """Raise if a sum is not what it was, by more than the errors that its parts may have.

        Raises
        ------
        EngineError
            If one is not; the message says which.
        """
        lost = self._sums @ (after - before)
        sizes = np.abs(self._sums) @ np.maximum(np.abs(before), np.abs(after))
        allowed = self._share * sizes + np.abs(self._sums) @ errors + _NOTHING
        broken = ~(np.abs(lost) <= allowed)
        if not broken.any():
            return
        row = int(np.argmax(broken))
        held = np.flatnonzero(self._sums[row])
        parts = ", ".join(repr(self.ids[place]) for place in held[:3])
        others = f" and {len(held) - 3} more" if len(held) > 3 else ""
        was, now = (float(self._sums[row] @ state) for state in (before, after))
        raise EngineError(
            failure(
                engine,
                time,
                f"the total of {parts}{others}, which no reaction changes, went from {was:.6g} to "
                f"{now:.6g}",
            )
        )


def _unsigned(sums: Vector) -> Vector:
    """Return sums in place of differences where another sum added makes them so.

    A difference tells little of what is rare beside what is plentiful.
    """
    found = sums.copy()
    whole = sums[(sums >= 0.0).all(axis=1)]
    for place, row in enumerate(sums):
        below = row < 0.0
        for other in whole if below.any() else ():
            if (other[below] > 0.0).all():
                found[place] = row + (-row[below] / other[below]).max() * other
                break
    return found


def _moved(loaded: Loaded) -> set[str]:
    """Return the ids of what else than reactions moves, or reactions by no fixed number."""
    model = loaded.model
    found = {id for id, entry in (model.species | model.parameters).items() if entry.rule}
    if loaded.network is not None:
        return found
    import libsbml

    file = libsbml.readSBMLFromString(loaded.sbml).getModel()
    if file.isSetConversionFactor():
        return set(model.state_ids)
    found |= {one.getId() for one in file.getListOfSpecies() if one.isSetConversionFactor()}
    given = {one.getSymbol() for one in file.getListOfInitialAssignments()}
    given |= {one.getVariable() for one in file.getListOfRules()}
    for event in file.getListOfEvents():
        given |= {one.getVariable() for one in event.getListOfEventAssignments()}
    for reaction in file.getListOfReactions():
        for side in (*reaction.getListOfReactants(), *reaction.getListOfProducts()):
            if side.isSetStoichiometryMath() or side.getId() in given:
                found.add(side.getSpecies())
    return found | given
