"""Metabolic control analysis at rest: which rules hold which fluxes and readouts, and how firmly.

The control coefficient of a rule on a flux or a readout is by how many per cent that rises when the
rule runs one per cent faster in both directions. Coefficients on a flux add up to one, and those on
what there is add up to zero (Kacser and Burns 1973; Heinrich and Rapoport 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..simulation.courses import Outputs
from ..simulation.engines import EngineError, Loaded, Tolerances, engine_named
from ..simulation.engines.base import Vector
from ..simulation.engines.loaded import conserved
from ..simulation.engines.rates.network_engine import NetworkEngine
from ..simulation.results import figures
from ..simulation.simulator import Simulator
from ..simulation.steady_state import NoSteadyStateError
from .asking.answer import Answer, Drawn
from .asking.grid import AnalysisError
from .asking.readouts import Readouts
from .asking.system import System, check_numbers_of_molecules, check_reactions_alone
from .sensitivities.question import Question

# Relative step of differences; rate laws are evaluated to nearly all digits.
_STEP: Final = 1e-6
# A flux below this share of the largest is none, as at equilibrium.
_FLUX: Final = 1e-9
# Coefficients add up to their total within this.
_SUMS: Final = 1e-2
# So many rules fit one under the other, and so many are named in a sentence.
_SHOWN: Final = 30
_NAMED: Final = 3
# What holds nothing by more than this is not drawn; so many cells are, with numbers up to so many
# columns.
_WEAK: Final = 0.01
_CELLS: Final = 4
_NUMBERED: Final = 12

Progress = Callable[[int, int], None]


def control(
    loaded: Loaded,
    readouts: Readouts,
    cells: Mapping[str, Mapping[str, float]],
    tolerances: Tolerances | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Return control coefficients of each rule on readouts and on net fluxes of rules.

    Parameters
    ----------
    loaded : Loaded
        A model with rules, or SBML, whose reactions stand for them.
    readouts : Readouts
        What to look at.
    cells : mapping
        What each cell sets, by label.
    tolerances : Tolerances, optional
        How exactly to integrate towards rest.
    progress : callable, optional
        Told how many cells are done, of how many.

    Returns
    -------
    xarray.Dataset
        ``concentration`` over ``cell``, ``readout`` and ``rule``; ``flux`` over ``cell``,
        ``flux_of`` and ``rule``; and the ``value`` of each readout.

    Raises
    ------
    AnalysisError
        If a cell does not come to rest, or more than reactions moves the model.
    """
    chosen = tolerances or Tolerances()
    of = _of_sbml if loaded.network is None else _of_network
    parts = []
    for number, (label, values) in enumerate(cells.items()):
        question = Question(loaded, readouts.outputs, (), [0.0], values=values, tolerances=chosen)
        try:
            parts.append(_cell(of(question, readouts), readouts))
        except (NoSteadyStateError, EngineError) as error:
            raise AnalysisError(f"The cell {label!r} does not come to rest: {error}") from None
        if progress is not None:
            progress(number + 1, len(cells))
    return xr.concat(parts, pd.Index(list(cells), name="cell"))


@dataclass(frozen=True)
class _Rest:
    """A model at rest.

    Attributes
    ----------
    state : array
        The amounts that reactions change.
    rules : sequence of str
        What is called a rule: of SBML each reaction.
    whose : array of shape (reactions, rules)
        One where a reaction is of a rule.
    signs : array
        With which sign each reaction adds to the net flux of its rule.
    changes : array of shape (amounts, reactions)
        By how much each reaction changes each amount.
    fluxes : callable
        Returns how fast reactions run at a state.
    seen : callable
        Returns readouts, a row each, of states, a row each.
    """

    state: Vector
    rules: Sequence[str]
    whose: Vector
    signs: Vector
    changes: Vector
    fluxes: Callable[[Vector], Vector]
    seen: Callable[[Vector], Vector]


