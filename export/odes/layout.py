"""What the programs of all languages have in common: sums of fluxes, comments, long lines."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final

from .infix import Dialect
from .system import System

WIDTH: Final = 96


def notes(system: System, comment: str) -> str:
    """Return what a reader should know first, as comments."""
    timed = " Some of it depends on time itself." if system.timed else ""
    text = (
        f"{system.title}: {len(system.states):,} species, {len(system.fluxes):,} reactions. "
        f"Time is in {system.time_unit or 'units of the model'}.{timed} "
        "Written by mtorules; identifiers are those of the SBML document."
    )
    return "".join(f"{comment} {line}\n" for line in textwrap.wrap(text, WIDTH - 4))


def fluxes(system: System, dialect: Dialect, ids: Mapping[str, str] | None = None) -> list[str]:
    """Return the rate of each reaction as text, in amount per time."""
    laws = {key: dialect.written(node, ids) for key, node in system.laws.items()}
    named = ids or {}
    return [
        laws[flux.law].format(*(named.get(each, each) for each in flux.species))
        for flux in system.fluxes
    ]


def sums(
    system: System, flux: Callable[[int], str], ids: Mapping[str, str] | None = None
) -> list[str]:
    """Return the derivative of each state as a sum of fluxes."""
    named = ids or {}
    found = []
    for state, terms in zip(system.states, system.balance, strict=True):
        text = ""
        for place, number in terms:
            sign = " - " if number < 0 else " + "
            times = "" if abs(number) == 1 else f"{abs(number)}*"
            text += f"{sign}{times}{flux(place)}"
        text = text.removeprefix(" + ").strip() or "0"
        if text.startswith("- "):
            text = f"-{text[2:]}"
        if state.volume is not None and text != "0":
            volume = named.get(state.volume, state.volume)
            text = f"({text})/{volume}"
        found.append(text)
    return found


def folded(text: str, indent: str, end: str = "") -> str:
    """Return a long formula on several lines; ``end`` is what a line that goes on ends with."""
    lines = textwrap.wrap(
        text, WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent
    )
    return f"{end}\n".join(lines)


def listed(words: Iterable[str], indent: str, end: str = "") -> str:
    """Return words with commas between, on as many lines as they need."""
    return folded(", ".join(words), indent, end)


def unit(text: str) -> str:
    """Return a unit for a comment; nothing where there is none."""
    return f" [{text}]" if text else ""


class Names:
    """Names in a language that does not take every identifier.

    Parameters
    ----------
    system : System
        Whose identifiers are meant.
    legal : callable
        Whether the language takes an identifier.
    prefix : str
        What is put before one that it does not take.
    longest : int, optional
        How many letters it tells names by; longer ones end in digits of a digest.
    """

    def __init__(
        self,
        system: System,
        legal: Callable[[str], bool],
        prefix: str,
        longest: int | None = None,
    ) -> None:
        self._taken = set(system.ids)
        self.ids: dict[str, str] = {}
        for id in sorted(system.ids):
            if longest is not None and len(id) > longest:
                digest = sha256(id.encode()).hexdigest()[:8]
                self.ids[id] = self.free(f"{prefix}{id[: longest // 2]}_{digest}")
                self._taken.add(self.ids[id])
            elif not legal(id):
                self.ids[id] = self.free(prefix + id)
                self._taken.add(self.ids[id])

    def __call__(self, id: str) -> str:
        """Return what an identifier is called."""
        return self.ids.get(id, id)

    def free(self, name: str) -> str:
        """Return a name that nothing takes: ``name``, with underscores if need be."""
        while name in self._taken:
            name += "_"
        return name

    def stem(self, name: str) -> str:
        """Return what nothing takes with a number behind it, as ``v`` where there is a ``v1``."""
        while any(each.removeprefix(name).isdigit() for each in self._taken):
            name += "_"
        return name
