"""What results call that which they hold, where something else there has its name already."""

from __future__ import annotations

from collections.abc import Container, Iterable


def columns(names: Iterable[str], taken: Container[str]) -> dict[str, str]:
    """Return what to call each of some names: itself where that is free, or else with ``_``.

    >>> columns(["status", "status_", "X"], {"status", "time"})
    {'status': 'status__', 'status_': 'status_', 'X': 'X'}
    """
    found = {name: name for name in names}
    for name in found:
        if name in taken:
            called = name
            while called in taken or called in found.values():
                called += "_"
            found[name] = called
    return found
