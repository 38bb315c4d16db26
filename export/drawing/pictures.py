"""Graphs of a network as pictures and as files for graph programs.

The contact map of a large network has a page of its own (:mod:`.page`). All else Graphviz lays out
from the top down, each room by itself and then the rooms among each other in the order of the
rules, so that receptors come to stand above what they act on. What would be higher than a page
stands in rows that fill a slide (:mod:`.rows`). What runs from a later room back to an earlier one
is dashed, and what leads from one room to another is pale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import networkx as nx

from ...network.files import replacing
from ...network.network import Network
from . import graph_files, page, placement
from .graph_files import KINDS
from .layout import PictureError, laid_out

_DATE: Final = re.compile(rb"/CreationDate \(D:[^)]*\)")

__all__ = ["DRAWN", "KINDS", "SUFFIXES", "WAYS", "draw", "write", "write_map"]

WAYS: Final = ("page", "free")
DRAWN: Final = (".svg", ".pdf", ".png")
_TEXTS: Final[Mapping[str, Callable[[nx.DiGraph], str]]] = {
    ".graphml": graph_files.as_graphml,
    ".cyjs": graph_files.as_cyjs,
    ".cx2": graph_files.as_cx2,
}
SUFFIXES: Final = (*DRAWN, ".dot", *_TEXTS)


def write_map(network: Network, kind: str, path: Path, way: str | None = None) -> nx.DiGraph:
    """Write what :data:`KINDS` calls ``kind`` of a network, and return it as a graph.

    Parameters
    ----------
    network : Network
        What is drawn.
    kind : str
        One of :data:`KINDS`.
    path : Path
        The file; its ending says the format, one of :data:`SUFFIXES`.
    way : str, optional
        ``page`` for a contact map in which everything has a fixed place (:mod:`.page`), ``free``
        for a picture that Graphviz lays out; by default the page where the network suits it.

    Raises
    ------
    PictureError
        If the page is asked for what it does not show, or as :func:`write`.
    OSError
        If the file cannot be written.
    """
    graph = KINDS[kind](network)
    suffix = path.suffix.lower()
    can = kind == "contact" and suffix in DRAWN
    if way == "page" and not can:
        raise PictureError(f"The page shows contact maps, as {', '.join(DRAWN)}.")
    suits = placement.suits([molecule.name for molecule in network.molecules])
    if can and (way == "page" or (way is None and suits)):
        content = page.draw(network, suffix.removeprefix("."))
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    else:
        write(graph, path)
    return graph


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
