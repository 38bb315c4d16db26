"""What earlier runs of `make bench` found: one line of ``history.jsonl`` for each.

Kept are ratios to a peer's number of the same run, since seconds depend on the machine and on what
else it does. All are such that less is better; a row that got worse is named.

    python benchmarks/history.py    # draws them over the commits
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

HISTORY: Final = Path(__file__).with_suffix(".jsonl")
FIGURE: Final = Path(__file__).parents[1] / "results" / "bench" / "history.svg"
WORSE: Final = 1.15
"""So many times its last, a row is named."""

PLAIN: Final = "libRoadRunner, plain loop"
# What a peer of ours is compared in, and with which number of the plain loop.
_COSTS: Final = (
    ("load_s", "load_s", "load"),
    ("load_again_s", "load_s", "load again"),
    ("course_s", "course_s", "course"),
    ("memory_MiB", "memory_MiB", "memory"),
)
# And of what makes networks and SBML, with whom.
_MADE: Final = (("network_s", "BNG2.pl", "network"), ("sbml_s", "PySB", "SBML"))
# Ratios of scans that are better if they are more.
_MORE: Final = (
    "two processes / plain loop",
    "two processes / one",
    "plain loop / one process by processor time",
)


def ratios(
    peers: Iterable[Mapping[str, Any]], scans: Mapping[str, Mapping[str, Any]]
) -> dict[str, float]:
    """Return the ratios of one run by name.

    Parameters
    ----------
    peers : iterable of mapping
        The rows of the table.
    scans : mapping
        By model what was found of whole scans.
    """
    by_model: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in peers:
        by_model.setdefault(row["model"], {})[row["peer"]] = row
    found: dict[str, float] = {}
    for model, rows in by_model.items():
        found.update((f"{model}: {name}", value) for name, value in _of_peers(rows))
    for model, told in scans.items():
        for name, value in told["ratios"].items():
            if name in _MORE and value > 0:
                one, _, other = name.partition(" / ")
                found[f"{model}: {other} / {one}"] = 1 / value
            elif name not in _MORE:
                found[f"{model}: {name}"] = value
    return found


def _of_peers(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    plain = rows.get(PLAIN, {})
    for name, row in rows.items():
        if name == "ours":
            for key, peer, what in _MADE:
                if row.get(key) and rows.get(peer, {}).get(key):
                    yield f"{what} / {peer}", row[key] / rows[peer][key]
        elif name.startswith("ours on"):
            for key, theirs, what in _COSTS:
                if row.get(key) and plain.get(theirs):
                    yield f"{what} of {name} / {PLAIN}", row[key] / plain[theirs]
            if row.get("points_per_s") and plain.get("points_per_s"):
                quotient = plain["points_per_s"] / row["points_per_s"]
                yield f"point of {name} / {PLAIN}", quotient


def read(path: Path = HISTORY) -> list[dict[str, Any]]:
    """Return what is kept, the oldest first."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def keep(
    found: Mapping[str, float], machine: Mapping[str, Any], path: Path = HISTORY
) -> dict[str, tuple[float, float]]:
    """Add a run, and return the rows that got worse since the last one on such a machine.

    Parameters
    ----------
    found : mapping
        What :func:`ratios` returned.
    machine : mapping
        What they depend on.
    path : Path
        Where they are kept.

    Returns
    -------
    mapping
        By name of the row the last ratio and this one.
    """
    record = {
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": dict(machine),
        "ratios": {name: float(f"{value:.4g}") for name, value in found.items()},
    }
    alike = [one for one in read(path) if _kind(one["machine"]) == _kind(machine)]
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
    return worse(alike[-1]["ratios"], record["ratios"]) if alike else {}


def worse(
    before: Mapping[str, float], after: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return the rows of both that are more than :data:`WORSE` times what they were."""
    return {
        name: (before[name], value)
        for name, value in after.items()
        if name in before and value > WORSE * before[name]
    }


def _kind(machine: Mapping[str, Any]) -> tuple[Any, Any]:
    return machine.get("processor"), machine.get("cores")


def _commit() -> str:
    """Return the commit that was measured, with a plus behind it if files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip() or "unknown"


def draw(records: Sequence[Mapping[str, Any]], path: Path = FIGURE) -> None:
    """Draw each row over the commits, a panel for each model."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(name for one in records for name in one["ratios"]))
    models = list(dict.fromkeys(name.partition(":")[0] for name in names))
    figure = Figure(figsize=(9, 3.2 * len(models)), layout="constrained")
    axes = figure.subplots(len(models), squeeze=False)[:, 0]
    commits = [f"{one['commit']}\n{one['date']}" for one in records]
    for model, each in zip(models, axes, strict=True):
        for name in names:
            if name.startswith(f"{model}:"):
                values = [one["ratios"].get(name, float("nan")) for one in records]
                label = name.partition(": ")[2]
                each.plot(range(len(records)), values, marker="o", markersize=3, label=label)
        each.set(title=model, ylabel="ratio, less is better", yscale="log")
        each.set_xticks(range(len(records)), commits, fontsize=6)
        each.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=6)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


if __name__ == "__main__":
    draw(read())
    print(f"Drawn in {FIGURE}")
