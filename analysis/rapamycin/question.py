"""The rapamycin question: what happens to the two mTOR complexes, at which dose, and when.

One model, four cells and two baths, a series of doses and of times. The answers separate three
things that a reader of dose-response curves easily takes for one: how tightly the drug binds
(Kd 12 nM on the FRB), how strongly FKBP12 concentrates it in the cell, and how little of it a small
bath holds. The study also shows why assembled mTORC2 outlives the first hours and then dwindles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from ...models.perturbations import conditions
from ...network.units.quantities import seconds
from ...simulation.experiments.experiments import Experiment, exposure

CELLS: Final[Mapping[str, tuple[str, ...]]] = {
    "reference": (),
    "sequestration-prone": ("sequestration_prone",),
    "irreversible drug": ("irreversible_rapalog",),
    "without FKBP12": ("FKBP1A_null",),
}
BATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "finite": (),
    "boundless": ("boundless_medium",),
}
# The dose of most experiments on mTORC2, nM in the medium.
USUAL_DOSE: Final = 20.0
# Six doses a decade, and the usual one.
DOSES: Final = tuple(
    sorted({USUAL_DOSE, *(float(f"{dose:.4g}") for dose in np.geomspace(1e-3, 1e3, 37))})
)
TIMES: Final = (
    *("1 min", "5 min", "15 min", "30 min", "1 h", "2 h", "4 h", "8 h", "12 h", "16 h"),
    *("24 h", "36 h", "48 h", "72 h"),
)

OBSERVABLES: Final = (
    "MTORC1",
    "MTORC1_intact",
    "MTORC1_RAPA",
    "MTORC2",
    "MTOR_free",
    "MTOR_captured",
    "FKBP1A_RAPA",
    "RAPA_medium",
)


class StudyError(ValueError):
    """Doses or times with which the study makes no sense."""


@dataclass(frozen=True)
class Design:
    """What is varied.

    Parameters
    ----------
    doses : sequence of float
        nM in the medium at time 0; increasing and positive.
    times : sequence of str
        When to look, with units; increasing.
    cells, baths : sequence of str
        Names from :data:`CELLS` and :data:`BATHS`.
    """

    doses: Sequence[float] = DOSES
    times: Sequence[str] = TIMES
    cells: Sequence[str] = tuple(CELLS)
    baths: Sequence[str] = tuple(BATHS)

    def __post_init__(self) -> None:
        for what, numbers in (
            ("doses", list(self.doses)),
            ("times", [seconds(time) for time in self.times]),
        ):
            if not numbers:
                raise StudyError(f"There are no {what}.")
            if not all(np.isfinite(number) and number > 0 for number in numbers):
                raise StudyError(f"The {what} must be positive.")
            if any(later <= earlier for earlier, later in pairwise(numbers)):
                raise StudyError(f"The {what} must increase from each to the next.")
        for names, known in ((self.cells, CELLS), (self.baths, BATHS)):
            for name in names:
                if name not in known:
                    raise StudyError(f"There is no {name!r}; use one of {', '.join(known)}.")

    def experiments(self) -> Iterable[tuple[tuple[int, int, int], Experiment]]:
        """Yield the place of each experiment (cell, bath, dose) and the experiment itself.

        Dose number 0 is the vehicle.
        """
        for i, cell in enumerate(self.cells):
            for j, bath in enumerate(self.baths):
                chosen = [conditions.table()[name] for name in (*CELLS[cell], *BATHS[bath])]
                for k, dose in enumerate((0.0, *self.doses)):
                    yield (
                        (i, j, k),
                        exposure(self.times, doses={"RAPA_medium": dose}, conditions=chosen),
                    )


Run = Callable[[Experiment, Sequence[str]], xr.Dataset]


def study(
    run: Run, design: Design | None = None, progress: Callable[[int, int], None] | None = None
) -> xr.Dataset:
    """Run all experiments of a design.

    Parameters
    ----------
    run : callable
        ``run(experiment, observables)`` returns a dataset over ``time`` in nM, as
        ``analysis.simulate.Simulator.run`` does for the models ``complexes`` and ``rapamycin``.
    design : Design, optional
        What is varied; the whole study unless given.
    progress : callable, optional
        Called with the number of experiments done and to do.

    Returns
    -------
    xarray.Dataset
        Each of :data:`OBSERVABLES` over ``(cell, bath, dose, time)``: concentrations in nM in the
        cell, for ``RAPA_medium`` in the medium; times in h; dose 0 is the vehicle.
    """
    design = design or Design()
    hours = np.array([seconds(time) / 3600 for time in design.times])
    doses = np.array([0.0, *design.doses])
    shape = len(design.cells), len(design.baths), len(doses), len(hours)
    values = {name: np.full(shape, np.nan) for name in OBSERVABLES}
    total = int(np.prod(shape[:3]))
    for done, (place, experiment) in enumerate(design.experiments(), start=1):
        course = run(experiment, OBSERVABLES)
        for name in OBSERVABLES:
            values[name][place] = course[name].to_numpy()
        if progress is not None:
            progress(done, total)
    dimensions = "cell", "bath", "dose", "time"
    return xr.Dataset(
        {name: (dimensions, array, {"units": "nM"}) for name, array in values.items()},
        coords={
            "cell": list(design.cells),
            "bath": list(design.baths),
            "dose": ("dose", doses, {"units": "nM", "long_name": "dose in the medium"}),
            "time": ("time", hours, {"units": "h", "long_name": "time after the dose"}),
        },
        attrs={"title": "Rapamycin and the pools of mTOR"},
    )


def fractions(data: xr.Dataset) -> xr.Dataset:
    """Return what is left of each pool relative to the vehicle, and of the drug in the bath.

    Returns
    -------
    xarray.Dataset
        ``mtorc1_intact``, ``mtorc1`` and ``mtorc2`` relative to the vehicle at the same time;
        ``captured``, the share of all mTOR outside mTORC2 that holds the drug; ``bath_left``, the
        share of the dose still in the medium. Doses without the vehicle; all dimensionless.
    """
    vehicle, treated = data.sel(dose=0.0), data.isel(dose=slice(1, None))
    outside = treated.MTORC1 + treated.MTOR_free + treated.MTOR_captured
    parts = {
        "mtorc1_intact": treated.MTORC1_intact / vehicle.MTORC1_intact,
        "mtorc1": treated.MTORC1 / vehicle.MTORC1,
        "mtorc2": treated.MTORC2 / vehicle.MTORC2,
        "captured": (treated.MTORC1_RAPA + treated.MTOR_captured) / outside,
        "bath_left": treated.RAPA_medium / treated.dose,
    }
    result = xr.Dataset(parts).drop_vars("dose", errors="ignore").assign_coords(dose=treated.dose)
    return result.transpose("cell", "bath", "dose", "time")


def crossing(x: NDArray[np.float64], y: NDArray[np.float64], level: float = 0.5) -> float:
    """Return where a falling curve first reaches a level, between the points on a log axis.

    Parameters
    ----------
    x : array of shape (n,)
        Positive and increasing: doses or times.
    y : array of shape (n,)
        The curve.
    level : float
        What it falls to.

    Returns
    -------
    float
        In the unit of ``x``; 0 if the curve starts below the level, infinity if it stays above.

    Examples
    --------
    >>> round(crossing(np.array([1.0, 100.0]), np.array([1.0, 0.0])), 6)
    10.0
    """
    below = np.flatnonzero(y <= level)
    if not below.size:
        return float("inf")
    right = int(below[0])
    if right == 0:
        return 0.0
    left = right - 1
    share = (y[left] - level) / (y[left] - y[right])
    return float(np.exp(np.log(x[left]) + share * (np.log(x[right]) - np.log(x[left]))))


def half_effect_doses(data: xr.Dataset) -> xr.DataArray:
    """Return the dose in nM that leaves half of mTORC1 intact, over cell, bath and time."""
    return xr.apply_ufunc(
        lambda curve: crossing(data.dose.to_numpy()[1:], curve),
        fractions(data).mtorc1_intact,
        input_core_dims=[["dose"]],
        vectorize=True,
    ).assign_attrs(units="nM", long_name="half-effect dose for intact mTORC1")


def answers(data: xr.Dataset) -> pd.DataFrame:
    """Return the short table of answers.

    Parameters
    ----------
    data : xarray.Dataset
        What :func:`study` returned, for all cells and baths.

    Returns
    -------
    pandas.DataFrame
        Columns ``question``, ``cell``, ``value`` and ``unit``.
    """
    left, half = fractions(data), half_effect_doses(data)
    dose = float(left.dose.sel(dose=USUAL_DOSE, method="nearest"))
    day, end = _at(data, 24), _at(data, 72)
    rows: list[tuple[str, str, float, str]] = []

    def ask(question: str, cell: str, value: object, unit: str) -> None:
        rows.append((question, cell, float(value), unit))  # type: ignore[arg-type]

    for bath in data.bath.to_numpy():
        for cell in data.cell.to_numpy():
            value = half.sel(cell=cell, bath=bath, time=end)
            ask(f"dose that halves intact mTORC1 at {end:g} h, {bath} bath", cell, value, "nM")
    for time in (_at(data, 1), day):
        value = half.sel(cell="reference", bath="finite", time=time)
        ask(f"the same at {time:g} h, finite bath", "reference", value, "nM")
    for share in (1.0, 10.0, 100.0):
        at = left.bath_left.sel(cell="reference", bath="finite", time=end)
        near = at.sel(dose=share, method="nearest")
        ask(
            f"drug left in the bath of {float(near.dose):.3g} nM at {end:g} h",
            "reference",
            near * 100,
            "%",
        )
    for cell in ("reference", "sequestration-prone", "irreversible drug"):
        if cell not in data.cell:
            continue
        course = left.mtorc2.sel(cell=cell, bath="finite", dose=dose)
        for time in (_at(data, 1), _at(data, 4), day, end):
            ask(
                f"mTORC2 left at {time:g} h in {dose:.3g} nM",
                cell,
                course.sel(time=time) * 100,
                "%",
            )
        ask(
            f"time until half of mTORC2 is lost in {dose:.3g} nM",
            cell,
            crossing(data.time.to_numpy(), course.to_numpy()),
            "h",
        )
    return pd.DataFrame(rows, columns=["question", "cell", "value", "unit"])


def _at(data: xr.Dataset, hours: float) -> float:
    """Return the time of the study nearest to a number of hours."""
    return float(data.time.sel(time=hours, method="nearest"))
