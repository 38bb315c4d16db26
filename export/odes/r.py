"""Equations as an R program that needs the package deSolve."""

from __future__ import annotations

from typing import Final

from ...network.network import Network
from . import layout
from .infix import Dialect
from .system import System, system

# What the function of constants calls something else; functions R tells apart.
_WORDS: Final = frozenset({"changed", "constants"})


def program(network: Network) -> str:
    """Return a network as a program; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a program with ``constants``, ``species`` and ``simulate``."""
    named = layout.Names(system, lambda name: not name.startswith("_") and name not in _WORDS, ".")
    ids = named.ids
    t, y, k, v, rate = (named.free(name) for name in ("t", "y", "k", "v", "rate"))
    dialect = Dialect(
        functions={"ceiling": "ceiling"},
        piecewise="(if ({1}) {0} else {2})",
        symbols={"time": t, "pi": "pi", "true": "TRUE", "false": "FALSE"},
    )

    def taking(array: str, names: list[str]) -> str:
        return "".join(
            f"  {named(name)} <- {array}[[{place}]]\n" for place, name in enumerate(names, 1)
        )

    constants = [each.id for each in system.constants]
    states = [each.id for each in system.states]
    fixed = [each for each in system.constants if each.formula is None]
    values = ",\n".join(f'  "{each.id}" = {each.value!r}' for each in fixed)
    every = ""
    for each in system.constants:
        value = (
            f'constants[["{each.id}"]]'
            if each.formula is None
            else dialect.written(each.formula, ids)
        )
        every += f'  {named(each.id)} <- given(changed, "{each.id}", {value})\n'
    starts = "".join(
        "    "
        + (f"{each.value!r}" if each.formula is None else dialect.written(each.formula, ids))
        + f"{',' if each is not system.states[-1] else ''}  # {each.id}\n"
        for each in system.states
    )
    outputs = "".join(
        f"  {named(each.id)} <- ({layout.folded(dialect.written(each.formula, ids), '    ')})\n"
        for each in system.outputs
    )
    rates = "".join(
        f"  {v}[[{place}]] <- ({layout.folded(rate_, '    ')})  # {system.fluxes[place - 1].rule}\n"
        for place, rate_ in enumerate(layout.fluxes(system, dialect, ids), 1)
    )
    sums = "".join(
        f"  {rate}[[{place}]] <- ({layout.folded(each, '    ')})  # {state.id}\n"
        for place, (state, each) in enumerate(
            zip(
                system.states,
                layout.sums(system, lambda flux: f"{v}[[{flux + 1}]]", ids),
                strict=True,
            ),
            1,
        )
    )
    patterns = ",\n".join(f'  "{each.id}" = "{_escaped(each.name)}"' for each in system.states)
    seen = ", ".join(f'"{each.id}" = {named(each.id)}' for each in system.outputs)
    back = ", ".join(named(name) for name in constants)
    step = ", hmax = (max(times) - min(times)) / 1000" if system.timed else ""
    return f"""{layout.notes(system, "#")}#
#   source("{system.id}.R"); course <- simulate(c(0, 3600, 86400))
#   course <- simulate(c(0, 3600), changed = list({next(iter(constants), "k")} = 2))
#
# As a program, Rscript {system.id}.R END STEPS prints a time course as CSV.

library(deSolve)

constants <- c(
{values}
)
# Pattern of each species by its identifier, in the order of the state.
species <- c(
{patterns}
)

given <- function(changed, name, value) {{
  if (is.null(changed[[name]])) value else changed[[name]]
}}

every_constant <- function(changed = list()) {{
{every}  c({layout.folded(back, "    ")})
}}

initial <- function({k}) {{
{taking(k, constants)}  c(
{starts}  )
}}

derivatives <- function({t}, {y}, {k}) {{
{taking(k, constants)}{taking(y, states)}{outputs}  {v} <- numeric({len(system.fluxes)})
{rates}  {rate} <- numeric({len(states)})
{sums}  list({rate}, c({layout.folded(seen, "    ")}))
}}

simulate <- function(times, changed = list(), rtol = 1e-9, atol = NULL) {{
  {k} <- every_constant(changed)
  {y} <- initial({k})
  if (is.null(atol)) atol <- 1e-12 * if (any({y} != 0)) max(abs({y})) else 1
  found <- ode({y}, times, derivatives, {k}, method = "lsoda", rtol = rtol, atol = atol,
    maxsteps = 1e5{step})
  colnames(found)[seq_along(species) + 1] <- names(species)
  as.data.frame(found, check.names = FALSE)
}}

if (sys.nframe() == 0 && length(commandArgs(TRUE)) == 2) {{
  arguments <- as.numeric(commandArgs(TRUE))
  course <- simulate(seq(0, arguments[[1]], length.out = arguments[[2]] + 1))
  options(digits = 15)
  write.csv(course, row.names = FALSE, quote = FALSE)
}}
"""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
