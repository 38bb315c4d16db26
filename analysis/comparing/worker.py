"""What runs in a simulator's own process: the one course, whatever comes of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from .outcomes import FAILED, MISSING, NOT_FOR_IT, RAN
from .task import (
    Course,
    CourseError,
    IntegrationError,
    NotForItError,
    NotInstalledError,
    Task,
    packed,
)

# A model that starts at next to nothing and grows may get stuck, because its absolute tolerance is
# finer than rounding. Then so many times as much is allowed.
_COARSER: Final = 1e4


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Run one tool and return its course, or why there is none."""
    task = Task.from_data(question["task"])
    began = time.perf_counter()
    try:
        tool = import_module(f".tools.{question['tool']}", __package__)
        found, absolute = _course(tool, task)
    except NotInstalledError as error:
        return {"state": MISSING, "why": str(error)}
    except NotForItError as error:
        return {"state": NOT_FOR_IT, "why": str(error)}
    except CourseError as error:
        return {"state": FAILED, "why": str(error)}
    except Exception as error:  # whatever another's software raises is that tool's reason
        said = " ".join(str(error).split())[:500]
        return {"state": FAILED, "why": f"{type(error).__name__}: {said}".rstrip(": ")}
    return {
        "state": RAN,
        "version": found.version,
        "seconds": time.perf_counter() - began,
        "numbers": packed(found.numbers),
        "absolute": absolute,
        "unknown": list(found.unknown),
    }


def _course(tool: Any, task: Task) -> tuple[Course, float]:
    """Return the course, and with which absolute tolerance the tool got through."""
    try:
        return tool.course(task), task.absolute
    except IntegrationError as error:
        coarser = replace(task, absolute=task.absolute * _COARSER)
        try:
            return tool.course(coarser), coarser.absolute
        except IntegrationError:
            raise error from None
