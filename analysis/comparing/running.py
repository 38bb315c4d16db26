"""Each simulator in a process of its own, so that none takes the others with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Final

from ...simulation.apart import ApartError, CrashedError, OverdueError, Question, ask_all
from .constructs import lacking
from .outcomes import CRASHED, FAILED, MISSING, NOT_FOR_IT, Outcome, Tool
from .task import Task, unpacked

# Told which tools are at work.
Progress = Callable[[str], object]

_WORKER: Final = ".analysis.comparing.worker"


def run(
    tools: Sequence[Tool],
    task: Task,
    constructs: Sequence[tuple[str, str]],
    *,
    limit: float | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return what became of each tool.

    Parameters
    ----------
    tools : sequence of Tool
        Which, in order.
    task : Task
        What they do.
    constructs : sequence of (str, str)
        What the document uses that not every simulator has, see :mod:`.constructs`.
    limit : float, optional
        Seconds that each tool has, if others than it has by itself.
    progress : callable, optional
        Told which are at work.
    """
    found = {tool.name: _declined(tool, task, constructs) for tool in tools}
    able = [tool for tool in tools if found[tool.name] is None]
    data = task.to_data() if able else None
    replies = ask_all(
        [
            Question(_WORKER, {"tool": tool.name, "task": data}, limit or tool.patience)
            for tool in able
        ],
        told=progress and (lambda at: progress(", ".join(able[place].title for place in at))),
    )
    for tool, reply in zip(able, replies, strict=True):
        found[tool.name] = _outcome(tool, reply)
    return [outcome for outcome in found.values() if outcome is not None]


def _declined(tool: Tool, task: Task, constructs: Sequence[tuple[str, str]]) -> Outcome | None:
    """Return what keeps a tool from being run at all, if anything does."""
    if not all(map(_is_there, tool.packages)):
        return Outcome(tool, MISSING, tool.remedy)
    if tool.name == "bngsim" and task.netfile is not None:
        return None  # it does not read the document then
    lacks = lacking(tool.name, constructs)
    return Outcome(tool, NOT_FOR_IT, f"it cannot do {lacks}") if lacks else None


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # someone has put something else in its place
        return False


def _outcome(tool: Tool, reply: Any) -> Outcome:
    if isinstance(reply, CrashedError):
        return Outcome(tool, CRASHED, str(reply))
    if isinstance(reply, OverdueError):
        return Outcome(tool, FAILED, f"{reply}; a longer --time-limit leaves it more")
    if isinstance(reply, ApartError):
        return Outcome(tool, FAILED, str(reply))
    if "why" in reply:
        return Outcome(tool, reply["state"], reply["why"])
    return Outcome(
        tool,
        reply["state"],
        version=reply["version"],
        seconds=reply["seconds"],
        numbers=unpacked(reply["numbers"]),
        absolute=reply["absolute"],
        unknown=tuple(reply["unknown"]),
    )
