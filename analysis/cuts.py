"""Which claims rest on which mechanism: all are asked with one mechanism off.

A mechanism whose cut fails no claim is unneeded, or nobody claims anything of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..network.mechanisms import Mechanism, mechanisms
from ..simulation.engines import Loaded
from .claims.reading import Claims
from .polling import Answer, Asker, chosen

ALL: Final = "all"
"""Stands for every mechanism."""
# To what a constant is lowered that others are divided by.
_NEXT_TO_NOTHING: Final = 1e-12


class CutError(ValueError):
    """A mechanism that the model does not have; the message names the nearest."""


@dataclass(frozen=True)
class Cut:
    """What a mechanism's cut does.

    Attributes
    ----------
    mechanism : Mechanism
        What was cut.
    lost, won : tuple of str
        Claims that hold with it and not without it, and the other way round.
    unanswered : dict
        By lost claim of which something could not be measured, why: cells without the mechanism
        may not rest, or nothing is left to be compared.
    """

    mechanism: Mechanism
    lost: tuple[str, ...]
    won: tuple[str, ...]
    unanswered: Mapping[str, str]


@dataclass(frozen=True)
class Cuts:
    """What cuts do: of so many claims, of which so many hold in the whole model."""

    claims: int
    held: int
    cuts: tuple[Cut, ...]


def select(loaded: Loaded, names: Sequence[str]) -> tuple[Mechanism, ...]:
    """Return the mechanisms of some names; ``all`` is every one that has rules.

    Raises
    ------
    CutError
        If the model has no such mechanism, or none at all.
    """
    if loaded.network is None or not loaded.network.rules:
        raise CutError(
            f"Model {loaded.model.id!r} holds no rules, so nothing tells its mechanisms apart; ask "
            "a model of rules: a name of 'mtorules models', a PySB model or a .bngl file."
        )
    known = mechanisms(loaded.network)
    found: dict[str, Mechanism] = {}
    for name in names:
        if name == ALL:
            found.update(known)
        elif name in known:
            found[name] = known[name]
        else:
            last = {full.rpartition("/")[2]: full for full in known}
            near = difflib.get_close_matches(name, known, n=3) or [
                last[part] for part in difflib.get_close_matches(name, last, n=3)
            ]
            hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
            hint = hint or f"It has {', '.join(known)}."
            raise CutError(f"Model {loaded.model.id!r} has no mechanism {name!r}. {hint}")
    return tuple(found.values())


def cuts(
    claims: Claims,
    loaded: Loaded,
    chosen_mechanisms: Sequence[Mechanism],
    *,
    base: Mapping[str, float] | None = None,
    store: Path | None = None,
    workers: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Cuts:
    """Ask claims of a model without one mechanism after another.

    Parameters
    ----------
    claims : Claims
        What is asked; claims over panels of virtual cells are left out.
    loaded : Loaded
        The model.
    chosen_mechanisms : sequence of Mechanism
        See :func:`select`.
    base : mapping, optional
        Values of the reference cell, where they are other than the model's.
    store, workers
        See :class:`.polling.Asker`.
    told : callable, optional
        Told how many cells were asked, and how many there are.
    """
    claims = chosen(claims)
    found = []
    with Asker(claims, loaded, store=store, workers=workers) as asker:
        whole = asker.ask(dict(base or {}))
        for number, mechanism in enumerate(chosen_mechanisms):
            if told is not None:
                told(number + 1, len(chosen_mechanisms) + 1)
            without = _without(mechanism, loaded, base or {})
            answer = asker.ask({**(base or {}), **without}) if without else whole
            found.append(_cut(mechanism, claims, whole, answer))
        if told is not None:
            told(len(chosen_mechanisms) + 1, len(chosen_mechanisms) + 1)
    return Cuts(len(claims), len(whole.held), tuple(found))


def _without(mechanism: Mechanism, loaded: Loaded, base: Mapping[str, float]) -> dict[str, float]:
    """Return the values with which a mechanism is off."""
    values = dict.fromkeys(mechanism.constants, 0.0)
    for name in mechanism.dividing:
        values[name] = _NEXT_TO_NOTHING * (
            base.get(name) or loaded.model.parameters[name].value or 1.0
        )
    return values


def _cut(mechanism: Mechanism, claims: Claims, whole: Answer, without: Answer) -> Cut:
    lost = tuple(c.id for c in claims if c.id in whole.held - without.held)
    won = tuple(c.id for c in claims if c.id in without.held - whole.held)
    unanswered = {id: without.unanswered[id] for id in lost if id in without.unanswered}
    return Cut(mechanism, lost, won, unanswered)
