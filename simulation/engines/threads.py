"""Linear algebra on one thread.

Matrices are of a model's size, a few hundred rows. Several threads gain nothing on those, and where
every core has work already they wait for each other, which was seen to take a hundred times longer.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from importlib import import_module
from typing import Any

from threadpoolctl import ThreadpoolController


def alone() -> AbstractContextManager[Any]:
    """Return a context in which NumPy and SciPy use one thread."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    # Found anew each time, the libraries would cost more than the work; so both must be there.
    import_module("scipy.linalg")
    return ThreadpoolController()
