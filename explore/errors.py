"""What the page is told where something goes wrong, and what is a bug."""

from __future__ import annotations


class ExploreError(ValueError):
    """A wish that cannot be met; the message says why, and what would work."""


class BusyError(RuntimeError):
    """More is asked for than can wait; it may be asked again in a while."""


def message(error: BaseException) -> str | None:
    """Return what to tell whoever asked, or None where the exception is a bug.

    Exceptions of this package were written to be read, and so are the messages of the command line.
    """
    if type(error).__module__.partition(".")[0] == __name__.partition(".")[0]:
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; ask for less, or give a smaller model."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    return None
