"""The ``mtorules`` command: results to standard output, talk to standard error.

The status is 0 when the work is done, 1 when it failed, 2 when it was asked for wrongly and 130
when it was interrupted.

Nothing but the standard library is imported before requests to end are taken care of.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from . import ending


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the program's name; by default those of this process, which then is
        ours: it may change how it writes and what signals do to it.

    Returns
    -------
    int
        0 done, 1 failed, 2 wrong usage, 130 interrupted, 141 output no longer wanted, 143 told to
        end; what was begun is cleared away in every case.
    """
    alone = argv is None
    try:
        with ending.in_order(alone=alone):
            if alone:
                _open_what_is_closed()
                _write_alike_everywhere()
            from .program import run

            return run(sys.argv[1:] if argv is None else argv)
    except ending.Ended as end:
        if end.number == signal.SIGINT and sys.stderr is not None:
            print("mtorules: interrupted", file=sys.stderr)
        return end.status


def _open_what_is_closed() -> None:
    """Give every stream that the shell closed an end, and let no file come by its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _write_alike_everywhere() -> None:
    """Write UTF-8 whatever the language of the system, and escape what is no text."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def __getattr__(name: str) -> Any:
    """Return the program or the names of its commands, which need click."""
    if name not in ("program", "MODULES"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import program

    return getattr(program, name)
