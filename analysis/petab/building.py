"""From a model, what was measured and what was done to a problem."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...network.units.quantities import QuantityError, unit_named
from ...simulation.courses import Outputs
from ...simulation.engines import Loaded
from ..asking import readouts
from ..asking.readouts import ReadoutError, Readouts
from ..calibration import priors
from . import formulas, mathematics, switched
from .measurements import Row, refuse
from .problem import Measurement, Observable, Parameter, Prior, Problem
from .stages import Staging, symbols
from .trials import Done, plain, unused

ARBITRARY: Final = ("a.u.", "au", "arbitrary")
"""Units of values that are known up to a scale and a background, as of a blot."""
FOLD: Final = "fold"
"""The unit of values that are known up to a scale, as relative to a control."""
# Two numbers go through any two values, so a background needs one more.
_LEAST: Final = 3
FAR: Final = 1e3
"""Within which factor of its first value a scale or a noise is looked for."""
_PLAIN: Final = ("", "1", "dimensionless", "item")
_PERCENT: Final = "%"


@dataclass(frozen=True)
class Built:
    """A problem, and what is to be said of it.

    Attributes
    ----------
    problem : Problem
        Scales, backgrounds and noise stand at 1, 0 and 1.
    groups : dict
        For each readout and batch, the ids of its scale, background and noise.
    members : tuple of Group
        The group of each measurement.
    tied : tuple of str
        Parameters that are held fixed since the version has no words for what follows from them.
    """

    problem: Problem
    groups: Mapping[tuple[str, str], Group]
    members: Sequence[Group]
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """What is estimated of the values of one readout in one batch; empty where it is known."""

    scale: str = ""
    background: str = ""
    noise: str = ""


def build(
    loaded: Loaded,
    rows: Sequence[Row],
    done: Done,
    free: Sequence[priors.Prior],
    *,
    formulas_set: bool = True,
) -> Built:
    """Return the problem of a model and what was measured of it.

    Parameters
    ----------
    loaded : Loaded
        The model.
    rows : sequence of Row
        The measurements.
    done : Done
        The experiments that they are of.
    free : sequence of Prior
        The model's parameters that are to be estimated.
    formulas_set : bool
        Whether an experiment may set something to a formula, as PEtab 2 lets it.

    Raises
    ------
    TableError
        If a row does not fit the model; the message lists every fault with its line.
    PetabError
        If an experiment cannot be said.
    """
    looked = _looked(loaded, rows)
    left = {prior.name: prior for prior in free}
    tied: set[str] = set()
    while True:
        staging = Staging(loaded, left.keys(), formulas=formulas_set)
        trials = staging.trials(done.experiments, done.factors)
        if not staging.tied:
            break
        tied |= staging.tied
        left = {id: prior for id, prior in left.items() if id not in staging.tied}
    units = {each: _unit(looked, each) for each in looked.names}
    taken = set(symbols(loaded.model))
    groups = _groups(rows, taken)
    of_rows = [groups[row.observable, row.batch] for row in rows]
    known = _known(rows, groups, units)
    kinds = [
        _Kind(row.observable, *scale, row.logarithmic, "" if row.spread else group.noise)
        for row, scale, group in zip(rows, known, of_rows, strict=True)
    ]
    shown = {
        kind: unused("_".join(filter(None, ("observed", plain(kind.readout), batch))), taken)
        for kind, batch in _batches(kinds, rows).items()
    }
    measured = tuple(
        Measurement(
            shown[kind],
            done.ids[place],
            staging.moment(row.time),
            row.value,
            noise=(repr(row.spread),) if row.spread else (),
            batch=row.batch,
        )
        for place, (row, kind) in enumerate(zip(rows, kinds, strict=True))
    )
    own, _ = loaded.model.initial({})
    parameters = [
        *(_estimated(prior, own[id], staging.references.get(id, id)) for id, prior in left.items()),
        *_of_groups(groups),
    ]
    observables = [_observable(looked, kind, id) for kind, id in shown.items()]
    problem = Problem(loaded.model.id, loaded.sbml, parameters, observables, trials, measured)
    if not formulas_set:
        problem = switched.problem(problem)
    return Built(problem, groups, tuple(of_rows), tuple(sorted(tied)))


# -- what is looked at -----------------------------------------------------------------------------


def _looked(loaded: Loaded, rows: Sequence[Row]) -> Readouts:
    """Return the readouts that rows name."""
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row.observable, row.where)
    faults = []
    for word, where in first.items():
        try:
            looked = readouts.of(loaded.model, [word])
        except ReadoutError as error:
            faults.append(f"{where}: {error}")
            continue
        if not mathematics.defined(formulas.readout(looked, word)):
            faults.append(f"{where}: {word!r} has no value, whatever the model does.")
    refuse(faults)
    return readouts.of(loaded.model, list(first))


def _unit(looked: Readouts, name: str) -> str:
    """Return the unit of a readout: of an output its own, of a share 1, and else none."""
    import xarray as xr

    outputs = looked.outputs_of(looked.asked[name])
    about = Outputs(
        looked.model,
        {each: looked.model.output(each) for each in outputs},
        nanomolar=looked.model.nanomolar,
    )
    nothing = {
        each: ("time", [1.0], {"units": about.about(each).get("units", "")}) for each in outputs
    }
    alone = Readouts(looked.model, {name: looked.asked[name]}, looked.named)
    return str(alone.of(xr.Dataset(nothing))[name].attrs.get("units", ""))


@dataclass(frozen=True)
class _Kind:
    """What an observable is: a readout with one scale, background and noise."""

    readout: str
    scale: str
    background: str
    logarithmic: bool
    noise: str  # empty where each measurement says its own


def _batches(kinds: Sequence[_Kind], rows: Sequence[Row]) -> dict[_Kind, str]:
    """Return kinds, each with its batch where it is of one alone."""
    found: dict[_Kind, set[str]] = {}
    for kind, row in zip(kinds, rows, strict=True):
        found.setdefault(kind, set()).add(plain(row.batch))
    return {kind: next(iter(those)) if len(those) == 1 else "" for kind, those in found.items()}


def _observable(looked: Readouts, kind: _Kind, id: str) -> Observable:
    formula = formulas.readout(looked, kind.readout)
    if kind.scale != "1":
        formula = f"{kind.scale} * ({formula})"
    if kind.background != "0":
        formula = f"{kind.background} + {formula}"
    own = f"noise_{id}"
    return Observable(
        id,
        formula,
        kind.noise or own,
        kind.readout,
        scale="log" if kind.logarithmic else "lin",
        noise_placeholders=() if kind.noise else (own,),
    )


# -- what is known of values -----------------------------------------------------------------------


def _groups(rows: Sequence[Row], symbols: Collection[str]) -> dict[tuple[str, str], Group]:
    """Return what is estimated of each readout in each batch, with ids that the model lacks."""
    members: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        members.setdefault((row.observable, row.batch), []).append(row)
    faults = []
    found: dict[tuple[str, str], Group] = {}
    kinds = ("scale_", "background_", "noise_")
    taken = {id.partition("_")[2] for id in symbols if id.startswith(kinds)}
    for (observable, batch), those in members.items():
        units = {row.unit for row in those}
        if len(units) > 1 and not units.isdisjoint((*ARBITRARY, FOLD)):
            faults.append(
                f"{those[0].where}: {observable!r} is in {' and in '.join(sorted(units))} in one "
                "batch; values of one scale are in one unit, and others are another batch."
            )
        unit = those[0].unit
        tail = unused("_".join(filter(None, (plain(observable), plain(batch)))), taken)
        spread = all(row.spread is not None for row in those)
        # What has a background of its own is no multiple, of which a logarithm would be known.
        additive = not any(row.logarithmic for row in those)
        blotted = unit in ARBITRARY and len(those) >= _LEAST and additive
        found[observable, batch] = Group(
            f"scale_{tail}" if unit in (*ARBITRARY, FOLD) else "",
            f"background_{tail}" if blotted else "",
            "" if spread else f"noise_{tail}",
        )
    refuse(faults)
    return found


def _known(
    rows: Sequence[Row], groups: Mapping[tuple[str, str], Group], units: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return scale and background of each row, ids where they are estimated."""
    found, faults = [], []
    for row in rows:
        group = groups[row.observable, row.batch]
        if group.scale:
            found.append((group.scale, group.background or "0"))
            continue
        try:
            factor = _factor(units[row.observable], row.unit)
        except QuantityError as error:
            faults.append(f"{row.where}: the unit of {row.observable!r} does not fit: {error}")
            continue
        found.append(("1" if factor == 1 else repr(factor), "0"))
    refuse(faults)
    return found


