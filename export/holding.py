"""What stands in the way of a format, and software that a format needs."""

from __future__ import annotations

from collections.abc import Iterable


class CannotHoldError(ValueError):
    """A model with something in it that a format has no words for; the message names it."""


class MissingSoftwareError(RuntimeError):
    """Software that a format needs is not installed; the message says how to get it."""


def refuse(faults: Iterable[str]) -> None:
    """Raise an error that names everything that stands in the way; nothing if nothing does.

    Raises
    ------
    CannotHoldError
        If there is a fault.
    """
    every = list(dict.fromkeys(faults))
    if every:
        shown = every[:_SHOWN]
        more = f"; and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
        raise CannotHoldError("; ".join(shown) + more + ".")


_SHOWN = 5
