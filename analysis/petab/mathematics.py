"""PEtab's mathematics, read by its own library and turned into functions of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...export.holding import MissingSoftwareError
from .problem import PetabError

if TYPE_CHECKING:
    from types import ModuleType


def library() -> ModuleType:
    """Return the library ``petab``.

    Raises
    ------
    MissingSoftwareError
        If it is not installed.
    """
    try:
        import petab.v1
        import petab.v2
    except ImportError:
        raise MissingSoftwareError(
            "PEtab problems are read and checked by the library petab, which is not installed; "
            "\"pip install 'mtorules[petab]'\" brings it."
        ) from None
    return petab


@cache
def names(text: str) -> frozenset[str]:
    """Return the ids that a formula holds; ``time`` is no id."""
    return frozenset(str(each) for each in _expression(text).free_symbols) - {"time"}


@cache
def function(text: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return what computes a formula from values by id, numbers or arrays, ``time`` among them.

    Raises
    ------
    PetabError
        If it is no formula.
    """
    import sympy

    expression = _expression(text)
    symbols = sorted(expression.free_symbols, key=str)
    # SymPy writes infinities by names that NumPy 2 has no more; what is divided by nothing is none.
    infinite = {sympy.oo: np.inf, -sympy.oo: -np.inf, sympy.zoo: np.nan, sympy.nan: np.nan}
    instead = {each: sympy.Dummy() for each in infinite}
    computed = sympy.lambdify(
        [*symbols, *instead.values()], expression.xreplace(instead), modules="numpy"
    )
    needed = [str(each) for each in symbols]

    def compute(values: Mapping[str, Any]) -> Any:
        with np.errstate(all="ignore"):
            return computed(*(values[name] for name in needed), *infinite.values())

    return compute


def defined(text: str) -> bool:
    """Tell whether a formula has a value at all: nothing in it is divided by nothing."""
    import sympy

    no = (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
    return not _expression(text).has(*no)


@cache
def _expression(text: str) -> Any:
    library()
    from petab.v1.math import sympify_petab

    try:
        return sympify_petab(text)
    except (ValueError, TypeError) as error:  # the latter for (x > 1) * 2
        raise PetabError(f"{text!r} is no formula of PEtab: {error}") from None
