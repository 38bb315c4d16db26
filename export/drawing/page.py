"""The contact map of a large network on one page, where everything has a fixed place.

Each molecule is a box with the sites that rules change; drugs are pills at what they act on;
phenotypes stand at the bottom. Lines that end in an arrow or a bar lead from a molecule to the site
that it changes, or to the box of what it makes or takes away; grey lines join what binds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ...network.network import Network
from . import graphs, painting, placement
from .painting import Box, Line, Mark, Text, simple, text_width
from .placement import KEY, PHENOTYPES, Spot
from .routing import Point, Port, Rectangle, Router, ports
from .standing import NAME, NAME_HIGH, PILL_HIGH, ROOM_TITLE, SITE_HIGH, SMALL, Standing

_TITLE: Final = 7.0  # size of a compartment's name, in points
_HEAD, _BAR = 4.4, 2.6  # length of an arrow, half of a bar
_CASING: Final = 2.2  # of white around a line, so that it passes over those it crosses
_BIND: Final = "#9a9a9a"
_SITE_FILL, _PILL_FILL = "#fff3bf", "#fbe3f1"


def draw(network: Network, form: str) -> bytes:
    """Return the contact map of a network as ``svg``, ``pdf`` or ``png``.

    The same network gives the same bytes, on every machine.
    """
    drawing = Drawing(graphs.contact_map(network), graphs.influence_map(network))
    if form == "svg":
        title = f"{network.name}: who acts on whom"
        return painting.svg(drawing.marks, *drawing.size, title).encode()
    return painting.painted(drawing.marks, *drawing.size, form)


class Drawing(Standing):
    """Boxes, pills and lines of one network, as marks to be painted."""

    # -- lines -------------------------------------------------------------------------------------

    def _owner(self, node: str) -> str:
        return self.contact.nodes[node].get("parent", node)

    def _acts(self) -> dict[tuple[str, int], list[str]]:
        """Return what each molecule, or site, changes, by the sign of it: sites and boxes."""
        found: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        for one, other, data in self.contact.edges(data=True):
            tail, head = self._owner(one), self._owner(other)
            if data["kind"] == "bond" or tail == head or tail in self.drugs or head in self.drugs:
                continue
            found[tail, data["sign"]][other] = None
        for name in self.spots:
            if name.startswith(PHENOTYPES):
                for cause, sign in self._causes(name.removeprefix(f"{PHENOTYPES} ")).items():
                    found[cause, sign][name] = None
        return {net: list(ends) for net, ends in found.items()}

    def _causes(self, phenotype: str) -> dict[str, int]:
        """Return the boxes and sites that one depends on, through what has no place itself.

        Of a bond it is the molecule that is named first.
        """
        found: dict[str, set[int]] = defaultdict(set)
        seen = {phenotype}
        waiting = [(phenotype, 1)]
        while waiting:
            effect, towards = waiting.pop()
            for cause, _, data in self.influence.in_edges(effect, data=True):
                sign = data["sign"] * towards
                kind = self.influence.nodes[cause]["kind"]
                owner, _, site = cause.partition(" ")
                owner = owner.split(":")[0]
                if f"{PHENOTYPES} {cause}" in self.spots:
                    found[f"{PHENOTYPES} {cause}"].add(sign)
                elif kind in ("activity", "output"):
                    if cause not in seen:
                        seen.add(cause)
                        waiting.append((cause, sign))
                elif owner in self.spots:
                    found[f"{owner}.{site}" if site in self.sites[owner] else owner].add(sign)
        return {
            cause: next(iter(signs)) if len(signs) == 1 else 0 for cause, signs in found.items()
        }

    def _ports(self, node: str) -> list[Port]:
        """Return where a line from or to a site or a box may meet it."""
        name = node if node in self.boxes else self._owner(node)
        site = None if node in self.boxes else self.contact.nodes[node]["label"]
        for label, chip, side in self.chips(name):
            if label == site:
                return ports(chip, side)
        return self._open(name)

    def _open(self, name: str) -> list[Port]:
        """Return where a line may start, or end, at a box: not at its sites, nor under pills."""
        box = self.boxes[name]
        chips = {side for _, _, side in self.chips(name)}
        sides = "".join(side for side in "tb" if side not in chips) + "r"
        if not any(place.right == box.left for _, place in self.pills):
            sides += "l"
        middle = Rectangle(
            box.left,
            box.top + SITE_HIGH * ("t" in chips),
            box.right,
            box.bottom - SITE_HIGH * ("b" in chips),
        )
        return ports(middle, sides)

    @cached_property
    def lines(self) -> tuple[list[Mark], list[Mark]]:
        """The lines of the page, those of bonds and those that change something."""
        walls = [*self.boxes.values(), *(place for _, place in self.pills)]
        walls += [place for _, place in self.titles]
        walls += [
            Rectangle(x, y, x + 8 + text_width(region.title, _TITLE, bold=True), y + 12)
            for region in placement.regions().values()
            if region.rectangle and region.title
            for x, y, _, _ in [region.rectangle]
        ]
        x, y, width, height = placement.regions()[KEY].rectangle or (0.0,) * 4
        walls.append(Rectangle(x, y, x + width, y + height))
        router = Router(*self.size, walls)
        binding: list[Mark] = []
        acting: list[Mark] = []
        heads: list[Mark] = []  # which no line passes over
        bonds = dict.fromkeys(
            tuple(sorted((self._owner(one), self._owner(other))))
            for one, other, data in self.contact.edges(data=True)
            if data["kind"] == "bond" and self._owner(one) != self._owner(other)
        )
        for one, other in sorted(bonds, key=lambda ends: self._length(ends[0], [ends[1]])):
            way = router.tree(self._open(one), [self._open(other)])[0]
            if way:
                hint = f"{one} binds {other}"
                binding.append(Line(simple(way), _BIND, 1.6, 3.0, hint=hint))
        acts = self._acts()
        for (name, sign), ends in sorted(
            acts.items(), key=lambda net: (self._length(net[0][0], net[1]), net[0])
        ):
            ways = router.tree(self._ports(name), [self._ports(end) for end in ends])
            colour = placement.regions()[self._spot(name).region].colour
            found = [(end, simple(way)) for end, way in zip(ends, ways, strict=True) if way]
            acting += [Line(way, "#ffffff", _CASING) for _, way in found]
            for end, way in found:
                line, head = _pointed(way, colour, sign, self._hint(name, sign, end))
                acting.append(line)
                heads.append(head)
        return binding, [*acting, *heads]

    def _length(self, name: str, ends: list[str]) -> float:
        spot = self._spot(name)
        places = [self._spot(end) for end in ends]
        return max(abs(spot.x - place.x) + abs(spot.y - place.y) for place in places)

    def _spot(self, node: str) -> Spot:
        return self.spots[node if node in self.spots else self._owner(node)]

    def _hint(self, name: str, sign: int, end: str) -> str:
        what = {1: "raises", -1: "lowers", 0: "changes"}[sign]
        one, other = (self.label(node).replace(".", " ") for node in (name, end))
        return f"{one} {what} {other}"

    # -- marks -------------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> list[Mark]:
        """All that is drawn, from the bottom up."""
        return [*self._background(), *self.lines[0], *self.lines[1], *self._foreground()]

    def _background(self) -> Iterator[Mark]:
        for region in placement.regions().values():
            if region.rectangle and region.name != KEY:
                x, y, width, height = region.rectangle
                yield Box(Rectangle(x, y, x + width, y + height), region.colour, "#c9c9c9", 0.5, 4)
                yield Text(x + 5, y + 7, region.title, _TITLE, "#777777", True, "start")
        for region, rectangle in self.rooms().items():
            yield Box(rectangle, "#ffffff", region.colour, 0.5, 4)
        for region, place in self.titles:
            yield Text(
                place.left + 1,
                place.top + 4,
                region.title,
                ROOM_TITLE,
                region.colour,
                True,
                "start",
            )

    def _foreground(self) -> Iterator[Mark]:
        for name, box in self.boxes.items():
            colour = placement.regions()[self.spots[name].region].colour
            end = name.startswith(PHENOTYPES)
            hint = "" if end else self.contact.nodes[name]["title"]
            fill = "#eeeeee" if end else "#ffffff"
            yield Box(box, fill, colour, 0.8, 5 if end else 2.5, hint)
            for site, chip, _ in self.chips(name):
                yield Box(chip, _SITE_FILL, colour, 0.4, 1.5)
                middle = (chip.left + chip.right) / 2
                yield Text(middle, chip.top + SITE_HIGH / 2, site, SMALL)
            above, _ = self.split(name)
            y = box.top + NAME_HIGH / 2 + SITE_HIGH * bool(above)
            yield Text((box.left + box.right) / 2, y, self.label(name), NAME, bold=True)
        yield from self._key()
        for name, place in self.pills:
            hint = self.contact.nodes[name]["title"]
            yield Box(place, _PILL_FILL, placement.regions()["drugs"].colour, 0.5, 4, hint)
            middle = (place.left + place.right) / 2
            yield Text(middle, place.top + PILL_HIGH / 2, name, SMALL)

    def _key(self) -> Iterator[Mark]:
        region = placement.regions()[KEY]
        assert region.rectangle is not None
        x, y, width, height = region.rectangle
        yield Box(Rectangle(x, y, x + width, y + height), "#ffffff", "#c9c9c9", 0.5, 4)
        y += 9
        for sign, said in ((1, "raises, activates"), (-1, "lowers, inhibits"), (0, "either")):
            yield from _pointed([(x + 6, y), (x + 30, y)], region.colour, sign, "")
            yield Text(x + 36, y, said, SMALL, anchor="start")
            y += 9.5
        yield Line([(x + 6, y), (x + 30, y)], _BIND, 1.6)
        yield Text(x + 36, y, "binds", SMALL, anchor="start")
        for name, fill, line, radius, said in (
            ("t308", _SITE_FILL, region.colour, 1.5, "site that changes"),
            ("DRUG", _PILL_FILL, placement.regions()["drugs"].colour, 4, "drug, at its target"),
        ):
            y += 10
            yield Box(Rectangle(x + 6, y - 4, x + 30, y + 4), fill, line, 0.5, radius)
            yield Text(x + 18, y, name, SMALL)
            yield Text(x + 36, y, said, SMALL, anchor="start")


def _pointed(way: list[Point], colour: str, sign: int, hint: str) -> tuple[Line, Line]:
    """Return a line, and the arrow, bar or diamond at its end."""
    (x, y), (before_x, before_y) = way[-1], way[-2]
    length = abs(x - before_x) + abs(y - before_y)
    across, down = (x - before_x) / length, (y - before_y) / length
    back = (x - _HEAD * across, y - _HEAD * down)
    if sign < 0:
        stop = (x - 0.9 * across, y - 0.9 * down)
        bar = [
            (stop[0] - _BAR * down, stop[1] + _BAR * across),
            (stop[0] + _BAR * down, stop[1] - _BAR * across),
        ]
        return Line([*way[:-1], stop], colour, hint=hint), Line(bar, colour, 1.5, 0)
    wide = 2.0 if sign else 1.4
    head = [
        (x, y),
        (back[0] - wide * down, back[1] + wide * across),
        (back[0] + wide * down, back[1] - wide * across),
    ]
    if not sign:
        head.append((x - 2 * _HEAD * across, y - 2 * _HEAD * down))
        head = [head[0], head[1], head[3], head[2]]
        back = head[2]
    return Line([*way[:-1], back], colour, hint=hint), Line(head, colour, 0.3, 0, colour)
