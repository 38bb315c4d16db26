"""Which virtual cells respond to which drug, and what tells them beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

from ...models.perturbations import conditions
from ...simulation.sbml.model import SbmlModel
from ...simulation.scans.scan import Scan
from ..asking import cells
from ..asking.answer import Answer
from ..asking.grid import AnalysisError
from . import drawings, genotypes
from .roc import auc

CELL: Final = "virtual_cell"
UNTREATED: Final = "untreated"
# Fewer of either sort tell nothing.
_LEAST: Final = 5
# Integration leaves differences of this share of a readout.
_NOISE: Final = 1e-6
# So many are named in a sentence.
_NAMED: Final = 3

Run = Callable[[str, Scan], xr.Dataset]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Cells by label: what each sets, which genotypes it has, and what may tell responders."""

    changes: Mapping[str, Mapping[str, float]]
    carried: Sequence[tuple[str, ...]]
    markers: Mapping[str, Vector]


def population(
    model: SbmlModel,
    base: Mapping[str, float],
    frequencies: Mapping[str, float],
    count: int,
    spread: float,
    seed: int,
) -> Population:
    """Return cells whose amounts are drawn, and their genotypes.

    Parameters
    ----------
    model : SbmlModel
        The model.
    base : mapping
        What all cells set.
    frequencies : mapping
        How frequent each genotype is.
    count : int
        How many cells.
    spread : float
        Standard deviation of the logarithm of each amount.
    seed : int
        The same gives the same cells.
    """
    random = np.random.default_rng(seed)
    own = cells.amounts(model, base)
    carried = genotypes.draw(frequencies, count, random)
    factors = np.exp(spread * random.standard_normal((count, len(own))))
    changes: dict[str, dict[str, float]] = {}
    for place, names in enumerate(carried):
        amounts = dict(
            zip(own, (np.array(list(own.values())) * factors[place]).tolist(), strict=True)
        )
        changes[f"c{place + 1:04}"] = amounts | conditions.values(*names, base={**base, **amounts})
    markers = {
        **{name: np.array([each[name] for each in changes.values()]) for name in own},
        **{
            name: np.array([float(name in names) for names in carried])
            for name in frequencies
            if any(name in names for names in carried)
        },
    }
    return Population(changes, carried, markers)


def study(told: Population, scans: Mapping[str, Scan], run: Run) -> xr.Dataset:
    """Return readouts over ``treatment`` and ``virtual_cell``, and ``marker``.

    Parameters
    ----------
    told : Population
        The cells.
    scans : mapping
        By treatment, the first being untreated, each with one cell and one time.
    run : callable
        Runs a scan under a name.

    Raises
    ------
    AnalysisError
        If there are several cells, doses or times.
    """
    parts = []
    for place, planned in enumerate(scans.values()):
        (cell, *others) = [each for _, each in cells.split(planned)]
        if others or len(planned.axes) > 1 or len(planned.times) > 1:
            raise AnalysisError(
                "A population is asked at one time, with one dose of each drug, and grows from one "
                "cell; leave lists and ranges out."
            )
        data = run(f"population-{place}", cells.varied(cell, CELL, told.changes))
        parts.append(data.isel(time=0))
    data = xr.concat(parts, pd.Index(list(scans), name="treatment"))
    markers = np.stack(list(told.markers.values()), axis=-1)
    return data.assign(marker=((CELL, "candidate"), markers, {"units": "1"})).assign_coords(
        candidate=list(told.markers), genotype=(CELL, ["+".join(names) for names in told.carried])
    )


def readouts(data: xr.Dataset) -> list[str]:
    """Return what was looked at."""
    return [str(name) for name in data.data_vars if name not in ("message", "marker")]


def responses(data: xr.Dataset, response: str) -> pd.DataFrame:
    """Return how far each treatment lowers a readout in each cell: a column a treatment.

    It is log2 of the fold, or the difference where the readout goes below zero. What rounding alone
    makes of it is zero; a cell that loses all has minus infinity, and responds most.
    """
    values = data[response].transpose(CELL, "treatment").to_pandas()
    trace = _NOISE * float(np.nanmax(np.abs(values.to_numpy()), initial=0.0))
    values = values.mask(values.abs() <= trace * _NOISE, 0.0)
    if (values < -trace).any(axis=None):
        found = values.sub(values[UNTREATED], axis=0).drop(columns=UNTREATED)
        noise = trace
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            folds = values.clip(lower=0.0).div(values[UNTREATED], axis=0)
            found = np.log2(folds).drop(columns=UNTREATED)
        found = found.replace(np.inf, np.nan)
        noise = _NOISE
    return found.mask(found.abs() <= noise, 0.0)