def _of_network(question: Question, readouts: Readouts) -> _Rest:
    model, network = question.loaded.model, question.loaded.network
    # Formulas mean concentrations, as everywhere.
    recorded = Outputs(
        model, {name: model.output(name) for name in readouts.outputs}, nanomolar=model.nanomolar
    )
    engine = engine_named("bngsim")(question.loaded, recorded.recorded, question.tolerances)
    assert isinstance(engine, NetworkEngine)
    assert network is not None
    settled, start = question.settled({})
    rest = question.rest(engine, settled, start)
    kinetics = engine.kinetics
    values = np.array(list(settled.values()))
    coefficients = kinetics.coefficients(values)
    rules = list(dict.fromkeys(reaction.rule for reaction in network.reactions))
    place = {name: index for index, name in enumerate(rules)}
    whose = np.zeros((len(network.reactions), len(rules)))
    for row, reaction in enumerate(network.reactions):
        whose[row, place[reaction.rule]] = 1.0

    def seen(rows: Vector) -> Vector:
        found = engine.recording.of(rows, values, np.zeros(len(rows)))
        outputs = recorded.scaled(found, settled)
        names = enumerate(readouts.outputs)
        data = {name: xr.DataArray(outputs[:, column], dims="row") for column, name in names}
        seen = readouts.of(data)
        return np.stack([seen[name].to_numpy() for name in readouts.names])

    return _Rest(
        rest[kinetics.states] / kinetics.scale(values),
        rules,
        whose,
        np.array([-1.0 if reaction.reverse else 1.0 for reaction in network.reactions]),
        kinetics.changes.toarray(),
        lambda amounts: np.asarray(kinetics.fluxes(amounts, coefficients, values, 0.0)),
        seen,
    )


def _of_sbml(question: Question, readouts: Readouts) -> _Rest:
    from ..simulation.engines.roadrunner import RoadRunnerEngine

    check_reactions_alone(question.loaded.model)
    simulator = Simulator(
        question.loaded, readouts.outputs, engine="roadrunner", tolerances=question.tolerances
    )
    engine = simulator.engine
    assert isinstance(engine, RoadRunnerEngine)
    settled, start = question.settled({})
    system = System(simulator, settled, question.rest(engine, settled, start))
    check_numbers_of_molecules(system)

    def fluxes(state: Vector) -> Vector:
        engine.change(settled, state)
        return engine.fluxes()

    def seen(rows: Vector) -> Vector:
        found = system.looked_at(readouts, [settled] * len(rows), rows)
        return np.stack([found[name].to_numpy() for name in readouts.names])

    rules = engine.reactions
    return _Rest(
        system.state,
        rules,
        np.eye(len(rules)),
        np.ones(len(rules)),
        question.loaded.changes[:, : len(rules)],
        fluxes,
        seen,
    )


