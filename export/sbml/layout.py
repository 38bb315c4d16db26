"""Where to draw what, in SBML's packages ``layout`` and ``render``.

Every species has a glyph, with a text that says what it holds, where :mod:`..drawing.fanning` puts
it; every reaction has one between those that take part in it, with a line to each of them. The
style of the lines and boxes is that of the layout itself (local render information).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ...network.network import Network
from ...network.rules import patterns
from ..drawing.fanning import species_boxes
from ..drawing.routing import Point, Rectangle
from . import reactions
from .ids import Names
from .reactions import Merged
from .states import labels
from .xml import attribute

LAYOUT: Final = "http://www.sbml.org/sbml/level3/version1/layout/version1"
RENDER: Final = "http://www.sbml.org/sbml/level3/version1/render/version1"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_PROCESS: Final = 12.0
_MARGIN: Final = 40.0
_COLOURS: Final = {
    "ink": "#333333",
    "paper": "#ffffff",
    "room": "#f4f7fa",
    "edge": "#9aa7b3",
    "made": "#2a7a2a",
    "helps": "#1f5f99",
}


def added(text: str, network: Network, merged: Sequence[Merged], names: Names) -> str:
    """Return a document of Level 3 with a layout of its species and reactions, and their style."""
    opening = (
        f' xmlns:layout="{LAYOUT}" layout:required="false"'
        f' xmlns:render="{RENDER}" render:required="false"'
    )
    head, end, rest = text.partition(">\n<model")
    body, close, after = rest.rpartition("</model>")
    inside = "".join(_Layout(network, merged, names).lines())
    return f"{head}{opening}{end}{body}{inside}{close}{after}"


class _Layout:
    def __init__(self, network: Network, merged: Sequence[Merged], names: Names) -> None:
        self.network, self.merged, self.names = network, merged, names
        boxes, around = species_boxes(network)
        self.boxes = {key: _shifted(box) for key, box in zip(names.species, boxes, strict=True)}
        self.around = {names.compartments[name]: _shifted(box) for name, box in around.items()}
        self.titles = {key: name or "everywhere" for name, key in names.compartments.items()}
        claim = names.registry.claim
        self.glyphs = {
            key: claim(f"glyph_{key}", "glyph")
            for key in (*self.around, *names.species, *names.reactions)
        }

    def lines(self) -> Iterator[str]:
        """Yield the list of layouts."""
        every = [*self.boxes.values(), *self.around.values()]
        width = max((box.right for box in every), default=0.0) + _MARGIN
        height = max((box.bottom for box in every), default=0.0) + _MARGIN
        key = self.names.registry.claim("map", "layout")
        yield f'<layout:listOfLayouts xmlns:xsi="{_XSI}"><layout:layout layout:id="{key}">\n'
        yield f'<layout:dimensions layout:width="{_n(width)}" layout:height="{_n(height)}"/>\n'
        yield from _listed("CompartmentGlyphs", self._compartments())
        yield from _listed("SpeciesGlyphs", self._species())
        yield from _listed("ReactionGlyphs", self._reactions())
        yield from _listed("TextGlyphs", self._texts())
        yield from _style()
        yield "</layout:layout></layout:listOfLayouts>\n"

    def _compartments(self) -> Iterator[str]:
        for key, box in self.around.items():
            yield (
                f'<layout:compartmentGlyph layout:id="{self.glyphs[key]}" '
                f'layout:compartment="{key}">{_bounds(box)}</layout:compartmentGlyph>\n'
            )

    def _species(self) -> Iterator[str]:
        for key, box in self.boxes.items():
            yield (
                f'<layout:speciesGlyph layout:id="{self.glyphs[key]}" layout:species="{key}">'
                f"{_bounds(box)}</layout:speciesGlyph>\n"
            )

    def _reactions(self) -> Iterator[str]:
        for one, key in zip(self.merged, self.names.reactions, strict=True):
            *sides, helpers = reactions.stoichiometry(self.network.reactions[one.forward])
            parts = [
                (role, self.names.species[index])
                for role, side in zip(("substrate", "product"), sides, strict=True)
                for index, _ in side
            ]
            parts += [("modifier", self.names.species[index]) for index in helpers]
            middle = self._between([name for _, name in parts])
            box = Rectangle(
                middle[0] - _PROCESS / 2,
                middle[1] - _PROCESS / 2,
                middle[0] + _PROCESS / 2,
                middle[1] + _PROCESS / 2,
            )
            yield (
                f'<layout:reactionGlyph layout:id="{self.glyphs[key]}" layout:reaction="{key}">'
                f"{_bounds(box)}<layout:listOfSpeciesReferenceGlyphs>\n"
            )
            for role, name in parts:
                edge = _edge(self.boxes[name], middle)
                ends = (edge, middle) if role != "product" else (middle, edge)
                own = self.names.registry.claim(f"{self.glyphs[key]}_{role}_{name}", "glyph")
                yield (
                    f'<layout:speciesReferenceGlyph layout:id="{own}" '
                    f'layout:speciesGlyph="{self.glyphs[name]}" layout:role="{role}">'
                    f"{_curve(*ends)}</layout:speciesReferenceGlyph>\n"
                )
            yield "</layout:listOfSpeciesReferenceGlyphs></layout:reactionGlyph>\n"

    def _between(self, names: Sequence[str]) -> Point:
        """Return the middle of the species that take part; beside one that is alone."""
        places = [_middle(self.boxes[name]) for name in dict.fromkeys(names)]
        if not places:
            return _MARGIN / 2, _MARGIN / 2
        x, y = (sum(axis) / len(places) for axis in zip(*places, strict=True))
        alone = self.boxes[names[0]] if len(places) == 1 else None
        return (alone.right + 1.5 * _PROCESS, y) if alone else (x, y)

    def _texts(self) -> Iterator[str]:
        """Yield the name of each compartment, and of each species a line for each molecule."""
        for key, box in self.around.items():
            room = Rectangle(box.left, box.top, box.right, box.top + _MARGIN / 2)
            yield self._text(f"text_{key}", key, self.titles[key], room)
        label = labels(self.network.molecules)
        for (key, box), species in zip(self.boxes.items(), self.network.species, strict=True):
            molecules = patterns.read(species.pattern)
            high = (box.bottom - box.top) / len(molecules)
            for rank, molecule in enumerate(molecules):
                top = box.top + rank * high
                room = Rectangle(box.left, top, box.right, top + high)
                own = f"text_{key}" + (f"_{rank}" if rank else "")
                yield self._text(own, key, label(molecule), room)

    def _text(self, name: str, key: str, content: str, room: Rectangle) -> str:
        own = self.names.registry.claim(name, "glyph")
        return (
            f'<layout:textGlyph layout:id="{own}" layout:graphicalObject="{self.glyphs[key]}" '
            f"layout:text={attribute(content)}>{_bounds(room)}</layout:textGlyph>\n"
        )


def _listed(name: str, elements: Iterable[str]) -> Iterator[str]:
    inside = "".join(elements)
    if inside:
        yield f"<layout:listOf{name}>\n{inside}</layout:listOf{name}>\n"


def _shifted(box: Rectangle) -> Rectangle:
    return Rectangle(
        box.left + _MARGIN, box.top + _MARGIN, box.right + _MARGIN, box.bottom + _MARGIN
    )


def _middle(box: Rectangle) -> Point:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _edge(box: Rectangle, to: Point) -> Point:
    """Return where the line from the middle of a box to a point leaves it."""
    x, y = _middle(box)
    across, down = to[0] - x, to[1] - y
    shares = [
        half / abs(way)
        for half, way in (((box.right - box.left) / 2, across), ((box.bottom - box.top) / 2, down))
        if way
    ]
    share = min([*shares, 1.0])
    return x + share * across, y + share * down


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _bounds(box: Rectangle) -> str:
    return (
        f'<layout:boundingBox><layout:position layout:x="{_n(box.left)}" '
        f'layout:y="{_n(box.top)}"/><layout:dimensions layout:width="{_n(box.right - box.left)}" '
        f'layout:height="{_n(box.bottom - box.top)}"/></layout:boundingBox>'
    )


def _curve(start: Point, end: Point) -> str:
    return (
        '<layout:curve><layout:listOfCurveSegments><layout:curveSegment xsi:type="LineSegment">'
        f'<layout:start layout:x="{_n(start[0])}" layout:y="{_n(start[1])}"/>'
        f'<layout:end layout:x="{_n(end[0])}" layout:y="{_n(end[1])}"/>'
        "</layout:curveSegment></layout:listOfCurveSegments></layout:curve>"
    )


def _style() -> Iterator[str]:
    """Yield how the glyphs look, by their kind."""
    box = '<render:rectangle render:x="0" render:y="0" render:width="100%" render:height="100%"'
    yield '<render:listOfRenderInformation><render:renderInformation render:id="style">\n'
    yield "<render:listOfColorDefinitions>\n"
    for name, value in _COLOURS.items():
        yield f'<render:colorDefinition render:id="{name}" render:value="{value}"/>\n'
    yield "</render:listOfColorDefinitions>\n<render:listOfLineEndings>\n"
    for name, shape in (
        ("arrow", ((-8, -4), (0, 0), (-8, 4))),
        ("diamond", ((-10, 0), (-5, -4), (0, 0), (-5, 4))),
    ):
        left, top = (min(axis) for axis in zip(*shape, strict=True))
        points = "".join(
            f'<render:element render:x="{x - left}" render:y="{y - top}"/>' for x, y in shape
        )
        yield (
            f'<render:lineEnding render:id="{name}" render:enableRotationalMapping="true">'
            f'<layout:boundingBox><layout:position layout:x="{left}" layout:y="{top}"/>'
            f'<layout:dimensions layout:width="{-left}" layout:height="{-2 * top}"/>'
            '</layout:boundingBox><render:g><render:polygon render:stroke="ink" '
            f'render:stroke-width="1" render:fill="ink"><render:listOfElements>{points}'
            "</render:listOfElements></render:polygon></render:g></render:lineEnding>\n"
        )
    yield "</render:listOfLineEndings>\n<render:listOfStyles>\n"
    round_box = f'{box} render:rx="{{}}" render:ry="{{}}"/>'
    for key, chosen, group in (
        ("compartments", "COMPARTMENTGLYPH", ("edge", 2, "room", round_box.format(20, 20))),
        ("species", "SPECIESGLYPH", ("ink", 1, "paper", round_box.format(6, 6))),
        ("reactions", "REACTIONGLYPH", ("ink", 1, "paper", f"{box}/>")),
    ):
        line, width, fill, shape = group
        yield (
            f'<render:style render:id="style_{key}" render:typeList="{chosen}"><render:g '
            f'render:stroke="{line}" render:stroke-width="{width}" render:fill="{fill}">{shape}'
            "</render:g></render:style>\n"
        )
    for role, colour, end in (
        ("substrate", "ink", ""),
        ("product", "made", ' render:endHead="arrow"'),
        ("modifier", "helps", ' render:endHead="diamond"'),
    ):
        yield (
            f'<render:style render:id="style_{role}" render:roleList="{role}"><render:g '
            f'render:stroke="{colour}" render:stroke-width="1"{end}/></render:style>\n'
        )
    yield (
        '<render:style render:id="style_texts" render:typeList="TEXTGLYPH"><render:g '
        'render:stroke="ink" render:font-family="sans-serif" render:font-size="9" '
        'render:text-anchor="middle" render:vtext-anchor="middle"/></render:style>\n'
        "</render:listOfStyles></render:renderInformation></render:listOfRenderInformation>\n"
    )
