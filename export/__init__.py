"""How others read a model: a room for each format, each taking a network.

The room can be called: ``mtorules.export(network, "model.xml")`` is :func:`.sbml.writer.export`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Door(ModuleType):
    def __call__(self, source: Any, path: Any, **settings: Any) -> Any:
        from .sbml.writer import export

        return export(source, path, **settings)


sys.modules[__name__].__class__ = _Door
