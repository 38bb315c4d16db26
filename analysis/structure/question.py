"""Conservation laws, feedback loops and modules of one model, with and without a drug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
import xarray as xr

from ...simulation.engines import Loaded
from ..asking.answer import Answer
from ..asking.system import System
from . import drawings
from .laws import Law, rank_and_laws
from .loops import LONGEST, MOST, Gains, Loop, graph, loops

CUT: Final = 0.1
"""A drug that leaves a loop less than this share of its gain has cut it."""
# A gain below this is nothing that a drug could cut.
_FELT: Final = 1e-3
_SIGNS: Final = {1: "positive", -1: "negative", 0: "depends"}


def answer(
    loaded: Loaded,
    systems: Mapping[str, System],
    failed: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Answer:
    """Return the structure of a model as an answer.

    Parameters
    ----------
    loaded : Loaded
        The model.
    systems : mapping
        The model at rest, by what was done to it: first as it is, then with the drug.
    failed : mapping, optional
        Why it has no rest, likewise.
    settings : mapping, optional
        What was asked, for the record.
    """
    rank, laws = rank_and_laws(loaded)
    first = next(iter(systems.values()), None)
    jacobian = None if first is None else first.jacobian(first.state)
    influences = graph(loaded, jacobian)
    found = loops(influences)
    gains = pd.DataFrame(
        {name: [each(loop) for loop in found] for name, each in _gains(loaded, systems)}
    )
    table = _table(found, gains)
    parts = _modules(influences)
    return Answer(
        "structure",
        "Conservation laws, feedback loops and modules",
        [*_said(loaded, rank, laws, table, parts), *_why(failed or {})],
        table,
        _data(loaded, rank, found, gains),
        lambda: drawings.draw(table, list(gains.columns), parts),
        settings or {},
        {
            "structure_laws": _told(loaded, laws, first),
            "structure_modules": pd.DataFrame(
                [
                    {"module": number, "nodes": len(part), "members": ", ".join(part)}
                    for number, part in enumerate(parts, 1)
                ],
                columns=["module", "nodes", "members"],
            ),
        },
    )


def _gains(loaded: Loaded, systems: Mapping[str, System]) -> Iterator[tuple[str, Any]]:
    for name, system in systems.items():
        yield name, Gains(loaded, system).loop


def _table(found: Sequence[Loop], gains: pd.DataFrame) -> pd.DataFrame:
    """Return the loops, those first whose gain is largest."""
    table = pd.DataFrame(
        {
            "loop": [loop.name for loop in found],
            "nodes": [len(loop.nodes) for loop in found],
            "sign": [_SIGNS[loop.sign] for loop in found],
            **{f"gain, {name}": gains[name] for name in gains},
        }
    )
    if gains.shape[1] == 2:
        before, after = (gains[name].to_numpy() for name in gains)
        share = np.full(len(before), np.nan)
        felt = np.abs(before) > _FELT
        share[felt] = after[felt] / before[felt]
        table["share left"] = share
    if gains.shape[1] and len(table):
        order = gains.iloc[:, 0].abs().sort_values(ascending=False, kind="stable").index
        table = table.loc[order].reset_index(drop=True)
    return table


def _modules(influences: nx.DiGraph) -> list[list[str]]:
    """Return groups of nodes with many edges within and few between, large ones first."""
    plain = nx.Graph(influences)
    if not plain.number_of_edges():
        return [[node] for node in plain]
    found = nx.community.greedy_modularity_communities(plain)
    return [sorted(part) for part in sorted(found, key=lambda part: (-len(part), min(part)))]


def _told(loaded: Loaded, laws: Sequence[Law], system: System | None) -> pd.DataFrame:
    if system is None:
        _, state = loaded.model.initial({})
    else:
        state = dict(zip(loaded.model.state_ids, system.state.tolist(), strict=True))
    return pd.DataFrame(
        [
            {
                "law": law.name,
                "kind": "molecules"
                if law.molecule
                else "constant"
                if len(law.weights) == 1
                else "sum",
                "species": len(law.weights),
                "total": law.total(state),
                "weights": " ".join(f"{id}={weight}" for id, weight in law.weights.items()),
            }
            for law in laws
        ],
        columns=["law", "kind", "species", "total", "weights"],
    )


def _said(
    loaded: Loaded, rank: int, laws: Sequence[Law], table: pd.DataFrame, parts: Sequence[Any]
) -> Iterator[str]:
    size = len(loaded.model.state_ids)
    molecules = [law.name for law in laws if law.molecule]
    yield (
        f"{size} states and {len(loaded.model.reactions)} reactions of rank {rank}: {len(laws)} "
        f"sums are conserved, {len(molecules)} of them whole molecule types"
        f"{' (' + ', '.join(molecules) + ')' if 0 < len(molecules) <= 12 else ''}."
    )
    if loaded.model.events and laws:
        yield "The model has events, which may change what its reactions conserve."
    signs = table["sign"].value_counts()
    yield (
        f"{len(table)} loops of 2 to {LONGEST} nodes in {len(parts)} modules: "
        f"{signs.get('positive', 0)} positive, {signs.get('negative', 0)} negative, "
        f"{signs.get('depends', 0)} whose sign depends."
    )
    if len(table) >= MOST:
        yield f"There are more loops; the first {MOST:,} were looked at."
    if "share left" in table:
        cut = table[table["share left"].abs() < CUT]
        yield f"Of their gain at rest {len(cut)} loops keep less than {CUT:.0%} under the drug."


def _why(failed: Mapping[str, str]) -> Iterator[str]:
    for name, why in failed.items():
        yield f"No gains, {name}: {why}"


def _data(loaded: Loaded, rank: int, found: Sequence[Loop], gains: pd.DataFrame) -> xr.Dataset:
    names = [loop.name for loop in found]
    return xr.Dataset(
        {
            "sign": ("loop", np.array([loop.sign for loop in found], dtype=int)),
            "gain": (
                ("loop", "experiment"),
                gains.to_numpy(dtype=float).reshape(len(names), gains.shape[1]),
                {"units": "1"},
            ),
        },
        coords={
            "loop": np.array(names, dtype=str),
            "experiment": np.array(list(gains.columns), dtype=str),
        },
        attrs={"model": loaded.model.id, "rank": rank},
    )
