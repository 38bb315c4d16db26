"""An SBML document, and what a reader should know besides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .ids import Renaming


@dataclass(frozen=True)
class Report:
    """What a reader of the document should know besides it."""

    renamed: tuple[Renaming, ...] = ()
    lost: tuple[str, ...] = ()  # what the level has no room for
    notices: tuple[str, ...] = ()  # anything else, a sentence each
    symbols: Mapping[str, str] | None = None  # id of each parameter, expression and observable
    compartments: Mapping[str | None, str] | None = None
    species: tuple[str, ...] = ()  # id of each species of the network, in order

    def renamings(self, named: int | None = None) -> list[str]:
        """Return what was renamed, a sentence each; of more than ``named`` alike a count."""
        alike: dict[tuple[str, str], list[Renaming]] = {}
        for one in self.renamed:
            alike.setdefault((one.kind, one.reason), []).append(one)
        return [
            line
            for (kind, reason), found in alike.items()
            for line in (
                map(str, found)
                if named is None or len(found) <= named
                else [
                    f"{len(found)} {kind} names are written otherwise, as {found[0].name!r} is as "
                    f"{found[0].id!r}: {reason}."
                ]
            )
        ]

    def __str__(self) -> str:
        lines = self.renamings()
        lines += [f"Lost at this level: {one}." for one in self.lost]
        return "\n".join([*lines, *self.notices])


@dataclass(frozen=True)
class Document:
    """An SBML document and what there is to say about it."""

    text: str
    report: Report
