"""Which species of a network hold a pattern, such as ``MTOR(scaf!1).RPTOR(mtor!1)``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import networkx as nx
from networkx.algorithms.isomorphism import GraphMatcher

from ...network.rules import patterns


def holds(pattern: str, species: str) -> bool:
    """Tell whether a species holds a pattern.

    Parameters
    ----------
    pattern : str
        BNGL: sites that are not named may be anything; a named site without a bond must be free,
        ``!+`` is bound to anything and ``!?`` may be either.
    species : str
        The pattern of a whole species.

    Raises
    ------
    PatternError
        If the pattern cannot be read.
    """
    matcher = GraphMatcher(_graph(species), _graph(pattern), node_match=_alike)
    return matcher.subgraph_is_monomorphic()


def unknown(pattern: str, species: Iterable[str]) -> str:
    """Return the first molecule or site of a pattern that none of the species has, or "".

    A pattern with a slip of the pen is held by no species either.
    """
    there = {part for one in species for part in _parts(one)}
    return next((part for part in _parts(pattern) if part not in there), "")


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for molecule in patterns.read(text):
        found[molecule.name] = None
        for site in molecule.sites:
            found[f"{molecule.name}({site.name})"] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def _graph(text: str) -> nx.Graph:
    """Return molecules and sites as nodes, joined where they belong together or are bound."""
    graph = nx.Graph()
    ends: dict[str, tuple[int, int]] = {}
    for index, molecule in enumerate(patterns.read(text)):
        graph.add_node(index, name=molecule.name, molecule=True)
        for place, site in enumerate(molecule.sites):
            node = (index, place)
            graph.add_node(node, name=site.name, molecule=False, state=site.state, bonds=site.bonds)
            graph.add_edge(index, node)
            for bond in site.bonds:
                if bond in ends:
                    graph.add_edge(ends.pop(bond), node)
                elif bond not in ("+", "?"):
                    ends[bond] = node
    return graph


def _alike(there: dict, wanted: dict) -> bool:
    if there["molecule"] != wanted["molecule"] or there["name"] != wanted["name"]:
        return False
    if wanted["molecule"]:
        return True
    if wanted["state"] is not None and wanted["state"] != there["state"]:
        return False
    return "?" in wanted["bonds"] or bool(wanted["bonds"]) == bool(there["bonds"])
