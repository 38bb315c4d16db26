"""The map of a model: its molecules, who acts on whom, and how far each is from the untreated cell.

A molecule is judged by the observables whose every species holds it, and of other molecules than
drugs by those that hold no drug. Of these the one that a scenario changes most says the colour, as
the logarithm to base 2 of the level over that in the untreated cell; levels that are next to
nothing beside the molecule's largest count as that little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import networkx as nx
import numpy as np

from ..export.drawing import graphs
from ..models.perturbations import compounds
from ..network.network import Annotation, Function, Network, Parameter, Rule
from ..network.rules import patterns, sentences
from . import courses
from .courses import plain, unit
from .errors import ExploreError
from .opened import Opened
from .placing import positions
from .scenario import POINTS, Scenario

Numbers = Mapping[str, Parameter | Function]
# At every so many points of a course the map can be seen.
_STEP: Final = 5
# What is below this share of a molecule's largest observable is next to nothing.
_LITTLE: Final = 0.01
_RULES: Final = 60


def layout(opened: Opened) -> dict[str, Any]:
    """Return the molecules with their places, and the arrows between them."""
    network = _network(opened)
    graph = _molecules(network)
    places = positions(graph)
    about = {molecule.name: molecule for molecule in network.molecules}
    return {
        "nodes": [
            {
                "id": name,
                "x": round(places[name][0], 1),
                "y": round(places[name][1], 1),
                "drug": name in _drugs() or graph.nodes[name]["role"] == "inhibitor",
                "about": about[name].notes,
                "sources": _sources(about[name].annotations),
            }
            for name in graph
        ],
        "edges": [
            {"from": one, "to": other, "kind": kind["kind"], "sign": kind["sign"]}
            for one, other, kind in graph.edges(data=True)
        ],
    }


def changes(opened: Opened, scenario: Scenario) -> dict[str, Any]:
    """Return how each molecule changes against the untreated cell, at times of the course."""
    network = _network(opened)
    treated = courses.run(opened, scenario)
    plainly = courses.run(opened, scenario.untreated())
    seen, base = opened.numbers(treated), opened.numbers(plainly)
    symbols = (opened.loaded.report.symbols if opened.loaded.report else None) or {}
    chosen = slice(0, POINTS + 1, _STEP)
    found: dict[str, Any] = {}
    for molecule, names in _observables(network).items():
        here = {name: symbols.get(name, name) for name in names}
        here = {name: id for name, id in here.items() if id in seen}
        if not here:
            continue
        most = max(max(base[id].max(), seen[id].max()) for id in here.values())
        least = _LITTLE * most or 1.0
        folds = {
            name: np.log2(np.maximum(seen[id], least) / np.maximum(base[id], least))[chosen]
            for name, id in here.items()
        }
        named = max(folds, key=lambda name: (np.abs(folds[name]).max(), -len(name)))
        id = here[named]
        found[molecule] = {
            "observable": named,
            "unit": unit(treated.observables[id].get("units", "")),
            "change": plain(folds[named]),
            "value": plain(seen[id][chosen]),
            "untreated": plain(base[id][chosen]),
        }
    hours = treated.times[chosen] if scenario.uploaded else treated.times[chosen] / 3600
    time_unit = treated.time_unit if scenario.uploaded else "h"
    return {"time": plain(hours), "time_unit": time_unit, "molecules": found}


def part(opened: Opened, name: str) -> dict[str, Any]:
    """Return what is known of one molecule: its meaning, its sites, its rules and their numbers."""
    network = _network(opened)
    molecule = next((each for each in network.molecules if each.name == name), None)
    if molecule is None:
        raise ExploreError(f"The model has no molecule {name!r}.")
    numbers = {each.name: each for each in (*network.parameters, *network.functions)}
    rules = [rule for rule in network.rules if _names(rule.bngl, name)]
    return {
        "name": name,
        "about": molecule.notes,
        "sources": _sources(molecule.annotations),
        "sites": [
            {"name": site, "states": list(molecule.states.get(site, ()))}
            for site in dict.fromkeys(molecule.sites)
        ],
        "rules": [_rule(rule, numbers) for rule in rules[:_RULES]],
        "more": max(len(rules) - _RULES, 0),
    }


def _network(opened: Opened) -> Network:
    if opened.loaded.network is None:
        raise ExploreError("A map is drawn from rules; an SBML file that others wrote holds none.")
    return opened.loaded.network


def _molecules(network: Network) -> nx.DiGraph:
    """Return the contact map with each site counted to its molecule."""
    contact = graphs.contact_map(network)
    owner = {node: data.get("parent", node) for node, data in contact.nodes(data=True)}
    found = nx.DiGraph()
    for node, data in contact.nodes(data=True):
        if data["kind"] == "molecule":
            found.add_node(node, role=data["role"], room=data["room"])
    for one, other, data in contact.edges(data=True):
        ends = owner[one], owner[other]
        if ends[0] == ends[1] or any(end not in found for end in ends):
            continue
        known = found.get_edge_data(*ends)
        # A bond says less than who changes whom.
        if known is None or known["kind"] == "bond":
            found.add_edge(*ends, kind=data["kind"], sign=data.get("sign", 0))
    return found


def _observables(network: Network) -> Mapping[str, list[str]]:
    """Return, by molecule, the observables whose every species holds it."""
    held = [{m.name for m in patterns.read(species.pattern)} for species in network.species]
    drugs = _drugs()
    found: dict[str, list[str]] = {}
    for group in network.groups:
        if not group.terms:
            continue
        every = set.intersection(*(held[place] for _, place in group.terms))
        for molecule in (every & drugs) or every:
            found.setdefault(molecule, []).append(group.name)
    return found


def _drugs() -> set[str]:
    """Return the molecules that stand for classes of compounds."""
    return {each.species for each in compounds.table().values() if each.species}


def _rule(rule: Rule, numbers: Numbers) -> dict[str, Any]:
    return {
        "name": rule.name,
        "says": sentences.sentence(rule),
        "bngl": rule.bngl,
        "mechanism": rule.mechanism,
        "sources": _sources(rule.annotations),
        "parameters": [_number(each) for each in _used(rule.bngl, numbers)],
    }


def _number(each: Parameter | Function) -> dict[str, Any]:
    return {
        "name": each.name,
        "value": each.value if isinstance(each, Parameter) else each.expression,
        "unit": unit(each.unit or ""),
        "about": each.notes,
        "sources": _sources(each.annotations),
    }


def _used(text: str, numbers: Numbers) -> list[Parameter | Function]:
    """Return the parameters and the formulas of a rule, and what those rest on in turn."""
    found: dict[str, Parameter | Function] = {}
    texts = [text]
    for each in texts:
        for name in re.findall(r"[A-Za-z_]\w*", each):
            if name in numbers and name not in found:
                one = found[name] = numbers[name]
                texts += [one.expression] if isinstance(one, Function) else []
    return list(found.values())


def _names(bngl: str, molecule: str) -> bool:
    return re.search(rf"\b{re.escape(molecule)}\(", bngl) is not None


def _sources(annotations: tuple[Annotation, ...]) -> list[str]:
    return [each.resource for each in annotations]
