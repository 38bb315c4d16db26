"""Equations as an ``.ode`` file for XPPAUT."""

from __future__ import annotations

import re
from typing import Final

from ...network.network import Network
from ..holding import CannotHoldError, refuse
from ..sbml.mathematics.mathml import Apply, walk
from . import layout
from .infix import Dialect
from .system import System, system

# XPPAUT cuts names after nine letters, does not tell capitals, and has these for itself.
_LONGEST: Final = 9
_RESERVED: Final = frozenset(
    """t pi sin cos tan atan atan2 asin acos sinh cosh tanh exp delay ln log log10 sqrt abs max min
    heav sign flr mod ran normal bessely besselj besseli erf erfc hom_bcs poisson lgamma int if then
    else sum of shift del_shft delay set not arg1 arg2 arg3 arg4 arg5 arg6 arg7 arg8 arg9 par init
    number aux done table global bdry wiener markov special export ishift rand""".split()  # noqa: SIM905
)
# What it lacks, defined by what it has, by MathML's names.
_FUNCTIONS: Final = {
    "ceiling": "-flr(-x)",
    "arcsinh": "ln(x+sqrt(x^2+1))",
    "arccosh": "ln(x+sqrt(x^2-1))",
    "arctanh": "ln((1+x)/(1-x))/2",
}
# What XPPAUT 6.11 has room for.
_MOST_PARAMETERS: Final = 390
_MOST_DERIVED: Final = 200
_MOST_QUANTITIES: Final = 1947
_LONGEST_LINE: Final = 1000  # it reads 1,024 characters of a line


def program(network: Network) -> str:
    """Return a network as an ``.ode`` file; :func:`text` says what is in it.

    Raises
    ------
    CannotHoldError
        If XPPAUT has no room for the model.
    """
    return text(system(network))


class _Names:
    """Names that XPPAUT tells apart: a letter and a number where the identifier will not do."""

    def __init__(self, system: System) -> None:
        self.ids: dict[str, str] = {}
        self._taken: set[str] = {*_RESERVED, *(f"x{name}" for name in _FUNCTIONS)}
        for letter, things in (
            ("k", system.constants),
            ("s", system.states),
            ("o", system.outputs),
        ):
            for number, each in enumerate(things, 1):
                self.ids[each.id] = self.claim(each.id, f"{letter}{number}")

    def claim(self, wanted: str, otherwise: str) -> str:
        """Return ``wanted`` if it will do, else ``otherwise``, with more letters if need be."""
        found = wanted if self._will_do(wanted) else otherwise
        while not self._will_do(found):
            found += "x"
        self._taken.add(found.lower())
        return found

    def _will_do(self, name: str) -> bool:
        return len(name) <= _LONGEST and name[0].isalpha() and name.lower() not in self._taken


def text(system: System) -> str:
    """Return parameters, starting values, equations, and observables as auxiliary quantities.

    Observables and expressions that rates rest on are fixed quantities too.
    """
    named = _Names(system)
    ids = named.ids
    dialect = Dialect(
        functions={"floor": "flr", **{name: f"x{name}" for name in _FUNCTIONS}},
        piecewise="(if({1})then({0})else({2}))",
        log="(ln({1})/ln({0}))",
        logic={"and": "&", "or": "|", "not": "not"},
        symbols={"time": "t", "pi": "pi", "true": "(0==0)", "false": "(0==1)"},
        pairs=True,
        wary=True,
    )
    lines = layout.notes(system, "#").splitlines()
    lines += [f"# {short} is {id}" for id, short in ids.items() if short != id]
    every = [*(each.formula for each in system.outputs), *system.laws.values()]
    every += [each.formula for each in system.constants]
    called = {n.operator for one in every if one for n in walk(one) if isinstance(n, Apply)}
    lines += [f"x{name}(x)={body}" for name, body in _FUNCTIONS.items() if name in called]
    for each in system.constants:
        if each.formula is None:
            lines.append(f"par {ids[each.id]}={each.value!r}")
        else:
            lines += _equation(f"!{ids[each.id]}", dialect.written(each.formula, ids), named)
    lines += [f"init {ids[each.id]}={each.value!r}" for each in system.states]
    for each in system.outputs:
        formula = dialect.written(each.formula, ids)
        lines += _equation(ids[each.id], formula, named)
    rates = [named.claim(f"v{number}", f"v{number}") for number in range(1, len(system.fluxes) + 1)]
    for rate, formula, flux in zip(
        rates, layout.fluxes(system, dialect, ids), system.fluxes, strict=True
    ):
        lines += [f"# {flux.rule}", *_equation(rate, formula, named)]
    for state, total in zip(
        system.states, layout.sums(system, lambda place: rates[place], ids), strict=True
    ):
        lines += [f"# {state.name}", *_equation(f"d{ids[state.id]}/dt", total, named)]
    lines += [
        f"aux {named.claim(f'a_{ids[each.id]}', f'a{number}')}={ids[each.id]}"
        for number, each in enumerate(system.outputs, 1)
    ]
    _check(lines)
    lines += ["@ meth=cvode, tol=1e-10, atol=1e-12, bound=1e30, maxstor=100000", "done"]
    return "\n".join(lines) + "\n"


def _check(lines: list[str]) -> None:
    """Refuse what XPPAUT has no room for.

    Raises
    ------
    CannotHoldError
        If there is too much of anything.
    """
    parameters, derived = (sum(line.startswith(mark) for line in lines) for mark in ("par ", "!"))
    others = sum(not line.startswith(("#", "par ", "!", "init ", "aux ")) for line in lines)
    refuse(
        f"it has {count:,} {kind}, and XPPAUT has room for {most:,}"
        for kind, count, most in (
            ("parameters", parameters + derived, _MOST_PARAMETERS),
            ("parameters that follow from others", derived, _MOST_DERIVED),
            ("species, observables, expressions and reactions", others, _MOST_QUANTITIES),
        )
        if count > most
    )


def _equation(name: str, formula: str, named: _Names) -> list[str]:
    """Return the lines of an equation: a long sum is put together from parts of it.

    Raises
    ------
    CannotHoldError
        If it is longer than XPPAUT reads, and no sum.
    """
    lines: list[str] = []
    if len(formula) > _LONGEST_LINE:
        terms, part = [], ""
        for term in _terms(formula):
            if part and len(part) + len(term) > _LONGEST_LINE:
                terms.append(part)
                part = ""
            part += term
        for number, each in enumerate([*terms, part], 1):
            if len(each) > _LONGEST_LINE:
                raise CannotHoldError(
                    f"XPPAUT reads {_LONGEST_LINE:,} characters of a line, and the formula of "
                    f"{name.lstrip('!')!r} has {len(formula):,}"
                )
            lines.append(f"{named.claim(f'u{number}', f'u{number}')}={_plain(each)}")
        formula = "+".join(line.partition("=")[0] for line in lines)
    return [*lines, f"{name}={_plain(formula)}"]


def _terms(formula: str) -> list[str]:
    """Return the terms of a sum, each with its sign."""
    found, depth = [""], 0
    for word in formula.split(" "):
        if depth == 0 and word in ("+", "-"):
            found.append("")
        found[-1] += word
        depth += word.count("(") - word.count(")")
    return found


_SIGNS: Final = {"-": "0-", "+": "", "+-": "-", "--": "+"}


def _plain(formula: str) -> str:
    """Return a formula without blanks, and without a sign where XPPAUT takes none."""
    return re.sub(
        r"\+-|--|^\+|^-|(?<=[=<>(])-",
        lambda match: _SIGNS[match[0]],
        formula.replace(" ", ""),
    )
