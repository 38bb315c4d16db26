"""What stands where on the page: boxes with their sites, drugs as pills, rooms around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import networkx as nx

from . import placement
from .painting import text_width
from .placement import PAGE, PHENOTYPES, Region, Spot
from .routing import STEP, Rectangle

NAME, SMALL, ROOM_TITLE = 6.6, 6.0, 6.2  # sizes of text, in points
NAME_HIGH, SITE_HIGH, PILL_HIGH = 12.0, 8.0, 8.0
_NARROWEST, _NARROWEST_END = 40.0, 56.0  # box of a molecule, of a phenotype
_ROOM: Final = 6.0  # around the boxes of a room


class Standing:
    """The boxes, pills and rooms of one network.

    Parameters
    ----------
    contact, influence : networkx.DiGraph
        The maps of the network (:mod:`.graphs`); the second says which sites rules change, and what
        phenotypes depend on.
    """

    def __init__(self, contact: nx.DiGraph, influence: nx.DiGraph) -> None:
        self.contact = contact
        self.influence = influence
        molecules = [n for n, data in contact.nodes(data=True) if data["kind"] == "molecule"]
        every = placement.spots(molecules)
        self.drugs = {name: spot for name, spot in every.items() if spot.beside}
        ends = {name: spot for name, spot in placement.phenotypes().items() if name in influence}
        self.spots: dict[str, Spot] = {
            name: spot for name, spot in every.items() if not spot.beside
        } | {f"{PHENOTYPES} {name}": spot for name, spot in ends.items()}
        self.sites: dict[str, list[str]] = {name: self._changed(name) for name in self.spots}
        self.boxes = {name: self._box(name) for name in self.spots}
        self.pills = self._pills()
        self.titles = self._titles()

    # -- what stands where -------------------------------------------------------------------------

    def _changed(self, molecule: str) -> list[str]:
        """Return the sites of a molecule whose state rules change."""
        nodes = self.influence.nodes
        return [
            data["label"]
            for _, data in self.contact.nodes(data=True)
            if data.get("parent") == molecule
            and data.get("states")
            and (known := nodes.get(f"{molecule} {data['label']}"))
            and known["rules"]
        ]

    def split(self, name: str) -> tuple[list[str], list[str]]:
        """Return the sites above and below a name, never more than three in a row."""
        sites = self.sites[name]
        if len(sites) < 3:
            return [], sites
        return sites[: len(sites) // 2], sites[len(sites) // 2 :]

    def _box(self, name: str) -> Rectangle:
        spot = self.spots[name]
        above, below = self.split(name)
        rows = [sum(_site_width(site) for site in row) for row in (above, below)]
        label = text_width(self.label(name), NAME, bold=True) + 4
        narrowest = _NARROWEST_END if name.startswith(PHENOTYPES) else _NARROWEST
        width = _ceiling(max(narrowest, label, *rows))
        height = NAME_HIGH + SITE_HIGH * (bool(above) + bool(below))
        left = _ceiling(spot.x - width / 2, STEP)
        top = _ceiling(spot.y - height / 2, STEP)
        return Rectangle(left, top, left + width, top + height)

    @staticmethod
    def label(name: str) -> str:
        """Return what is written into a box."""
        return name.removeprefix(f"{PHENOTYPES} ").replace("_", " ")

    def chips(self, name: str) -> Iterator[tuple[str, Rectangle, str]]:
        """Yield each site of a box with its rectangle and the side that it is at."""
        box = self.boxes[name]
        for row, side in zip(self.split(name), "tb", strict=True):
            top = box.top if side == "t" else box.bottom - SITE_HIGH
            wide = sum(map(_site_width, row))
            share = (box.right - box.left) / wide if wide else 1.0
            left = box.left
            for site in row:
                right = left + _site_width(site) * share
                yield site, Rectangle(left, top, right, top + SITE_HIGH), side
                left = right

    def _pills(self) -> list[tuple[str, Rectangle]]:
        """Stand the drugs at the left of what they act on, one below the other."""
        at: dict[str, list[str]] = defaultdict(list)
        for name, spot in self.drugs.items():
            for target in spot.beside:
                if target in self.boxes:
                    at[target].append(name)
        found = []
        self.beside = []
        for target, names in at.items():
            box = self.boxes[target]
            width = max(_pill_width(name) for name in names)
            top = (box.top + box.bottom - PILL_HIGH * len(names)) / 2
            for name in names:
                place = Rectangle(box.left - width, top, box.left, top + PILL_HIGH)
                found.append((name, place))
                self.beside.append((target, place))
                top += PILL_HIGH
        return found

    def rooms(self) -> dict[Region, Rectangle]:
        """Return the rectangle of each room that has a title, around what stands in it."""
        members: dict[str, list[Rectangle]] = defaultdict(list)
        for name, box in self.boxes.items():
            members[self.spots[name].region].append(box)
        for target, place in self.beside:
            members[self.spots[target].region].append(place)
        found = {}
        for name, boxes in members.items():
            region = placement.regions()[name]
            if not region.title:
                continue
            left = min(box.left for box in boxes) - _ROOM
            titled = left + 6 + text_width(region.title, ROOM_TITLE, bold=True)
            found[region] = Rectangle(
                left,
                min(box.top for box in boxes) - _ROOM - 8,
                max(*(box.right + _ROOM for box in boxes), titled),
                max(box.bottom for box in boxes) + _ROOM,
            )
        return found

    def _titles(self) -> list[tuple[Region, Rectangle]]:
        return [
            (
                region,
                Rectangle(
                    r.left + 2,
                    r.top + 1,
                    r.left + 4 + text_width(region.title, ROOM_TITLE, bold=True),
                    r.top + 8,
                ),
            )
            for region, r in self.rooms().items()
        ]

    @cached_property
    def size(self) -> tuple[float, float]:
        """The width and height of the page, which is longer by what the table does not know."""
        bottom = max((box.bottom for box in self.boxes.values()), default=0.0)
        return PAGE[0], max(PAGE[1], bottom + 12)


def _ceiling(value: float, step: float = 2 * STEP) -> float:
    return -(-value // step) * step


def _site_width(site: str) -> float:
    return max(16.0, text_width(site, SMALL) + 3)


def _pill_width(name: str) -> float:
    return text_width(name, SMALL) + 5
