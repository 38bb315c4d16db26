"""The model as tables: a ``.zip`` with a CSV file for each kind of thing, and nothing left out.

Identifiers and formulas are those of the SBML document, formulas in the notation that libSBML and
COPASI read (``piecewise(value, condition, otherwise)``, ``x^2``, ``ln(x)``).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final

from ..network.network import Network
from .odes import layout
from .odes.infix import Dialect
from .odes.system import System, system
from .sbml.mathematics.mathml import Node

_OWN: Final = ["ln", "arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh"]
DIALECT: Final = Dialect(
    functions={name: name for name in _OWN},
    piecewise="piecewise({0}, {1}, {2})",
    log="log({0}, {1})",
)
# The same model gives the same bytes, whenever; a zip file cannot say an earlier time.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)

Row = Sequence[str | int | float]


def archive(network: Network) -> bytes:
    """Return a network as tables in a zip file.

    ``constants.csv`` holds parameters and sizes of compartments, with a formula where they follow
    from others; ``species.csv`` patterns and starting values; ``reactions.csv`` the rate of each
    reaction in amount per time; ``observables.csv`` what follows from species and time, in an order
    in which each comes after those it rests on.
    """
    found = system(network)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, rows in _tables(network, found).items():
            entry = zipfile.ZipInfo(f"{found.id}/{name}.csv", _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            whole.writestr(entry, _csv(rows))
    return made.getvalue()


def _tables(network: Network, found: System) -> dict[str, list[Row]]:
    notes = {each.name: each.notes for each in (*network.parameters, *network.compartments)}
    about = {each.name: each.notes for each in (*network.groups, *network.functions) if each.notes}

    def formula(node: Node | None) -> str:
        return "" if node is None else DIALECT.written(node)

    constants: list[Row] = [("id", "name", "value", "unit", "formula", "notes")]
    constants += [
        (c.id, c.name, repr(c.value), c.unit, formula(c.formula), notes.get(c.name, ""))
        for c in found.constants
    ]
    species: list[Row] = [
        ("id", "pattern", "compartment", "start", "unit", "formula", "divided_by", "fixed")
    ]
    species += [
        (
            *(s.id, s.name, one.compartment or "", repr(s.value), s.unit, formula(s.formula)),
            *(s.volume or "", int(s.fixed)),
        )
        for s, one in zip(found.states, network.species, strict=True)
    ]
    ids = [state.id for state in found.states]
    reactions: list[Row] = [("rule", "direction", "reactants", "products", "rate")]
    reactions += [
        (
            *(one.rule, "backward" if one.reverse else "forward"),
            *(" + ".join(ids[i] for i in side) for side in (one.reactants, one.products)),
            rate,
        )
        for one, rate in zip(network.reactions, layout.fluxes(found, DIALECT), strict=True)
    ]
    observables: list[Row] = [("id", "name", "unit", "formula", "notes")]
    observables += [
        (o.id, o.name, o.unit, formula(o.formula), about.get(o.name, "")) for o in found.outputs
    ]
    rules: list[Row] = [("name", "rule", "reversible", "mechanism", "notes")]
    rules += [(r.name, r.bngl, int(r.reversible), r.mechanism, r.notes) for r in network.rules]
    return {
        "model": [
            ("id", "title", "time_unit"),
            (found.id, found.title, found.time_unit),
        ],
        "constants": constants,
        "species": species,
        "reactions": reactions,
        "observables": observables,
        "rules": rules,
    }


def _csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
