"""How the states of a molecule show in the names of species."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from ...network.network import Molecule
from ...network.rules.patterns import PatternMolecule, Site

_RESIDUE = re.compile(r"[A-Za-z]\d+[A-Za-z]?")


class MoleculeType:
    """How the states of a molecule type are shown."""

    def __init__(self, molecule: Molecule | None = None) -> None:
        states = {} if molecule is None else molecule.states
        self._default = {site: values[0] for site, values in states.items() if values}
        self._uses = Counter(state for values in states.values() for state in values)

    def shown(self, site: Site) -> str:
        """Return the text for a site, empty in its default state."""
        state = site.state
        if state is None or state == self._default.get(site.name):
            return ""
        if _RESIDUE.fullmatch(site.name):
            return f"{state}{site.name[0].upper()}{site.name[1:]}"
        if len(state) > 1 and state[0].isalpha() and self._uses[state] == 1:
            return state
        if state.isdigit() and not site.name[-1].isdigit():
            return f"{site.name}{state}"
        return f"{site.name}_{state}"


UNKNOWN = MoleculeType()


def labels(molecules: Iterable[Molecule]) -> Callable[[PatternMolecule], str]:
    """Return what names a molecule of a species with the states that it is not in at first."""
    types = {molecule.name: MoleculeType(molecule) for molecule in molecules}

    def label(molecule: PatternMolecule) -> str:
        kind = types.get(molecule.name, UNKNOWN)
        return " ".join([molecule.name, *filter(None, map(kind.shown, molecule.sites))])

    return label
