"""Equations as a function file for MATLAB and GNU Octave."""

from __future__ import annotations

from typing import Final

from ...network.network import Network
from . import layout
from .infix import Dialect
from .system import System, system

# What functions that hold constants and outputs call something else.
_WORDS: Final = frozenset({"changed", "given", "zeros", "rate", "seen"})

# What is longer, MATLAB cuts there.
_LONGEST: Final = 63


def program(network: Network) -> str:
    """Return a network as a program; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a function ``[course, names] = ID(times, changed)``."""
    named = layout.Names(
        system, lambda name: not name.startswith("_") and name not in _WORDS, "x", _LONGEST
    )
    ids = named.ids
    t, y, k, v = (named.free(name) for name in ("t", "y", "k", "v"))
    change, start, derive, observe = (
        named.free(name) for name in ("constants", "start", "derivatives", "observables")
    )
    dialect = Dialect(
        functions={"ln": "log"},
        piecewise="piecewise({1}, {0}, {2})",
        logic={"not": "~", "neq": "~="},
        symbols={"time": t, "pi": "pi", "true": "true", "false": "false"},
        pairs=True,
    )

    def taking(array: str, names: list[str]) -> str:
        return "".join(
            f"    {named(name)} = {array}({place});\n" for place, name in enumerate(names, 1)
        )

    constants = [each.id for each in system.constants]
    states = [each.id for each in system.states]
    values = ""
    for place, each in enumerate(system.constants, 1):
        value = (
            f"{each.value!r}"
            if each.formula is None
            else layout.folded(dialect.written(each.formula, ids), "        ", " ...")
        )
        about = f"  %{layout.unit(each.unit)}" if each.unit else ""
        field = each.id if len(each.id) <= _LONGEST else named(each.id)
        values += (
            f"    {named(each.id)} = given(changed, '{field}', {value});{about}\n"
            f"    {k}({place}) = {named(each.id)};\n"
        )
    starts = "".join(
        f"    {y}({place}) = "
        + (f"{each.value!r}" if each.formula is None else dialect.written(each.formula, ids))
        + f";  % {each.id} = {each.name}\n"
        for place, each in enumerate(system.states, 1)
    )
    outputs = "".join(
        f"    {named(each.id)} = "
        f"{layout.folded(dialect.written(each.formula, ids), '        ', ' ...')};\n"
        for each in system.outputs
    )
    rates = "".join(
        f"    {v}({place}) = {layout.folded(rate, '        ', ' ...')};  "
        f"% {system.fluxes[place - 1].rule}\n"
        for place, rate in enumerate(layout.fluxes(system, dialect, ids), 1)
    )
    sums = "".join(
        f"    rate({place}) = {layout.folded(each, '        ', ' ...')};  % {state.id}\n"
        for place, (state, each) in enumerate(
            zip(
                system.states,
                layout.sums(system, lambda flux: f"{v}({flux + 1})", ids),
                strict=True,
            ),
            1,
        )
    )
    seen = "".join(
        f"    seen({place}) = {named(each.id)};\n" for place, each in enumerate(system.outputs, 1)
    )
    names = ", ...\n        ".join(
        f"'{name}'" for name in [*states, *(each.id for each in system.outputs)]
    )
    step = "(times(end) - times(1))/1000" if system.timed else "-1"
    most = f", 'MaxStep', {step}" if system.timed else ""
    unpack = taking(k, constants) + taking(y, states)
    return f"""function [course, names] = {system.id}(times, changed)
{layout.notes(system, "%")}%
% course   one row a time, one column a name: species, then observables and expressions
% names    names of the columns
% times    times to look at, increasing, at least two
% changed  structure of constants that are other than here; leave out for none

    if nargin < 2
        changed = struct();
    end
    {k} = {change}(changed);
    {y} = {start}({k});
    tolerance = 1e-12*max(abs({y}));
    if tolerance == 0  % all begin with nothing
        tolerance = 1e-12;
    end
    looked = times(:);
    if exist('OCTAVE_VERSION', 'builtin')  % its ode15s fails at the first step of stiff models
        lsode_options('relative tolerance', 1e-9);
        lsode_options('absolute tolerance', tolerance);
        lsode_options('step limit', 1e6);
        lsode_options('maximum step size', {step});
        [states, status, message] = lsode(@(y, t) {derive}(t, y, {k}), {y}, looked);
        if status ~= 2
            error(message);
        end
    else
        if numel(looked) == 2  % the solver would return steps of its own
            looked = [looked(1); mean(looked); looked(2)];
        end
        options = odeset('RelTol', 1e-9, 'AbsTol', tolerance{most});
        [~, states] = ode15s(@(t, y) {derive}(t, y, {k}), looked, {y}, options);
        if size(states, 1) < numel(looked)
            error('the solver stopped before the last time');
        end
        if numel(times) == 2
            states = states([1 3], :);
        end
    end
    for row = 1:numel(times)
        course(row, :) = [states(row, :), {observe}(times(row), states(row, :), {k})];
    end
    names = {{ ...
        {names}}};
end

function {k} = {change}(changed)
    {k} = zeros(1, {len(constants)});
{values}end

function {y} = {start}({k})
{taking(k, constants)}    {y} = zeros({len(states)}, 1);
{starts}end

function rate = {derive}({t}, {y}, {k})
{unpack}{outputs}    {v} = zeros({len(system.fluxes)}, 1);
{rates}    rate = zeros({len(states)}, 1);
{sums}end

function seen = {observe}({t}, {y}, {k})
{unpack}{outputs}    seen = zeros(1, {len(system.outputs)});
{seen}end

function value = given(changed, name, value)
    if isfield(changed, name)
        value = changed.(name);
    end
end

function value = piecewise(condition, value, other)
    if ~condition
        value = other;
    end
end
"""
