"""What the user asked of an analysis, found and read, and how the answer is shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import loaded_of, remark, usage
from .output import cells, print_json, table
from .progress import progress

if TYPE_CHECKING:
    import xarray as xr

    from ..analysis.asking.answer import Answer
    from ..analysis.asking.readouts import Readouts
    from ..simulation.engines import Loaded, Tolerances
    from ..simulation.scans.from_text import Words
    from ..simulation.scans.scan import Scan


@dataclass(frozen=True)
class Asked:
    """What the user asked, found and read.

    Attributes
    ----------
    model : str
        As the user wrote it.
    loaded : Loaded
        The model.
    words : Words
        The experiment: what an analysis varies it adds to these.
    readouts : Readouts
        What to look at.
    fixed : mapping
        Values of the parameter set that was given, in the model's units.
    sets : sequence of mapping
        Parameter sets of an ensemble, each on top of it; none where one set is asked.
    folder : Path or None
        Where files go, and what is done is kept.
    parameters : Path or None
        The file of the parameter set that was given.
    """

    model: str
    loaded: Loaded
    words: Words
    readouts: Readouts
    fixed: Mapping[str, float]
    folder: Path | None
    workers: int | None
    limit: float | None
    tolerances: Tolerances
    as_json: bool
    quiet: bool
    sets: Sequence[Mapping[str, float]] = ()
    parameters: Path | None = None

    def ask(self, task: str, words: Words, name: str = "points") -> xr.Dataset:
        """Run the experiments that words describe, showing that ``task`` goes on.

        Raises
        ------
        click.UsageError
            If they make no sense for this model.
        """
        from ..analysis.asking import grid

        with self.running(task) as told:
            return grid.ask(
                self.loaded,
                words,
                self.readouts,
                fixed=self.fixed,
                name=name,
                told=told,
                **self.means,
            )

    def run(self, task: str, planned: Scan, name: str = "points") -> xr.Dataset:
        """Run a scan that the analysis planned itself, showing that ``task`` goes on."""
        from ..analysis.asking import grid

        with self.running(task) as told:
            return grid.run(self.loaded, planned, self.readouts, name=name, told=told, **self.means)

    def of_each(self, ask: Callable[[Asked], Answer]) -> Answer:
        """Return the answer to each parameter set of the ensemble, as one with bands.

        Parameters
        ----------
        ask : callable
            Gives the answer for one parameter set.
        """
        from ..analysis.asking import bands

        own = ask(replace(self, sets=()))
        found, failed = [], []
        with progress(f"Asking {len(self.sets)} parameter sets", quiet=self.quiet) as bar:
            for number, each in enumerate(self.sets, 1):
                folder = self.folder and self.folder / "sets" / f"{number}"
                one = {**self.fixed, **each}
                try:
                    found.append(ask(replace(self, fixed=one, sets=(), folder=folder, quiet=True)))
                except click.UsageError as error:
                    failed.append(f"set {number}: {error.format_message()}")
                bar.advance(number, len(self.sets))
        with usage(bands.NoAnswerError):
            return bands.banded(own, found, failed, self.settings)

    def stochastic(self) -> Asked:
        """Return the same of the model in single steps, as molecules one by one need it."""
        loaded = loaded_of(self.model, irreversible=True, quiet=self.quiet)
        return replace(self, loaded=loaded)

    def planned(self, words: Words) -> Scan:
        """Return the scan that words describe, for an analysis that varies more than words can.

        Raises
        ------
        click.UsageError
            If they make no sense for this model.
        """
        from ..simulation.scans import from_text
        from ..simulation.scans.parts import ScanError

        with usage(ScanError):
            told = replace(words, outputs=self.readouts.outputs)
            return from_text.scan(self.loaded.model, self.loaded.model.id, told, self.fixed)

    @property
    def means(self) -> dict[str, Any]:
        """Return how experiments are run: the keywords of :func:`.grid.run`."""
        return {
            "folder": self.folder,
            "workers": self.workers,
            "limit": self.limit,
            "tolerances": self.tolerances,
        }

    def varied(self, **words: Any) -> Words:
        """Return the user's experiment with more drugs, doses, settings or other words.

        Parameters
        ----------
        **words
            Attributes of :class:`.from_text.Words`; sequences are put behind those that are there,
            anything else stands instead.
        """
        return replace(
            self.words,
            **{
                name: value
                if isinstance(value, str | int)
                else (*getattr(self.words, name), *value)
                for name, value in words.items()
            },
        )

    def untreated(self, words: Words) -> Words:
        """Return an experiment without its drugs and doses, and without wash-outs of them."""
        given = {text.partition("=")[0].strip() for text in (*words.drugs, *words.doses)}
        kept = []
        for text in words.washouts:
            name, equals, _ = text.partition("=")
            name = name if equals else text.rpartition("@")[0]
            kept += [text] if name.strip() not in given else []
        return replace(words, drugs=(), doses=(), washouts=tuple(kept))

    @property
    def settings(self) -> dict[str, Any]:
        """What was asked, as plain data for the record."""
        said = {name: value for name, value in vars(self.words).items() if value or value == 0}
        return {
            "model": self.loaded.model.id,
            **{name: list(v) if isinstance(v, tuple) else v for name, v in said.items()},
            "parameters": dict(self.fixed),
            **({"ensemble": self._ensemble} if self.sets else {}),
            "relative_tolerance": self.tolerances.relative,
        }

    @property
    def _ensemble(self) -> dict[str, Any]:
        """What tells one ensemble from another; its values would be many thousands."""
        told = json.dumps([dict(each) for each in self.sets], sort_keys=True)
        return {"sets": len(self.sets), "sha256": hashlib.sha256(told.encode()).hexdigest()}

    @contextmanager
    def running(self, task: str) -> Iterator[Callable[[int, int], None]]:
        """Show that a task goes on, and turn what does not fit the model into wrong usage.

        Linear algebra has one thread meanwhile: its matrices are of a model's size.
        """
        from ..analysis.asking.grid import AnalysisError
        from ..analysis.asking.readouts import ReadoutError
        from ..simulation.engines import UnsupportedError
        from ..simulation.engines.threads import alone
        from ..simulation.sbml.model import UnknownNameError
        from ..simulation.scans.parts import ScanError
        from ..simulation.simulator import SimulationError

        wrong = (AnalysisError, ReadoutError, ScanError, SimulationError, UnknownNameError)
        with progress(task, quiet=self.quiet) as bar, usage(*wrong, UnsupportedError), alone():
            yield bar.advance

    def show(self, answer: Answer, *, most: int | None = 20) -> None:
        """Write an answer's files where a folder was named, and print what it says.

        Parameters
        ----------
        answer : Answer
            What the analysis gave.
        most : int, optional
            How many rows of its table a reader gets; files and JSON hold all.
        """
        if self.folder is not None:
            with progress("Drawing", quiet=self.quiet):
                answer.write(self.folder)
            if not self.quiet:
                remark(f"Figures, tables and all numbers are in '{self.folder}'.")
        if self.as_json:
            print_json(answer.plain())
            return
        shown = answer.table if most is None else answer.table.head(most)
        if len(shown):
            click.echo(table([list(map(str, shown.columns)), *cells(shown)]))
        if len(shown) < len(answer.table) and not self.quiet:
            remark(f"These are {len(shown)} of {len(answer.table):,} rows; --output has all.")
        for sentence in answer.said:
            click.echo(sentence)
