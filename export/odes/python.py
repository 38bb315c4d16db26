"""Equations as a Python module that needs NumPy and SciPy and nothing else."""

from __future__ import annotations

from typing import Final

from ...network.network import Network
from . import layout
from .infix import Dialect
from .system import System, system

_NUMPY: Final = {
    name: f"np.{name}"
    for name in ("exp", "abs", "floor", "sin", "cos", "tan", "sinh", "cosh", "tanh")
} | {
    "ln": "np.log", "ceiling": "np.ceil", "arcsin": "np.arcsin", "arccos": "np.arccos",
    "arctan": "np.arctan", "arcsinh": "np.arcsinh", "arccosh": "np.arccosh",
    "arctanh": "np.arctanh", "root": "np.sqrt",
}  # fmt: skip
# What the function of constants calls something else.
_WORDS: Final = frozenset(
    (
        *("CONSTANTS", "SPECIES", "OBSERVABLES", "changed", "every", "unknown"),
        *("dict", "float", "map", "repr", "sorted", "KeyError"),
    )
)


def program(network: Network) -> str:
    """Return a network as a program; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a module with ``CONSTANTS``, ``SPECIES``, ``OBSERVABLES`` and ``simulate``."""
    named = layout.Names(system, lambda name: name not in _WORDS, "x")
    ids = named.ids
    np, t, y, k = (named.free(name) for name in ("np", "t", "y", "k"))
    v = named.stem("v")
    dialect = Dialect(
        functions={name: f"{np}{function[2:]}" for name, function in _NUMPY.items()},
        power="{0}**{1}",
        piecewise="({0} if {1} else {2})",
        log=f"{np}.log({{1}})/{np}.log({{0}})",
        logic={"and": "and", "or": "or", "not": "not "},
        symbols={"time": t, "pi": f"{np}.pi", "true": "True", "false": "False"},
    )
    constants = [each.id for each in system.constants]
    states = [each.id for each in system.states]
    listed = layout.listed([*map(named, constants), ""], "        ")
    names = f"({listed}) = {k}\n    " if constants else ""
    species = f"({layout.listed([*map(named, states), ''], '        ')}) = {y}\n    "
    unpack = (names + species).rstrip()
    outputs = "".join(
        f"    {named(each.id)} = "
        f"{layout.folded(_wrapped(dialect.written(each.formula, ids)), '        ')}\n"
        for each in system.outputs
    )
    rates = "".join(
        f"    {v}{place} = {_wrapped(rate)}  # {system.fluxes[place].rule}\n"
        for place, rate in enumerate(layout.fluxes(system, dialect, ids))
    )
    sums = "".join(
        f"        {layout.folded(each, '        ')},  # {state.id}\n"
        for state, each in zip(
            system.states, layout.sums(system, lambda place: f"{v}{place}", ids), strict=True
        )
    )
    fixed = [each for each in system.constants if each.formula is None]
    derived = [each for each in system.constants if each.formula is not None]
    values = "".join(f'    "{each.id}": {each.value!r},{_comment(each.unit)}\n' for each in fixed)
    follow = "".join(
        f"    {named(each.id)} = "
        f"changed.get({each.id!r}, {_wrapped(dialect.written(each.formula, ids))})\n"
        for each in derived
        if each.formula is not None
    )
    taken = "".join(f"    {named(each.id)} = every[{each.id!r}]\n" for each in fixed)
    starts = "".join(
        f"        {each.value!r},  # {each.id}\n"
        if each.formula is None
        else f"        {dialect.written(each.formula, ids)},  # {each.id}\n"
        for each in system.states
    )
    table = "".join(f'    "{each.id}": {each.name!r},\n' for each in system.states)
    observed = "".join(f'    "{each.id}": {each.unit!r},\n' for each in system.outputs)
    step = "(times[-1] - times[0]) / 1000" if system.timed else f"{np}.inf"
    return f'''"""
{layout.notes(system, "").replace(chr(10) + " ", chr(10)).strip()}

>>> course = simulate([0, 3600, 86400])  # a dictionary: what was asked, over these times
>>> course = simulate([0, 3600], changed={{{next(iter(constants), "k")!r}: 2.0}})

Run as a program it prints a time course as CSV: end and number of steps are its arguments.
"""

import sys

import numpy as {np}
from scipy.integrate import solve_ivp

# What can be changed; what follows from it does so unless it is changed itself.
CONSTANTS = {{
{values}}}
# Pattern of each species by its identifier, in the order of the state.
SPECIES = {{
{table}}}
# Unit of each observable and expression.
OBSERVABLES = {{
{observed}}}


def constants(changed=None):
    """Return every constant, those that follow from others last."""
    changed = dict(changed or {{}})
    unknown = changed.keys() - {{*CONSTANTS, {", ".join(repr(e.id) for e in derived)}}}
    if unknown:
        raise KeyError(f"the model has no {{', '.join(map(repr, sorted(unknown)))}}")
    every = {{**CONSTANTS, **changed}}
{taken}{follow}    return {np}.array([{listed}], dtype=float)


def initial({k}):
    """Return the state at the start."""
    {names.rstrip()}
    return {np}.array([
{starts}    ], dtype=float)


def derivatives({t}, {y}, {k}):
    """Return how fast each species changes."""
    {unpack}
{outputs}{rates}    return {np}.array([
{sums}    ], dtype=float)


def observables({t}, {y}, {k}):
    """Return observables and expressions of one state."""
    {unpack}
{outputs}    return [{layout.listed([named(each.id) for each in system.outputs], "        ")}]


def simulate(times, changed=None, start=None, rtol=1e-9, atol=None, max_step=None):
    """Return species and observables over times.

    changed: values of constants by name; start: amounts of species by name.
    """
    times = {np}.asarray(times, dtype=float)
    {k} = constants(changed)
    {y} = initial({k})
    for name, amount in (start or {{}}).items():
        {y}[list(SPECIES).index(name)] = amount
    if atol is None:
        atol = 1e-12 * ({np}.abs({y}).max(initial=0.0) or 1.0)
    with {np}.errstate(all="ignore"):
        found = solve_ivp(
            derivatives, (times[0], times[-1]), {y}, method="LSODA", t_eval=times, args=({k},),
            rtol=rtol, atol=atol, max_step=max_step or {step},
        )
        if not found.success:
            raise RuntimeError(found.message)
        seen = {np}.array([observables(at, y, {k}) for at, y in zip(times, found.y.T)], dtype=float)
    course = {{"time": times, **dict(zip(SPECIES, found.y))}}
    return course | dict(zip(OBSERVABLES, seen.reshape(len(times), -1).T))


if __name__ == "__main__":
    end, steps = float(sys.argv[1]), int(sys.argv[2])
    course = simulate({np}.linspace(0, end, steps + 1))
    print(",".join(course))
    for row in zip(*course.values()):
        print(",".join(map(repr, map(float, row))))
'''


def _wrapped(formula: str) -> str:
    """Put a formula in parentheses, so that it may go on in the next line."""
    return f"({formula})" if len(formula) > layout.WIDTH // 2 else formula


def _comment(unit: str) -> str:
    return f"  # {unit}" if unit else ""
