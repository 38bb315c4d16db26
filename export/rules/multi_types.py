"""Species types of SBML's package ``multi``: what molecules and patterns are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...network.network import Molecule
from ...network.rules.book import Book, Part, Pattern
from ...network.rules.patterns import Site
from ..holding import CannotHoldError
from ..sbml.ids import Registry, legal
from ..sbml.xml import attribute

_STATUS: Final = {"+": "bound", "?": "either"}


def listed(name: str, inside: str) -> str:
    """Return a list of the package, nothing if it is empty."""
    return f"<multi:listOf{name}>{inside}</multi:listOf{name}>" if inside else ""


class Types:
    """The species types of a model, and the species that stand for its patterns.

    Parameters
    ----------
    found : Book
        Whose molecules are meant.
    registry : Registry
        Where identifiers are claimed.

    Attributes
    ----------
    species : mapping
        Identifier of the species of each pattern that was placed.
    components : mapping
        By species and order of a molecule in its pattern, what the molecule is called.
    """

    def __init__(self, found: Book, registry: Registry) -> None:
        self.registry = registry
        self.molecules = {each.name: each for each in found.molecules}
        self.types = {
            name: registry.claim(f"type_{name}", "species type") for name in self.molecules
        }
        self.species: dict[Pattern, str] = {}
        self.complexes: list[str] = []
        self.components: dict[tuple[str, int], str] = {}

    def lines(self) -> Iterator[str]:
        """Yield the species types: of sites, of molecules, of complexes."""
        for name, molecule in self.molecules.items():
            key = self.types[name]
            for place, site in enumerate(molecule.sites, 1):
                yield (
                    f'<multi:bindingSiteSpeciesType multi:id="{key}_site{place}" '
                    f"multi:name={attribute(site)}/>\n"
                )
            features = "".join(self._features(molecule, key))
            instances = "".join(
                f'<multi:speciesTypeInstance multi:id="{key}_{place}" multi:name={attribute(site)} '
                f'multi:speciesType="{key}_site{place}"/>'
                for place, site in enumerate(molecule.sites, 1)
            )
            yield (
                f'<multi:speciesType multi:id="{key}" multi:name={attribute(name)}>'
                + listed("SpeciesFeatureTypes", features)
                + listed("SpeciesTypeInstances", instances)
                + "</multi:speciesType>\n"
            )
        yield from self.complexes

    @staticmethod
    def _features(molecule: Molecule, key: str) -> Iterator[str]:
        for place, site in enumerate(molecule.sites, 1):
            values = "".join(
                f'<multi:possibleSpeciesFeatureValue multi:id="{key}_state{place}_{order}" '
                f"multi:name={attribute(state)}/>"
                for order, state in enumerate(molecule.states.get(site, ()), 1)
            )
            if values:
                yield (
                    f'<multi:speciesFeatureType multi:id="{key}_state{place}" '
                    f'multi:name={attribute(site)} multi:occur="1">'
                    f"{listed('PossibleSpeciesFeatureValues', values)}</multi:speciesFeatureType>"
                )

    def place(self, pattern: Pattern) -> None:
        """Give a pattern its species, and its own type if it has several molecules."""
        if pattern in self.species:
            return
        names = "_".join(part.name for part in pattern.parts)
        key = self.registry.claim(f"pattern{len(self.species) + 1}_{legal(names)}"[:50], "species")
        self.species[pattern] = key
        if len(pattern.parts) == 1:
            self.components[key, 0] = self.types[pattern.parts[0].name]
            return
        instances, indexes = [], []
        ends: dict[str, list[str]] = {}
        for order, part in enumerate(pattern.parts):
            molecule = f"{key}_m{order + 1}"
            self.components[key, order] = molecule
            kind = self.types[part.name]
            instances.append(
                f'<multi:speciesTypeInstance multi:id="{molecule}" '
                f'multi:name={attribute(part.name)} multi:speciesType="{kind}"/>'
            )
            for place, site in self._sites(part):
                index = f"{molecule}_{place}"
                indexes.append(
                    f'<multi:speciesTypeComponentIndex multi:id="{index}" '
                    f'multi:component="{kind}_{place}" multi:identifyingParent="{molecule}"/>'
                )
                for bond in site.bonds:
                    if bond not in _STATUS:
                        ends.setdefault(bond, []).append(index)
        bonds = "".join(
            f'<multi:inSpeciesTypeBond multi:bindingSite1="{pair[0]}" '
            f'multi:bindingSite2="{pair[-1]}"/>'
            for pair in ends.values()
        )
        self.complexes.append(
            f'<multi:speciesType multi:id="{key}_type" multi:name={attribute(names)}>'
            + listed("SpeciesTypeInstances", "".join(instances))
            + listed("SpeciesTypeComponentIndexes", "".join(indexes))
            + listed("InSpeciesTypeBonds", bonds)
            + "</multi:speciesType>\n"
        )

    def _sites(self, part: Part) -> Iterator[tuple[int, Site]]:
        """Yield the sites that a pattern mentions, each with its place in the molecule."""
        taken: set[int] = set()
        for site in part.sites:
            place = next(
                (
                    place
                    for place, name in enumerate(self.molecules[part.name].sites, 1)
                    if name == site.name and place not in taken
                ),
                None,
            )
            if place is None:
                raise CannotHoldError(f"molecule {part.name!r} has no site {site.name!r} left.")
            taken.add(place)
            yield place, site

    def kind(self, pattern: Pattern) -> str:
        """Return the species type of a pattern."""
        key = self.species[pattern]
        return f"{key}_type" if len(pattern.parts) > 1 else self.components[key, 0]

    def said(self, pattern: Pattern) -> str:
        """Return what the species of a pattern says of its sites and states."""
        key, alone = self.species[pattern], len(pattern.parts) == 1
        outward, features = [], []
        for order, part in enumerate(pattern.parts):
            own = self.types[part.name]
            for place, site in self._sites(part):
                component = f"{own}_{place}" if alone else f"{key}_m{order + 1}_{place}"
                bond = site.bonds[0] if site.bonds else None
                if bond is None or bond in _STATUS:
                    status = "unbound" if bond is None else _STATUS[bond]
                    outward.append(
                        f'<multi:outwardBindingSite multi:bindingStatus="{status}" '
                        f'multi:component="{component}"/>'
                    )
                if site.state not in (None, "?"):
                    features.append(self._feature(key, order, part, place, site, alone))
        return listed("OutwardBindingSites", "".join(outward)) + listed(
            "SpeciesFeatures", "".join(features)
        )

    def _feature(
        self, key: str, order: int, part: Part, place: int, site: Site, alone: bool
    ) -> str:
        own = self.types[part.name]
        states = self.molecules[part.name].states.get(site.name, ())
        if site.state not in states:
            raise CannotHoldError(f"site {site.name!r} of {part.name!r} has no state {site.state}.")
        value = f"{own}_state{place}_{states.index(site.state) + 1}"
        component = "" if alone else f' multi:component="{self.components[key, order]}"'
        return (
            f'<multi:speciesFeature multi:speciesFeatureType="{own}_state{place}" '
            f'multi:occur="1"{component}><multi:listOfSpeciesFeatureValues>'
            f'<multi:speciesFeatureValue multi:value="{value}"/>'
            "</multi:listOfSpeciesFeatureValues></multi:speciesFeature>"
        )
