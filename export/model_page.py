"""The tables of ``docs/model.md``, made from the models, so that they cannot fall behind.

A page holds places for tables, each between ``<!-- table: NAME -->`` and ``<!-- end -->``. Fill
them anew with::

    python -m mtorules.export.model_page docs/model.md
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from ..models import catalogue
from ..models.numbers import evidence
from ..models.perturbations import compounds, conditions
from ..network import generate
from ..network.files import replacing
from ..network.network import Network
from .drawing.graphs import contact_map

_PLACE: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PATHWAYS: Final = Path(__file__).parents[1] / "models" / "pathways"


class OverviewError(ValueError):
    """A page that names a table that there is not."""


def fill(page: str) -> str:
    """Return a page with every table in it made anew.

    Raises
    ------
    OverviewError
        If the page names a table that is none of :data:`TABLES`.
    """

    def table(match: re.Match[str]) -> str:
        if match[2] not in TABLES:
            raise OverviewError(
                f"There is no table {match[2]!r}; there are {', '.join(sorted(TABLES))}."
            )
        return f"{match[1]}\n{TABLES[match[2]]()}\n\n{match[3]}"

    return _PLACE.sub(table, page)


def models() -> str:
    """Return the catalogue, with sizes."""
    rows = []
    for name in catalogue.names():
        network = generate.network(name)
        counts = (network.molecules, network.rules, network.species, network.reactions)
        rows.append([f"`{name}`", catalogue.entry(name).summary, *(f"{len(c):,}" for c in counts)])
    return _table(["model", "what it is", "molecules", "rules", "species", "reactions"], rows)


def mechanisms() -> str:
    """Return every mechanism file of the whole network, by room."""
    network = _whole()
    rules = Counter(rule.mechanism for rule in network.rules)
    order = list(dict.fromkeys(name.partition("/")[0] for name in rules))
    files = sorted(
        (path for path in _PATHWAYS.glob("*/*.py") if path.stem != "__init__"),
        key=lambda path: ([*order, path.parent.name].index(path.parent.name), path.stem),
    )
    rows = []
    for path in files:
        room, stem = path.parent.name, path.stem
        module = f"{catalogue.__name__.rpartition('.')[0]}.pathways.{room}.{stem}"
        said = (import_module(module).__doc__ or "").partition("\n")[0]
        rows.append([room, f"`{stem}`", said, str(rules[f"{room}/{stem}"] or "")])
    return _table(["room", "file", "what it holds", "rules"], rows)


def molecules() -> str:
    """Return every molecule of the whole network."""
    network = _whole()
    amounts = {p.name: p.value for p in network.parameters}
    graph = contact_map(network)
    rows = []
    for molecule in network.molecules:
        record = evidence.molecules()[molecule.name]
        sites = ", ".join("/".join((s, *molecule.states.get(s, ()))) for s in molecule.sites)
        title = f"{record.title}; {record.note}" if record.note else record.title
        amount = amounts.get(f"{molecule.name}_0")
        room = graph.nodes[molecule.name]["room"] or "inhibitors"
        rows.append([f"`{molecule.name}`", title, sites, f"{amount:g}", room])
    return _table(["molecule", "what it stands for", "sites and states", "nM", "room"], rows)


def enzymes() -> str:
    """Return who changes which sites of whom, as the rules have it."""
    graph = contact_map(_whole())
    found: dict[str, list[str]] = {}
    for one, other, data in graph.edges(data=True):
        if data["kind"] == "change" and graph.nodes[other]["parent"] != one:
            mark = "" if data["sign"] > 0 else " (back)"
            found.setdefault(one, []).append(f"{other.replace('.', ' ')}{mark}")
    return _table(["who", "changes"], [[f"`{who}`", ", ".join(found[who])] for who in found])


def inhibitors() -> str:
    """Return every class of drug with its compounds."""
    found: dict[str, list[str]] = {}
    for compound in compounds.table().values():
        how = compound.species or ("an input" if compound.constants else "not modelled")
        found.setdefault(how, []).append(compound.name)
    graph = contact_map(_whole())
    rows = []
    for how, names in found.items():
        targets = [to for _, to in graph.out_edges(how)] if how in graph else []
        targets = targets or sorted({t for name in names for t in compounds.table()[name].targets})
        rows.append([f"`{how}`" if how in graph else how, ", ".join(names), ", ".join(targets)])
    return _table(["dosed as", "compounds", "works on"], rows)


def perturbations() -> str:
    """Return the conditions of each kind, compounds apart."""
    rows = []
    for kind, what in conditions.SORTS.items():
        names = [f"`{condition.name}`" for condition in conditions.search(kind=kind)]
        if kind != "compound":
            rows.append([kind, what, ", ".join(names)])
    return _table(["kind", "what it is", "conditions"], rows)


@cache
def _whole() -> Network:
    return generate.network("signalling")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    function.__name__: function
    for function in (models, mechanisms, molecules, enzymes, inhibitors, perturbations)
}


def main(arguments: Sequence[str]) -> int:
    """Fill the tables of the pages named; return the status."""
    for name in arguments:
        path = Path(name)
        text = fill(path.read_text(encoding="utf-8"))
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
