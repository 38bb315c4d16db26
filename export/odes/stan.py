"""Equations as a Stan program: what a fit puts its priors and its data beside."""

from __future__ import annotations

from typing import Final

from ...network.network import Network
from . import layout
from .infix import Dialect
from .system import System, system

_RESERVED: Final = frozenset(
    """for in while repeat until if then else true false target struct typedef export auto extern
    var static lower upper offset multiplier return break continue profile int real complex vector
    row_vector matrix simplex unit_vector ordered positive_ordered cholesky_factor_corr
    cholesky_factor_cov corr_matrix cov_matrix void array tuple data functions model parameters
    quantities transformed generated print reject fatal_error jacobian pi e""".split()  # noqa: SIM905
)


def program(network: Network) -> str:
    """Return a network as a program; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a program whose functions are ``initial``, ``derivatives`` and ``observables``.

    Its data are times and the constants that follow from no others; what it generates is the course
    of species and observables.
    """
    named = layout.Names(system, _legal, "x")
    ids = named.ids
    t, y, k, v, dy, out = (named.free(name) for name in ("t", "y", "k", "v", "dy", "seen"))
    times, course = named.free("times"), named.free("course")
    dialect = Dialect(
        functions={"min": "fmin", "max": "fmax", "ceiling": "ceil"},
        symbols={"time": t, "pi": "pi()", "true": "1", "false": "0"},
        pairs=True,
        real=True,
    )

    def taking(array: str, names: list[str]) -> str:
        return "".join(
            f"    real {named(name)} = {array}[{place}];\n" for place, name in enumerate(names, 1)
        )

    fixed = [each for each in system.constants if each.formula is None]
    derived = [each for each in system.constants if each.formula is not None]
    about = "".join(
        f"  // {k}[{place}] is {each.id} = {each.value!r}{layout.unit(each.unit)}\n"
        for place, each in enumerate(fixed, 1)
    )
    constants = taking(k, [each.id for each in fixed]) + "".join(
        f"    real {named(each.id)} = {dialect.written(each.formula, ids)};\n"
        for each in derived
        if each.formula is not None
    )
    states = taking(y, [each.id for each in system.states])
    starts = "".join(
        f"    {y}[{place}] = "
        + (repr(each.value) if each.formula is None else dialect.written(each.formula, ids))
        + f";  // {each.id} = {each.name}\n"
        for place, each in enumerate(system.states, 1)
    )
    outputs = "".join(
        f"    real {named(each.id)} = {layout.folded(dialect.written(each.formula, ids), '      ')}"
        f";{layout.unit(each.unit) and f'  //{layout.unit(each.unit)}'}\n"
        for each in system.outputs
    )
    rates = "".join(
        f"    {v}[{place}] = {rate};  // {system.fluxes[place - 1].rule}\n"
        for place, rate in enumerate(layout.fluxes(system, dialect, ids), 1)
    )
    sums = "".join(
        f"    {dy}[{place}] = {layout.folded(each, '      ')};  // {state.id}\n"
        for place, (state, each) in enumerate(
            zip(
                system.states,
                layout.sums(system, lambda flux: f"{v}[{flux + 1}]", ids),
                strict=True,
            ),
            1,
        )
    )
    seen = "".join(
        f"    {out}[{place}] = {named(each.id)};\n" for place, each in enumerate(system.outputs, 1)
    )
    count, shown = len(system.states), len(system.outputs)
    return f"""{layout.notes(system, "//")}//
// The constants that it is given, in their order, with the values of the model:
{about}
functions {{
  vector initial(array[] real {k}) {{
{constants}    vector[{count}] {y};
{starts}    return {y};
  }}

  vector derivatives(real {t}, vector {y}, array[] real {k}) {{
{constants}{states}{outputs}    vector[{len(system.fluxes)}] {v};
{rates}    vector[{count}] {dy};
{sums}    return {dy};
  }}

  vector observables(real {t}, vector {y}, array[] real {k}) {{
{constants}{states}{outputs}    vector[{shown}] {out};
{seen}    return {out};
  }}
}}
data {{
  int<lower=1> number_of_times;
  array[number_of_times] real<lower=0> {times};  // above 0, ascending
  array[{len(fixed)}] real {k};
}}
generated quantities {{
  array[number_of_times] vector[{count}] {course} = ode_bdf(
    derivatives, initial({k}), 0, {times}, {k}
  );
  array[number_of_times] vector[{shown}] {course}_seen;
  for (i in 1:number_of_times) {{
    {course}_seen[i] = observables({times}[i], {course}[i], {k});
  }}
}}
"""


def _legal(name: str) -> bool:
    return name[0].isalpha() and not name.endswith("__") and name not in _RESERVED
