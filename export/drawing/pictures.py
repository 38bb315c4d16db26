"""Graphs of a network as pictures and as files for graph programs.

Graphviz lays them out from the top down, each room by itself and then the rooms among each other
in the order of the rules, so that receptors come to stand above what they act on. What would be
higher than a page stands in rows that fill a slide (:mod:`.rows`). What runs from a later room back
to an earlier one is dashed, and what leads from one room to another is pale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import networkx as nx

from ...network.files import replacing
from . import graph_files
from .graph_files import KINDS
from .layout import PictureError, laid_out

_DATE: Final = re.compile(rb"/CreationDate \(D:[^)]*\)")

__all__ = ["DRAWN", "KINDS", "SUFFIXES", "draw", "write"]

DRAWN: Final = (".svg", ".pdf", ".png")
_TEXTS: Final[Mapping[str, Callable[[nx.DiGraph], str]]] = {
    ".graphml": graph_files.as_graphml,
    ".cyjs": graph_files.as_cyjs,
    ".cx2": graph_files.as_cx2,
}
SUFFIXES: Final = (*DRAWN, ".dot", *_TEXTS)


def write(graph: nx.DiGraph, path: Path) -> None:
    """Write a graph in the format that the file's ending says, one of :data:`SUFFIXES`.

    Raises
    ------
    PictureError
        If the ending means no format, or Graphviz fails.
    OSError
        If the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise PictureError(f"{str(path)!r} does not end in {' or '.join(SUFFIXES)}.")
    if suffix in _TEXTS:
        content = _TEXTS[suffix](graph).encode()
    else:
        content = draw(graph, suffix.removeprefix("."))
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def draw(graph: nx.DiGraph, form: str = "svg") -> bytes:
    """Return a graph as a picture: ``svg``, ``pdf``, ``png``, or ``dot`` with positions.

    The same graph gives the same bytes, whenever and in whichever process.

    Raises
    ------
    PictureError
        If Graphviz cannot lay it out.
    """
    with laid_out(graph) as drawing:
        content = drawing.draw(format=form)
    content = content if isinstance(content, bytes) else str(content).encode()
    # A PDF's table of contents counts bytes, so the date leaves as many blanks.
    return _DATE.sub(lambda date: b" " * len(date[0]), content) if form == "pdf" else content
