"""A process that computes for the page: one question a line in, one answer a line out.

    python -m mtorules.explore.worker MEGABYTES

It takes no more memory than it is told, and ends with whoever started it, and so does all that it
starts.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from typing import Any

from ..simulation.apart import watch
from .errors import message


def main(megabytes: int) -> None:
    """Answer questions until there are no more."""
    life = int(os.environ["MTORULES_LIFE"])
    watch(life)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    # What libraries print is no answer.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from . import tasks  # which takes a second or two

    for line in sys.stdin:
        asked = json.loads(line)
        out.write(json.dumps(_reply(tasks.answer, asked)) + "\n")
        out.flush()


def _reply(answer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"found": answer(asked["task"], asked["data"])}
    except Exception as error:  # whatever it is, the next question is answered
        told = message(error)
        if told is None:
            traceback.print_exc()
        return {"error": told}


if __name__ == "__main__":
    main(int(sys.argv[1]))