def scores(data: xr.Dataset, response: str) -> pd.DataFrame:
    """Return the candidates: amounts, genotypes, and readouts of the untreated cell."""
    found = data.marker.transpose(CELL, "candidate").to_pandas()
    before = data[readouts(data)].sel(treatment=UNTREATED)
    for name in readouts(data):
        found[f"{name}, untreated"] = _digits(before[name].to_numpy())
    return found


def _digits(values: Vector) -> Vector:
    """Return values with as many digits as integration leaves, so that those alike are equal."""
    known = np.isfinite(values)
    there = known & (np.abs(values) > _NOISE**2 * np.abs(values[known]).max(initial=0.0))
    found = np.where(known, 0.0, values)
    step = _NOISE * 10 ** np.floor(np.log10(np.abs(values[there])))
    found[there] = np.round(values[there] / step) * step
    return found


def answer(
    data: xr.Dataset, response: str, share: float, settings: Mapping[str, Any] | None = None
) -> Answer:
    """Return how well each candidate tells responders, for each treatment.

    Parameters
    ----------
    data : xarray.Dataset
        From :func:`study`.
    response : str
        The readout whose fall is the response.
    share : float
        The share of cells, of those with the largest fall, that are called responders.
    settings : mapping, optional
        What was asked, for the record.

    Raises
    ------
    AnalysisError
        If no treatment splits the cells.
    """
    falls = responses(data, response)
    candidates = scores(data, response)
    parts, groups = [], {}
    for treatment in falls:
        fall = falls[treatment].dropna()
        limit = fall.quantile(share, interpolation="lower") if len(fall) else 0.0
        # Cells that rounding alone sets apart respond alike.
        responds = fall <= limit + _NOISE * fall[np.isfinite(fall)].abs().max()
        if min(responds.sum(), (~responds).sum()) < _LEAST:
            continue
        groups[str(treatment)] = responds
        parts.append(_areas(candidates.loc[fall.index], responds, str(treatment)))
    if not parts:
        raise AnalysisError(
            f"No treatment splits the cells by {response!r}: it changes in all of them alike, or "
            f"fewer than {_LEAST} stand on one side; draw more cells, or take another readout."
        )
    table = pd.concat(parts, ignore_index=True)
    return Answer(
        "population",
        "Who responds, and what tells",
        list(_said(data, falls, groups, table, response)),
        table,
        data,
        lambda: drawings.draw(falls, candidates, groups, table, response),
        settings or {},
        {"responses": falls.assign(genotype=data.genotype.to_numpy()).reset_index()},
    )


def _areas(candidates: pd.DataFrame, responds: pd.Series, treatment: str) -> pd.DataFrame:
    rows = []
    chosen = responds.to_numpy(dtype=bool)
    for name in candidates:
        values = candidates[name].to_numpy(dtype=float)
        known = np.isfinite(values)
        if np.ptp(values[known]) == 0:
            continue
        area, error, p = auc(values[known], chosen[known])
        rows.append((name, treatment, area, error, p))
    found = pd.DataFrame(rows, columns=["candidate", "treatment", "AUC", "error", "p"])
    found["q"] = stats.false_discovery_control(found.p)
    order = (found.AUC - 0.5).abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order]


def _said(
    data: xr.Dataset,
    falls: pd.DataFrame,
    groups: Mapping[str, pd.Series],
    table: pd.DataFrame,
    response: str,
) -> Iterator[str]:
    failed = int((data.message != "").sum())
    if failed:
        first = next(filter(None, data.message.to_numpy().ravel().tolist()))
        yield f"{failed} of {data.message.size} experiments gave no numbers; the first: {first}"
    for treatment in falls:
        fall = falls[treatment].dropna()
        if str(treatment) not in groups:
            yield f"{treatment} does not split the cells by {response}."
            continue
        limit = float(fall[groups[str(treatment)]].max())
        which = f"at {limit:+.3g} or below" if np.isfinite(limit) else "that have none left"
        best = table[table.treatment == treatment].head(_NAMED)
        words = [
            f"{'more' if area > 0.5 else 'less'} {name} (AUC {area:.2f})"
            for name, area in zip(best.candidate, best.AUC, strict=True)
        ]
        yield (
            f"{treatment}: {(fall < 0).mean():.0%} of {len(fall)} cells have less {response}; "
            f"responders are those {which}, and have {', '.join(words)}."
        )
