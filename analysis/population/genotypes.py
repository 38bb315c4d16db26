"""How frequent genotypes are, and cells drawn with them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ...export.sbml.ids import with_article
from ...models.perturbations import conditions
from ...models.perturbations.conditions import ConditionError
from ...simulation.sbml.model import SbmlModel
from ..asking.grid import AnalysisError

TABLE: Final = Path(__file__).with_name("genotypes.csv")
"""How frequent genotypes are among tumours, with sources."""
_NEEDED: Final = ("genotype", "frequency")
# The kinds of condition that a cell is born with.
_KINDS: Final = ("genotype", "mutant", "context")


def read(path: Path = TABLE) -> dict[str, float]:
    """Return how frequent each genotype of a table is.

    Parameters
    ----------
    path : Path
        CSV with at least the columns ``genotype`` and ``frequency``, between 0 and 1.

    Raises
    ------
    AnalysisError
        If the table has faults; the message names the line.
    """
    found: dict[str, float] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if not set(_NEEDED) <= set(reader.fieldnames or ()):
                raise AnalysisError(f"{path.name}: the columns {' and '.join(_NEEDED)} are needed.")
            for row in reader:
                where = f"{path.name}:{reader.line_num}"
                name, text = (row["genotype"] or "").strip(), (row["frequency"] or "").strip()
                try:
                    condition = conditions.find(name)
                    name, share = condition.name, float(text)
                except ConditionError as error:
                    raise AnalysisError(f"{where}: {error}") from None
                except ValueError:
                    raise AnalysisError(f"{where}: {text!r} is no frequency.") from None
                if condition.kind not in _KINDS:
                    raise AnalysisError(
                        f"{where}: {name!r} is no genotype but {with_article(condition.kind)}; "
                        "'mtorules conditions --kind genotype' lists those of the tables."
                    )
                if not 0 <= share <= 1:
                    raise AnalysisError(f"{where}: {text!r} does not lie between 0 and 1.")
                if name in found:
                    raise AnalysisError(f"{where}: {name!r} is there twice.")
                found[name] = share
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AnalysisError(f"{path.name} cannot be read: {error}") from None
    return found


def fitting(found: Mapping[str, float], model: SbmlModel) -> dict[str, float]:
    """Return those genotypes that a model has all parameters for."""
    return {
        name: share
        for name, share in found.items()
        if conditions.find(name).values.keys() <= model.parameters.keys()
    }


def draw(
    found: Mapping[str, float], count: int, random: np.random.Generator
) -> list[tuple[str, ...]]:
    """Return the genotypes of so many cells.

    Genotypes are drawn independently, but of those that set one parameter differently, such as a
    gene that has lost one copy or both, a cell has one at most.

    Raises
    ------
    AnalysisError
        If genotypes that exclude each other add up to more than all cells.
    """
    cells: list[list[str]] = [[] for _ in range(count)]
    for group in _exclusive(list(found)):
        shares = [found[name] for name in group]
        rest = 1 - sum(shares)
        if rest < -1e-9:
            raise AnalysisError(
                f"{', '.join(group)} exclude each other, but their frequencies add up to "
                f"{sum(shares):g}."
            )
        chosen = random.choice(len(group) + 1, size=count, p=[*shares, max(rest, 0.0)])
        for cell, which in zip(cells, chosen.tolist(), strict=True):
            if which < len(group):
                cell.append(group[which])
    return [tuple(names) for names in cells]


def _exclusive(names: Sequence[str]) -> list[list[str]]:
    groups: list[tuple[set[str], list[str]]] = []
    for name in names:
        sets = set(conditions.find(name).values)
        alike = [group for group in groups if group[0] & sets]
        merged = (
            sets.union(*(group[0] for group in alike)),
            [*(each for group in alike for each in group[1]), name],
        )
        groups = [*(group for group in groups if group not in alike), merged]
    return [names for _, names in groups]
