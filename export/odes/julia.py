"""Equations as a Julia module that needs OrdinaryDiffEq."""

from __future__ import annotations

from typing import Final

from ...network.network import Network
from . import layout
from .infix import Dialect
from .system import System, system

# What the function of constants calls something else.
_WORDS: Final = frozenset({"changed", "get", "Float64"})


def program(network: Network) -> str:
    """Return a network as a program; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a module with ``constants``, ``species``, ``problem`` and ``simulate``."""
    named = layout.Names(system, lambda name: name not in _WORDS, "x")
    ids = named.ids
    t, y, k, dy = (named.free(name) for name in ("t", "y", "k", "dy"))
    v = named.stem("v")
    dialect = Dialect(
        piecewise="({1} ? {0} : {2})",
        symbols={"time": t, "pi": "Float64(pi)", "true": "true", "false": "false"},
        real=True,  # whole numbers end at 2^63, and go on below without a word
    )

    def taking(array: str, names: list[str]) -> str:
        return "".join(
            f"    {named(name)} = {array}[{place}]\n" for place, name in enumerate(names, 1)
        )

    constants = [each.id for each in system.constants]
    states = [each.id for each in system.states]
    every = "".join(
        f"    {named(each.id)} = get(changed, :{each.id}, "
        + (repr(each.value) if each.formula is None else dialect.written(each.formula, ids))
        + f"){_comment(each.unit)}\n"
        for each in system.constants
    )
    starts = "".join(
        f"        {each.value!r},  # {each.id}\n"
        if each.formula is None
        else f"        {dialect.written(each.formula, ids)},  # {each.id}\n"
        for each in system.states
    )
    outputs = "".join(
        f"    {named(each.id)} = {dialect.written(each.formula, ids)}\n" for each in system.outputs
    )
    rates = "".join(
        f"    {v}{place} = {rate}  # {system.fluxes[place].rule}\n"
        for place, rate in enumerate(layout.fluxes(system, dialect, ids))
    )
    sums = "".join(
        f"    {dy}[{place}] = {each}  # {state.id}\n"
        for place, (state, each) in enumerate(
            zip(system.states, layout.sums(system, lambda flux: f"{v}{flux}", ids), strict=True), 1
        )
    )
    patterns = "".join(f'    :{each.id} => raw"{_escaped(each.name)}",\n' for each in system.states)
    seen = "".join(f"        {each.id} = {named(each.id)},\n" for each in system.outputs)
    step = ", dtmax = (times[end] - times[1]) / 1000" if system.timed else ""
    return f"""{layout.notes(system, "#")}module Model_{system.id}

using OrdinaryDiffEq

# Pattern of each species by its identifier, in the order of the state.
const species = [
{patterns}]

# With changes by name, as in `constants((; {next(iter(constants), "k")} = 2.0))`.
function constants(changed = (;))
{every}    return Float64[{", ".join(map(named, constants))}]
end

function initial({k})
{taking(k, constants)}    return Float64[
{starts}    ]
end

function derivatives!({dy}, {y}, {k}, {t})
{taking(k, constants)}{taking(y, states)}{outputs}{rates}{sums}    return nothing
end

\"\"\"Observables and expressions of one state.\"\"\"
function observables({y}, {k}, {t})
{taking(k, constants)}{taking(y, states)}{outputs}    return (;
{seen}    )
end

function problem(span, changed = (;))
    {k} = constants(changed)
    return ODEProblem(derivatives!, initial({k}), span, {k})
end

function simulate(times, changed = (;); rtol = 1e-9, atol = nothing)
    asked = problem((first(times), last(times)), changed)
    atol = something(atol, 1e-12 * (iszero(asked.u0) ? 1.0 : maximum(abs, asked.u0)))
    return solve(
        asked, Rodas5P(); reltol = rtol, abstol = atol, saveat = times{step}
    )
end

end
"""


def _comment(unit: str) -> str:
    return f"  # {unit}" if unit else ""


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')