def _factor(own: str, written: str) -> float:
    """Return how many of the written unit one of the readout's own is."""
    arbitrary = f"{ARBITRARY[0]!r} stands for one that is known up to its scale"
    if written == own:
        return 1.0
    plain = own in _PLAIN
    if plain and written in _PLAIN:
        return 1.0
    if plain and written == _PERCENT:
        return 100.0
    if not written:
        raise QuantityError(f"none is given; it is in {own}, and {arbitrary}.")
    if plain:
        what = "a plain number" if own else "a number whose unit the model does not say"
        raise QuantityError(f"{written!r} is given, but it is {what}; {arbitrary}.")
    try:
        unit = unit_named(own)
    except QuantityError:
        raise QuantityError(f"{written!r} is given, but the model has it in {own}.") from None
    try:
        return unit.factor_to(unit_named(written))
    except QuantityError as error:
        raise QuantityError(f"{str(error).rstrip('.')}; it is in {own}, and {arbitrary}.") from None


def _estimated(prior: priors.Prior, value: float, id: str) -> Parameter:
    """Return a parameter of the model; nothing may leave its range, but what already has."""
    known = Prior("log-normal", (math.log(prior.value), prior.spread))
    return Parameter(
        id, value, min(prior.low, value), max(prior.high, value), prior=known, name=prior.name
    )


def _of_groups(groups: Mapping[tuple[str, str], Group]) -> Iterator[Parameter]:
    for (observable, batch), group in groups.items():
        said = f" of {observable}" + (f" in batch {batch}" if batch else "")
        if group.scale:
            yield Parameter(group.scale, 1.0, 1 / FAR, FAR, name=f"scale{said}")
        if group.background:
            yield Parameter(group.background, 0.0, 0.0, FAR, name=f"background{said}")
        if group.noise:
            yield Parameter(group.noise, 1.0, 1 / FAR, FAR, name=f"noise{said}")
