"""The question what pairs do together: what is given, and a surface for each pair and readout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, Final

import numpy as np
import xarray as xr

from ...models.perturbations.compounds import Compound
from ...simulation.sbml.model import SbmlModel
from ...simulation.scans.from_text import Words
from ..asking import treatments
from ..asking.grid import AnalysisError
from ..asking.treatments import TREATMENT, Agent, Treatment
from ..dose_response.hill import FEWEST, Array, Hill, fit
from . import references
from .effects import RATES, effects
from .musyc import Musyc, fitted

DEFAULT: Final = ("everolimus", "BKM120")
"""The pair that is asked for unless the user says, where the model has its targets."""
_GRID: Final = 7
# A screen gives each drug alone at these times its usual dose, and pairs at the last two.
_SCREENED: Final = (1e-3, 1e-2, 10**-1.5, 0.1, 1.0)
_TOGETHER: Final = 2
# Effects alike within this cannot be fitted.
_STILL: Final = 1e-6
# A plateau that is so many times the largest effect of a drug alone was not seen.
_SEEN: Final = 1.1
INERT: Final = 0.01
"""What has less effect than this has none."""


@dataclass(frozen=True)
class Pair:
    """Two agents, and at which levels both are given."""

    first: Agent
    second: Agent
    together: tuple[tuple[float, float], ...]

    @property
    def name(self) -> str:
        """``everolimus + BKM120``."""
        return f"{self.first.name} + {self.second.name}"

    @property
    def doses(self) -> tuple[Array, Array]:
        """Doses of each, zero first."""
        return np.append(0.0, self.first.levels), np.append(0.0, self.second.levels)


@dataclass(frozen=True)
class Surface:
    """What a pair does to one readout in one place.

    Attributes
    ----------
    pair : Pair
        What was given.
    readout : str
        What was looked at.
    place : mapping
        Cell, time and whatever else was varied.
    values, seen : array of shape (n, m)
        The readout, and its effect; NaN where none was computed.
    kind : str
        How effects were made of it: a key of :data:`.effects.KINDS`.
    alone : (Hill, Hill)
        Curves of each agent alone.
    excess : mapping
        By law, the effect seen above the one expected.
    indices : array of shape (n, m)
        Combination indices.
    musyc : Musyc or None
        The fitted surface; None where not all pairs of doses were computed, nothing happens, or
        pairs do more than ``reach``.
    reach : float
        Up to which effect Loewe's law is told: what was seen of a drug alone whose plateau was not.
    """

    pair: Pair
    readout: str
    place: Mapping[str, Any]
    values: Array
    seen: Array
    kind: str
    alone: tuple[Hill, Hill]
    excess: Mapping[str, Array]
    indices: Array
    musyc: Musyc | None
    reach: float = np.inf

    @property
    def opposed(self) -> bool:
        """Whether one agent alone undoes what the other does."""
        ends = self.seen[-1, 0], self.seen[0, -1]
        return min(ends) < -0.02 and max(ends) > 0.02

    @property
    def idle(self) -> bool:
        """Whether nothing that was given changes the readout."""
        return float(np.nanmax(np.abs(self.seen))) < INERT

    @property
    def scores(self) -> dict[str, float]:
        """Mean excess over all pairs of doses, by law."""
        return {law: _mean(excess[1:, 1:]) for law, excess in self.excess.items()}


def _mean(excess: Array) -> float:
    there = excess[np.isfinite(excess)]
    return float(there.mean()) if there.size else np.nan


# -- what is given --------------------------------------------------------------------------------


def pairs(
    model: SbmlModel,
    words: Words,
    fixed: Mapping[str, float],
    named: Sequence[str] = (),
    *,
    screen: bool = False,
) -> tuple[list[Pair], str]:
    """Return the pairs that are asked for, and a sentence on what was chosen where nobody said.

    Parameters
    ----------
    model : SbmlModel
        Whose names are meant.
    words : Words
        The experiment; drugs, doses and settings with several values are agents.
    fixed : mapping
        A parameter set.
    named : sequence of str
        Compounds besides, as ``NAME`` or ``NAME=DOSES``.
    screen : bool
        Whether all pairs are asked for, of what is named or else of one compound of each class.

    Raises
    ------
    AnalysisError, ScanError
        If there are not two agents, or one cannot be given.
    """
    agents = treatments.of_words(model, words, fixed)
    for text in named:
        agent = treatments.compound(model, text)
        agents.append(agent if "=" in text else _fewer(agent, screen))
    chosen = ""
    if not agents:
        there = list(classes(model)) if screen else _default(model)
        agents = [_fewer(treatments.compound(model, name), screen) for name in there]
        chosen = f"Nothing was named, so {_listed(there)} are given."
    _check(agents, screen)
    found = [_pair(*each, screen=screen) for each in combinations(agents, 2)]
    return [each for each in found if each.first.target != each.second.target], chosen


def classes(model: SbmlModel) -> Iterator[str]:
    """Yield one compound of each class that acts on a model: that which stands for the class."""
    found: dict[str, Compound] = {}
    for each in treatments.usable(model):
        stands = any("(class)" in alias for alias in each.aliases)
        if each.species not in found or stands:
            found.setdefault(each.species, each)
            if stands and not any("(class)" in a for a in found[each.species].aliases):
                found[each.species] = each
    yield from (each.name for each in found.values())


def _default(model: SbmlModel) -> list[str]:
    there = list(classes(model))
    usable = {each.name for each in treatments.usable(model)}
    if usable.issuperset(DEFAULT):
        return list(DEFAULT)
    if len(there) > 1:
        return there[:2]
    own = f" It has that of {there[0]} alone." if there else ""
    raise AnalysisError(
        f"Model {model.id!r} does not hold the targets of two classes of compounds.{own} Name two "
        "species, as in --dose 'SPECIES=1..1000 nM log 7', or parameters that are zero without "
        "them, as in --set 'L_0=1..1000 log 7'."
    )


def _fewer(agent: Agent, screen: bool) -> Agent:
    """Return a compound with as many doses as a matrix wants."""
    usual = agent.levels[-1] / 10  # the doses around a usual one end at ten times that
    if screen:
        return replace(agent, levels=tuple(usual * share for share in _SCREENED))
    return replace(agent, levels=tuple(float(d) for d in np.geomspace(usual / 1e3, usual, _GRID)))


def _check(agents: Sequence[Agent], screen: bool) -> None:
    names = [agent.name for agent in agents]
    for agent in agents:
        if names.count(agent.name) > 1:
            raise AnalysisError(
                f"{agent.name!r} is asked for twice; a drug with itself is additive by "
                "Loewe's law, whatever it does."
            )
        if len(agent.levels) < FEWEST:
            raise AnalysisError(
                f"{agent.name} has {len(agent.levels)} doses above zero, and a matrix needs "
                f"{FEWEST} at least; write them as in '{agent.name}=1..1000 nM log 7'."
            )
        if agent.kind == "setting" and agent.without != 0:
            raise AnalysisError(
                f"{agent.name} is {agent.without:g} without a treatment, so its values are no "
                "doses; vary a parameter that is zero, as the start of a ligand, or a species."
            )
    if len(agents) < 2 or (len(agents) > 2 and not screen):
        raise AnalysisError(
            f"A matrix is of two agents, and {len(agents)} "
            f"{'is' if len(agents) == 1 else 'are'} named: {', '.join(names)}. "
            "--screen takes all pairs of more."
        )
    if len({agent.target for agent in agents}) < 2:
        raise AnalysisError(
            f"{_listed(names)} are of one class, which one species stands for; they cannot be "
            "given together."
        )


def _pair(first: Agent, second: Agent, *, screen: bool) -> Pair:
    most = _TOGETHER if screen else None
    chosen = [agent.levels[-most:] if most else agent.levels for agent in (first, second)]
    return Pair(first, second, tuple(product(chosen[0], chosen[1])))


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def agents(asked: Sequence[Pair]) -> list[Agent]:
    """Return the agents of pairs, each once."""
    return list({a.name: a for each in asked for a in (each.first, each.second)}.values())


def rows(asked: Sequence[Pair]) -> list[Treatment]:
    """Return the treatments: none, each agent alone, and the pairs; each once."""
    found: list[Treatment] = [{}]
    found += [{a.name: level} for a in agents(asked) for level in a.levels]
    for each in asked:
        found += [{each.first.name: a, each.second.name: b} for a, b in each.together]
    return found


# -- what comes out -------------------------------------------------------------------------------


def surfaces(
    data: xr.Dataset, asked: Sequence[Pair], rates: Sequence[str] = RATES
) -> list[Surface]:
    """Return a surface for each pair, readout and place.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts at :func:`rows`, as :func:`.grid.run` returns them.
    asked : sequence of Pair
        What was given.
    rates : sequence of str
        Readouts that are rates of growth.
    """
    at = {_key(row): place for place, row in enumerate(rows(asked))}
    names = [str(name) for name in data.data_vars if name != "message"]
    others = [str(d) for d in data[names[0]].dims if d != TREATMENT]
    found = []
    for values_of in product(*(data[each].to_numpy().tolist() for each in others)):
        place = dict(zip(others, values_of, strict=True))
        here = data.sel(place)
        for pair, name in product(asked, names):
            matrix = _matrix(pair, here[name].to_numpy(), at)
            if not np.isfinite(matrix[0, 0]):
                raise AnalysisError(f"{name} has no value without a treatment at {place}.")
            found.append(surface(pair, name, place, matrix, rate=name in rates))
    return found


def _key(row: Treatment) -> frozenset[tuple[str, float]]:
    return frozenset(row.items())


def _matrix(pair: Pair, values: Array, at: Mapping[Any, int]) -> Array:
    one, other = pair.doses
    found = np.full((one.size, other.size), np.nan)
    for place in np.ndindex(found.shape):
        given = {
            pair.first.name: float(one[place[0]]),
            pair.second.name: float(other[place[1]]),
        }
        index = at.get(_key({name: level for name, level in given.items() if level > 0}))
        if index is not None:
            found[place] = values[index]
    return found


def surface(
    pair: Pair, name: str, place: Mapping[str, Any], values: Array, *, rate: bool = False
) -> Surface:
    """Return what a matrix of values amounts to."""
    seen, kind = effects(values, rate=rate)
    one, other = seen[:, :1], seen[:1, :]
    doses = pair.doses
    alone = _alone(doses[0], seen[:, 0]), _alone(doses[1], seen[0, :])
    # What does nothing alone is no partner for Loewe's law: the curve fitted to the other one may
    # be off by more.
    partners = min(float(np.nanmax(one)), float(np.nanmax(other))) > INERT
    # Of a drug whose plateau was not seen nobody knows which dose would do more than was seen.
    reach = min(_reach(alone[0], one), _reach(alone[1], other)) if partners else np.inf
    known = references.loewe(doses, alone) if partners else references.hsa(one, other)
    known = np.where((known <= reach) | (one <= 0) | (other <= 0), known, np.nan)
    # What has done nearly all that it does would do so at any higher dose, so no dose stands for
    # such an effect.
    most = min(float(np.nanmax(one)), float(np.nanmax(other)))
    told = (seen <= reach) & (seen < (1 - INERT) * most)
    indices = np.where(told, references.indices(doses, alone, seen), np.nan)
    excess = {
        "Bliss": seen - references.bliss(one, other),
        "Loewe": seen - known,
        "HSA": seen - references.hsa(one, other),
    }
    whole = bool(np.isfinite(seen).all()) and float(np.ptp(seen)) > _STILL
    if whole:
        expected, smooth = references.zip_(doses, alone, seen)
        excess["ZIP"] = smooth - expected
    return Surface(
        pair,
        name,
        place,
        values,
        seen,
        kind,
        alone,
        excess,
        indices,
        fitted(doses, seen, alone) if whole and float(seen.max()) <= reach else None,
        reach,
    )


def _reach(curve: Hill, effects: Array) -> float:
    """Return up to which effect the dose that has it is known: endless where the plateau is."""
    most = float(np.nanmax(effects))
    return most if curve.plateau > _SEEN * most else np.inf


def _alone(doses: Array, seen: Array) -> Hill:
    there = np.isfinite(seen[1:])
    given, effect = doses[1:][there], seen[1:][there]
    if effect.size < FEWEST or float(np.abs(effect).max()) < _STILL:
        return Hill(0.0, 0.0, float(doses[-1]), 1.0)
    # No more than all can go; how far a plateau that was not seen lies is no matter, as nothing is
    # told beyond what was.
    most = max(float(np.abs(effect).max()), 1.0)
    return fit(given, effect, base=0.0, bounds=(min(effect.min(), 0.0) - 1e-9, most + 1e-9))
