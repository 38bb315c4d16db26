"""The experiments that measurements are of, from the words of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...models import catalogue
from ...models.perturbations.compounds import CompoundError
from ...models.perturbations.conditions import ConditionError
from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import Experiment, ExperimentError
from ...simulation.experiments.from_text import ProtocolError, Words
from ...simulation.sbml.model import near
from .measurements import Row, refuse


@dataclass(frozen=True)
class Done:
    """What was done: experiments by the ids that they are to have, and for each row its own.

    Cells of an experiment may have amounts of their own: so many times those of the reference cell
    (``factors``), by experiment and parameter.
    """

    experiments: Mapping[str, Experiment]
    ids: Sequence[str]
    factors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def done(
    rows: Sequence[Row],
    table: Mapping[str, Words],
    name: str,
    clock: Callable[[str], float],
) -> Done:
    """Return the experiments that rows belong to.

    Parameters
    ----------
    rows : sequence of Row
        The measurements.
    table : mapping
        What was done in each experiment that rows may name.
    name : str
        Of the model, as the user wrote it.
    clock : callable
        Reads a time, as it read those of the rows.

    Raises
    ------
    TableError
        If there is no such experiment; the message lists every fault with its line.
    """
    faults: list[str] = []
    said: dict[str, Words] = {}
    members: dict[tuple[str, Words], list[Row]] = {}
    for row in rows:
        label, words = row.experiment, row.words
        if label in table:
            if words != Words():
                faults.append(
                    f"{row.where}: what is done in experiment {label!r} stands in the table of "
                    "experiments; leave it out here."
                )
            words = table[label]
        elif label and table:
            known = ", ".join(map(repr, table))
            hint = near(label, table) or f" There is {known}."
            faults.append(f"{row.where}: there is no experiment {label!r}.{hint}")
        elif label and said.setdefault(label, words) != words:
            faults.append(
                f"{row.where}: experiment {label!r} is something else here than before; what is "
                "done otherwise is another experiment."
            )
        members.setdefault((label, words), []).append(row)
    refuse(faults)
    taken: set[str] = set()
    experiments: dict[str, Experiment] = {}
    ids: dict[str, str] = {}
    for (label, words), those in members.items():
        id = unused(plain(label) or "experiment", taken)
        times = sorted({row.time for row in those})
        try:
            experiments[id] = from_text.experiment(
                words,
                times,
                name=label or id,
                model=name,
                clock=clock,
                counted=name not in catalogue.names(),
            )
        except (ProtocolError, ConditionError, CompoundError, ExperimentError) as error:
            faults.append(f"{those[0].where}: {_about(label or id, error)}")
        ids |= {row.where: id for row in those}
    refuse(faults)
    return Done(experiments, [ids[row.where] for row in rows])


def _about(label: str, error: Exception) -> str:
    text = str(error)
    start = f"Experiment {label!r}: "
    return text if text.startswith(start) else start + text


def plain(text: str) -> str:
    """Return text as an id."""
    found = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")
    return f"_{found}" if found[:1].isdigit() else found


def unused(id: str, taken: set[str]) -> str:
    """Return an id that is not taken yet, and take it."""
    number, found = 1, id
    while found in taken:
        number += 1
        found = f"{id}_{number}"
    taken.add(found)
    return found
