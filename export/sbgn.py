"""SBGN-ML 0.3: the reactions as a process description, or the influences as an activity flow.

Species of a network that suits the page of :mod:`.drawing.placement` stand about the molecules that
they are made of, others in rows, and each process between those that take part in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..network.network import Molecule, Network
from ..network.rules import patterns, sbo
from ..network.rules.patterns import PatternMolecule
from ..network.rules.wiring import Wiring
from .drawing import graphs
from .drawing.fanning import species_boxes
from .drawing.graph_files import placed
from .drawing.routing import Rectangle
from .sbml import reactions
from .sbml.ids import EVERYWHERE, Names, name_all
from .sbml.xml import attribute

_LANGUAGE: Final = "http://identifiers.org/combine.specifications/sbgn.{}.level-1.version-{}"
_WIDE, _HIGH = 100.0, 40.0  # of a molecule
_GAP: Final = 60.0
_PROCESS: Final = 16.0
_STATE: Final = 12.0


def text(network: Network, kind: str) -> str:
    """Return a network as SBGN-ML: its ``reactions``, or ``influence`` among what rules change."""
    if kind == "influence":
        lines, language = _flow(network), _LANGUAGE.format("af", "1.2")
    else:
        lines, language = _Processes(network).lines(), _LANGUAGE.format("pd", "1.3")
    body = "\n".join(lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sbgn xmlns="http://sbgn.org/libsbgn/0.3">\n'
        f'<map id="map" version="{language}">\n{body}\n</map>\n</sbgn>\n'
    )


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    w: float
    h: float

    @classmethod
    def of(cls, box: Rectangle) -> _Box:
        return cls(box.left, box.top, box.right - box.left, box.bottom - box.top)

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def __str__(self) -> str:
        return f'<bbox x="{self.x:.1f}" y="{self.y:.1f}" w="{self.w:.1f}" h="{self.h:.1f}"/>'


def _glyph(kind: str, key: str, inside: Iterable[str], about: str = "") -> str:
    return f'<glyph class="{kind}" id="{key}"{about}>{"".join(inside)}</glyph>'


def _label(text: str) -> str:
    return f"<label text={attribute(text)}/>"


def _arc(
    kind: str,
    number: int,
    ends: tuple[str, str],
    between: tuple[tuple[float, float], tuple[float, float]],
    count: int = 1,
) -> str:
    (x, y), (to_x, to_y) = between
    middle = _Box((x + to_x) / 2 - 6, (y + to_y) / 2 - 6, 12, 12)
    several = (
        _glyph("cardinality", f"arc{number}.count", (_label(str(count)), str(middle)))
        if count > 1
        else ""
    )
    return (
        f'<arc class="{kind}" id="arc{number}" source="{ends[0]}" target="{ends[1]}">{several}'
        f'<start x="{x:.1f}" y="{y:.1f}"/><end x="{to_x:.1f}" y="{to_y:.1f}"/></arc>'
    )


# -- activity flow ---------------------------------------------------------------------------------

_INFLUENCES: Final = {1: "positive influence", -1: "negative influence", 0: "unknown influence"}


def _flow(network: Network) -> Iterator[str]:
    graph = placed(graphs.influence_map(network))
    boxes: dict[str, _Box] = {}
    keys: dict[str, str] = {}
    for number, (name, data) in enumerate(graph.nodes(data=True)):
        keys[name] = f"activity{number}"
        boxes[name] = _Box(data["x"] - _WIDE / 2, data["y"] - _HIGH / 2, _WIDE, _HIGH)
        kind = "phenotype" if data["kind"] == "output" else "biological activity"
        yield _glyph(kind, keys[name], (_label(data["label"]), str(boxes[name])))
    for number, (one, other, data) in enumerate(graph.edges(data=True)):
        between = boxes[one].middle, boxes[other].middle
        yield _arc(_INFLUENCES[data["sign"]], number, (keys[one], keys[other]), between)


# -- process description ---------------------------------------------------------------------------

_CLASSES: Final = {
    sbo.SIMPLE_CHEMICAL: "simple chemical",
    sbo.RNA: "nucleic acid feature",
    sbo.DNA: "nucleic acid feature",
}
_MODULATIONS: Final = {1: "stimulation", -1: "inhibition", 0: "modulation"}


class _Processes:
    """Species, processes between them, and the observables that set the pace of processes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.merged = reactions.pairs(network.reactions, merge=True)
        self.names: Names = name_all(network, [one.forward for one in self.merged])
        self.wiring = Wiring(network)
        self.types = {molecule.name: molecule for molecule in network.molecules}
        self.molecules = [patterns.read(species.pattern) for species in network.species]
        self.boxes: dict[str, _Box] = {}
        self.arcs = 0

    def lines(self) -> Iterator[str]:
        yield from self._compartments()
        for index, molecules in enumerate(self.molecules):
            yield self._species(self.names.species[index], molecules, self._place(index))
        used = {
            actor.observable: None
            for one in self.merged
            for actor in self.wiring.actors(self.network.reactions[one.forward].rule)
        }
        yield from self._observables(list(used))
        arcs: list[str] = []  # which come after all glyphs
        for one, key in zip(self.merged, self.names.reactions, strict=True):
            glyphs, joined = self._process(one, key)
            yield from glyphs
            arcs += joined
        yield from arcs

    # -- what takes part ---------------------------------------------------------------------------

    def _place(self, index: int) -> str:
        return self.names.compartments[self.network.species[index].compartment]

    def _compartments(self) -> Iterator[str]:
        """Give every species its box, and yield the compartments around them."""
        boxes, around = species_boxes(self.network)
        for key, box in zip(self.names.species, boxes, strict=True):
            self.boxes[key] = _Box.of(box)
        for name, box in around.items():
            key = self.names.compartments[name]
            if key != self.names.compartments.get(None):  # a model without them draws none
                yield _glyph("compartment", key, (_label(name or EVERYWHERE), str(_Box.of(box))))

    def _species(self, key: str, molecules: Sequence[PatternMolecule], place: str) -> str:
        box = self.boxes[key]
        about = "" if place == self.names.compartments.get(None) else f' compartmentRef="{place}"'
        if len(molecules) == 1:
            return self._molecule(key, molecules[0], box, about)
        counts = Counter(molecule.name for molecule in molecules)
        title = ":".join(f"{n} {name}" if n > 1 else name for name, n in counts.items())
        inside = [
            self._molecule(
                f"{key}.{order}",
                molecule,
                _Box(box.x + 10, box.y + 10 + _HIGH * order, _WIDE, _HIGH - 8),
            )
            for order, molecule in enumerate(molecules)
        ]
        return _glyph("complex", key, (_label(title), str(box), *inside), about)

    def _molecule(self, key: str, molecule: PatternMolecule, box: _Box, about: str = "") -> str:
        states = [site for site in molecule.sites if site.state is not None]
        kind = self._class(self.types.get(molecule.name), bool(states))
        variables = [
            _glyph(
                "state variable",
                f"{key}.{order}.state",
                (
                    f"<state value={attribute(site.state or '')} variable={attribute(site.name)}/>",
                    str(
                        _Box(
                            box.x + box.w * (order + 1) / (len(states) + 1) - _STATE,
                            box.y - _STATE / 2,
                            2 * _STATE,
                            _STATE,
                        )
                    ),
                ),
            )
            for order, site in enumerate(states)
        ]
        return _glyph(kind, key, (_label(molecule.name), str(box), *variables), about)

    @staticmethod
    def _class(molecule: Molecule | None, states: bool) -> str:
        if molecule is None or states:
            return "macromolecule"
        found = _CLASSES.get(sbo.of_molecule(molecule.annotations))
        return found or ("macromolecule" if molecule.sites else "unspecified entity")

    def _observables(self, names: Sequence[str]) -> Iterator[str]:
        """Place what sets the pace of processes to the left of everything."""
        keys = {self.names.symbols[name]: name for name in names}
        # What is one species has its place.
        for order, key in enumerate([key for key in keys if key not in self.boxes]):
            name = keys[key]
            self.boxes[key] = _Box(-3 * _WIDE, order * (_HIGH + 20), _WIDE, _HIGH)
            yield _glyph("unspecified entity", key, (_label(name), str(self.boxes[key])))

    # -- processes ---------------------------------------------------------------------------------

    def _process(self, one: reactions.Merged, key: str) -> tuple[list[str], list[str]]:
        """Return the glyphs and the arcs of a process."""
        reaction = self.network.reactions[one.forward]
        before, after, helpers = reactions.stoichiometry(reaction)
        sides = [[(self.names.species[i], n) for i, n in side] for side in (before, after)]
        x, y = self._between([name for side in sides for name, _ in side])
        box = _Box(x - _PROCESS / 2, y - _PROCESS / 2, _PROCESS, _PROCESS)
        ports = (f"{key}.1", x - _PROCESS), (f"{key}.2", x + _PROCESS)
        inside = [f'<port id="{name}" x="{at:.1f}" y="{y:.1f}"/>' for name, at in ports]
        glyphs = [_glyph("process", key, (str(box), *inside))]
        arcs = []
        for (port, at), side in zip(ports, sides, strict=True):
            if not side:
                nothing = f"{port}.nothing"
                self.boxes[nothing] = _Box(at + (at - x) * 4 - 8, y - 8, 16, 16)
                glyphs.append(_glyph("source and sink", nothing, (str(self.boxes[nothing]),)))
                side.append((nothing, 1))
            for name, count in side:
                middle = self.boxes[name].middle
                # What can run backwards is made on both sides.
                if side is sides[0] and one.backward is None:
                    ends, between = (name, port), (middle, (at, y))
                    arcs.append(self._joined("consumption", ends, between, count))
                else:
                    ends, between = (port, name), ((at, y), middle)
                    arcs.append(self._joined("production", ends, between, count))
        causes = [("catalysis", self.names.species[index]) for index in helpers]
        for actor in self.wiring.actors(reaction.rule):
            causes.append((_MODULATIONS[actor.sign], self.names.symbols[actor.observable]))
        for kind, name in causes:
            arcs.append(self._joined(kind, (name, key), (self.boxes[name].middle, (x, y))))
        return glyphs, arcs

    def _joined(
        self,
        kind: str,
        ends: tuple[str, str],
        between: tuple[tuple[float, float], tuple[float, float]],
        count: int = 1,
    ) -> str:
        self.arcs += 1
        return _arc(kind, self.arcs, ends, between, count)

    def _between(self, names: Sequence[str]) -> tuple[float, float]:
        """Return the middle of boxes."""
        middles = [self.boxes[name].middle for name in names]
        if not middles:
            return 0.0, 0.0
        x, y = (sum(axis) / len(middles) for axis in zip(*middles, strict=True))
        return (x, y - _GAP) if len(set(middles)) == 1 else (x, y)
