"""From rules to a reaction network: one plain object that every format and engine takes.

The room can be called: ``mtorules.network("complexes")`` is :func:`.generate.network`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Door(ModuleType):
    def __call__(self, source: Any, **settings: Any) -> Any:
        from .generate import network

        return network(source, **settings)


sys.modules[__name__].__class__ = _Door