def _cell(at: _Rest, readouts: Readouts) -> xr.Dataset:
    """Return the control coefficients of one cell."""
    state, rules, whose, signs = at.state, at.rules, at.whose, at.signs
    running = at.fluxes(state)
    slopes = np.empty((len(running), len(state)))
    floor = 1e-6 * (np.abs(state).max(initial=0.0) or 1.0)
    for column in range(len(state)):
        width = _STEP * max(abs(state[column]), floor)
        shifted = state.copy()
        shifted[column] += width
        upper = at.fluxes(shifted)
        shifted[column] -= 2 * width
        slopes[:, column] = (upper - at.fluxes(shifted)) / (2 * width)
    jacobian = at.changes @ slopes
    # What no reaction changes that runs, or would with a little more of something.
    active = (running != 0) | (slopes != 0).any(axis=1)
    totals = conserved(at.changes[:, active])
    _check_apart(at.changes[:, active], np.column_stack([running, slopes])[active], totals)
    size = np.abs(jacobian).max(initial=0.0) or 1.0
    driven = running[:, None] * whose
    fixed = size * totals @ totals.T
    moved = np.asarray(np.linalg.solve(fixed - jacobian, at.changes @ driven), dtype=float)
    net = (signs * running) @ whose
    turned = (signs[:, None] * (slopes @ moved + driven)).T @ whose  # rule by flux
    # What runs both ways at once is as large as what its amounts alone would make of it.
    gross = np.maximum(np.abs(running), np.abs(slopes) @ np.abs(state))
    flows = np.abs(net) > _FLUX * gross.max(initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        flux = np.where(flows[None, :], turned / net[None, :], np.nan).T
    seen, told = _readouts(at, moved)
    # Coefficients that do not add up as they must are no numbers, but rounding.
    flux[_off(flux, 1.0)] = np.nan
    told[_off(told, 0.0)] = np.nan
    return xr.Dataset(
        {
            "concentration": (("readout", "rule"), told, {"units": "1"}),
            "flux": (("flux_of", "rule"), flux, {"units": "1"}),
            "value": (("readout",), seen),
        },
        {"readout": list(readouts.names), "rule": list(rules), "flux_of": list(rules)},
    )


def _check_apart(changes: Vector, laws: Vector, totals: Vector) -> None:
    """Refuse reactions that keep a total only as long as they run alike, by the same law."""
    kinds, which = np.unique(laws, axis=0, return_inverse=True)
    together = changes @ (which.reshape(-1, 1) == np.arange(len(kinds)))
    if conserved(together).shape[1] > totals.shape[1]:
        raise AnalysisError(
            "There is no rest beside this one if a single reaction runs faster: what reactions by "
            "the same law keep together would drift apart."
        )


def _off(coefficients: Vector, total: float) -> NDArray[np.bool_]:
    """Return which rows do not add up to a total."""
    size = np.maximum(1.0, np.abs(coefficients).max(axis=1, initial=0.0))
    return np.abs(coefficients.sum(axis=1) - total) > _SUMS * size


def _readouts(at: _Rest, moved: Vector) -> tuple[Vector, Vector]:
    """Return readouts at rest, and the control coefficient of each rule on each."""
    # Each rule is moved by as much as keeps differences from rounding, no amount by more than this.
    state = at.state
    sizes = np.abs(moved).max(axis=0, initial=0.0)
    reach = 1e-5 * (np.abs(state).max(initial=0.0) or 1.0)
    widths = np.where(sizes > 0, np.minimum(1e-5, reach / np.where(sizes > 0, sizes, 1.0)), 1e-5)
    steps = (moved * widths).T
    table = at.seen(np.concatenate([state[None], state + steps, state - steps]))
    count = moved.shape[1]
    middle, upper, lower = table[:, 0], table[:, 1 : count + 1], table[:, count + 1 :]
    with np.errstate(divide="ignore", invalid="ignore"):
        told = (upper - lower) / (2 * widths) / middle[:, None]
    return middle, np.where(np.isfinite(told), told, np.nan)


def answer(data: xr.Dataset, settings: Mapping[str, Any] | None = None) -> Answer:
    """Return control coefficients, those on readouts ranked.

    Raises
    ------
    AnalysisError
        If no readout has any.
    """
    table = data.concentration.to_dataframe(name="control").reset_index().dropna()
    if table.empty:
        raise AnalysisError(
            "No readout is above zero at rest, so none has a control coefficient, which is the "
            "change relative to what there is."
        )
    order = table.control.abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[order, ["rule", "readout", "cell", "control"]].reset_index(drop=True)
    fluxes = data.flux.to_dataframe(name="control").reset_index().dropna()
    return Answer(
        "control",
        "Which rules hold which readouts",
        list(_said(data, table)),
        table,
        data,
        lambda: draw(data),
        settings or {},
        {"control_of_fluxes": fluxes[["rule", "flux_of", "cell", "control"]]},
    )


def _said(data: xr.Dataset, table: pd.DataFrame) -> Iterator[str]:
    for (name, cell), rows in table.groupby(["readout", "cell"], sort=False):
        named = rows.head(_NAMED)
        words = [f"{r} ({v:+.2g})" for r, v in zip(named.rule, named.control, strict=True)]
        yield f"{name} ({cell}) is held by {', '.join(words)}."
    off = np.abs(data.concentration.sum("rule", skipna=False)).max()
    one = np.abs(data.flux.sum("rule", skipna=False) - 1).max()
    fluxes = (
        f"those on fluxes to one within {float(one):.1g}"
        if np.isfinite(one)
        else "and no rule has a net flux"
    )
    yield f"Coefficients on readouts add up to zero within {float(off):.1g}, {fluxes}."
    lacking = data.concentration.isnull().all("rule")
    if names := [str(n) for n in data.readout.to_numpy() if lacking.sel(readout=n).any()]:
        yield (
            f"No control is told of {', '.join(names)}, of which there is nothing at rest, or too "
            "little for coefficients that add up."
        )


def draw(data: xr.Dataset) -> Drawn:
    """Draw maps of the rules with most control over readouts, a panel a cell."""
    found = data.concentration.dropna("readout", how="all")
    cells = found.cell.to_numpy()[:_CELLS].tolist()
    sizes = np.abs(found.sel(cell=cells)).fillna(0.0)
    places = ["cell", "readout"]
    size = sizes.clip(max=1.0).sum(places).where(sizes.max(places) > _WEAK)
    order = size.dropna("rule").to_series().sort_values(ascending=False, kind="stable").index
    rules = list(order[:_SHOWN]) or found.rule.to_numpy()[:_SHOWN].tolist()
    count = found.sizes["readout"] * len(cells)
    with mpl.rc_context(figures.STYLE):
        area = (max(2.6 + 0.42 * count, 4.2), max(1.7 + 0.18 * len(rules), 3.0))
        figure = Figure(figsize=area, layout="constrained")
        panels = figure.subplots(1, len(cells), squeeze=False, sharey=True)[0]
        shown = {
            cell: found.sel(cell=cell, rule=rules).transpose("rule", "readout").to_pandas()
            for cell in cells
        }
        for axes, (cell, part) in zip(panels, shown.items(), strict=True):
            figures.heat(axes, part, (-1, 1), numbers=count <= _NUMBERED)
            axes.set_title(cell)
        label = "control coefficient (% per %)"
        figures.scale(figure, panels, label, extend="both")
    table = pd.concat(shown, names=["cell"]).reset_index()
    return {"control": (figure, table)}
