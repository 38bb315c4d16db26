"""``mtorules scan``: one experiment many times, with doses, cells and numbers varied."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..options import (
    Choice,
    FloatRange,
    blaming,
    engine_or_default,
    example,
    json_option,
    loaded_of,
    model_argument,
    quiet_option,
    remark,
    remark_on_idle,
    usage,
)
from ..output import OutputFolder, OutputPath, print_json
from ..progress import Bar, progress

if TYPE_CHECKING:
    from ...simulation.scans.running import Progress
    from ...simulation.scans.scan import Scan
    from ...simulation.scans.store import Store

ENGINES = ("bngsim", "roadrunner")
# How many failures are told; the results hold all.
_TOLD = 20


@click.command(
    epilog=example(
        "mtorules scan complexes --drug 'everolimus=0, 0.1..100 nM log 9' \\",
        "    --pre-equilibrate --times '24 h' --output doses.zarr",
    )
)
@model_argument
@click.option(
    "--drug",
    "drugs",
    multiple=True,
    metavar="COMPOUND=VALUES [@ TIMES]",
    help="Give a drug: its constants and its dose, as in 'everolimus=0, 0.1..100 nM log 9'. "
    "Wherever VALUES or TIMES stand, a list or a range is varied. May be repeated, as may the next "
    "six.",
)
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="SPECIES=VALUES [@ TIMES]",
    help="Add to a species, as in 'RAPA_medium=0, 0.01..100 nM log 25'.",
)
@click.option(
    "--washout",
    "washouts",
    multiple=True,
    metavar="SPECIES[=SHARES] @ TIMES",
    help="Take it away again, as in 'RAPA_medium @ 1..48 h lin 5'.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUES [@ TIMES]",
    help="Set a parameter, as in 'MTOR_0=50, 100 nM' or 'MTOR_0=0.1..10 fold log 5'.",
)
@click.option(
    "--cells",
    multiple=True,
    metavar="AXIS=NAMES",
    help="Vary conditions, as in 'cell=reference, FKBP1A_null, FKBP1A_null+closed_system'.",
)
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="NAME",
    help="A condition that holds at every point.",
)
@click.option(
    "--observable",
    "observables",
    multiple=True,
    metavar="NAME",
    help="Record this observable, species or parameter instead of all observables.",
)
@click.option(
    "--times", default="24 h", metavar="TIMES", help="When to look, as in '0..24 h lin 25, inf'."
)
@click.option("--pre-equilibrate", is_flag=True, help="Let the cells come to rest before time 0.")
@click.option(
    "--samples",
    type=click.IntRange(1),
    help="How many points to draw from ranges without a number of values, as '0.1..10 nM log'.",
)
@click.option(
    "--sampling",
    type=Choice(["lhs", "sobol"]),
    default="lhs",
    help="How to draw them: Latin hypercube or Sobol sequence.",
)
@click.option(
    "--replicates",
    type=click.IntRange(1),
    help="Simulate molecules one by one, each point so many times.",
)
@click.option("--seed", default=0, type=click.IntRange(0), help="Of samples and of molecules.")
@click.option(
    "--engine",
    type=Choice(ENGINES),
    help="What integrates; bngsim where it is installed.",
)
@click.option(
    "--tolerance",
    default=1e-8,
    type=FloatRange(0, 1, min_open=True, max_open=True),
    help="Relative error allowed a step.",
)
@click.option(
    "--workers", type=click.IntRange(1), help="The most processes to use; one a core by default."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Use the workers of this Dask scheduler instead, as in tcp://10.0.0.1:8786.",
)
@click.option(
    "--limit",
    metavar="TIME",
    help="Give a point up after so long, as in '60 s'; it counts as failed.",
)
@click.option("--retry", is_flag=True, help="Repeat points that failed before.")
@click.option(
    "-o",
    "--output",
    type=OutputFolder(),
    required=True,
    help="The folder of the results, in Zarr format. If it holds a part of this scan, only what is "
    "missing is computed.",
)
@click.option("--csv", type=OutputPath(".csv"), help="Write the results as CSV too.")
@json_option
@quiet_option
def command(
    model: str,
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    washouts: tuple[str, ...],
    settings: tuple[str, ...],
    cells: tuple[str, ...],
    conditions: tuple[str, ...],
    observables: tuple[str, ...],
    times: str,
    pre_equilibrate: bool,
    samples: int | None,
    sampling: str,
    replicates: int | None,
    seed: int,
    engine: str | None,
    tolerance: float,
    workers: int | None,
    scheduler: str | None,
    limit: str | None,
    retry: bool,
    output: Path,
    csv: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run an experiment on MODEL at every point of a grid, or at samples.

    It can be stopped at any moment, and the same command goes on from there. A point that fails is
    recorded with its reason and stops nothing.
    """
    from ...network.units.quantities import QuantityError, seconds
    from ...simulation.scans import seats

    if workers is not None and scheduler is not None:
        raise click.UsageError("--workers are processes here; with --scheduler its workers serve.")
    with blaming("--limit", QuantityError):
        patience = None if limit is None else seconds(limit)
        if patience == 0:
            raise QuantityError("nothing can be computed in 0 s.")
    # It takes as long to be ready as all that is done here until it has something to do.
    first = click.get_current_context().with_resource(seats.started(engine or _likely(model)))

    from ...simulation.scans import from_text
    from ...simulation.scans.parts import ScanError
    from ..clocks import late

    loaded = loaded_of(model, irreversible=replicates is not None, quiet=quiet)
    words = from_text.Words(
        drugs=drugs,
        doses=doses,
        settings=settings,
        washouts=washouts,
        cells=cells,
        conditions=conditions,
        times=times,
        outputs=observables,
        equilibrated=pre_equilibrate,
        samples=samples or 0,
        sampling=sampling,
        replicates=replicates or 0,
        seed=seed,
        engine=engine_or_default(engine, model, quiet=quiet),
    )
    with usage(ScanError):
        scan = from_text.scan(loaded.model, loaded.model.id, words)
    if not quiet:
        labels = [
            part for names in scan.cells.values() for label in names for part in label.split("+")
        ]
        remark_on_idle(words, labels, loaded.model)
        for text in late(words, float(scan.times[-1])):
            remark(text)
        for name, column in scan.columns.items():
            if column != name:
                remark(f"Results call something else {name!r}; the observable is {column!r} there.")

    from ...simulation.engines import Tolerances, UnsupportedError
    from ...simulation.sbml.model import UnknownNameError
    from ...simulation.scans import scanning
    from ...simulation.simulator import SimulationError

    tolerances = Tolerances(relative=tolerance)
    with ExitStack() as stack:
        with (
            progress(f"Compiling {loaded.model.id}", quiet=quiet),
            usage(UnknownNameError, UnsupportedError, SimulationError),
        ):
            ready = stack.enter_context(
                scanning.prepared(
                    loaded, scan, tolerances, workers=workers, limit=patience, first=first
                )
            )
            from ...simulation.scans import frame, store, table

            if not frame.begun(output):
                ready.attempt()
        begun = time.monotonic()
        kept = stack.enter_context(store.opened(output, scan, ready.facts))
        with progress(f"Scanning {loaded.model.id}", quiet=quiet) as bar:
            rate = _Rate(bar)
            ready.complete(kept, scheduler=scheduler, retry=retry, progress=rate)
        summary = _summary(scan, kept, output, rate.computed, time.monotonic() - begun)
        if csv is not None:
            table.write(kept, scan, csv)
    if as_json:
        print_json(summary)
    elif not quiet:
        _tell(summary)


def _likely(model: str) -> str:
    """Return the engine that will run, as far as can be said before a model was read."""
    from ...simulation.engines import default_engine
    from ...simulation.load import is_sbml_file

    return "roadrunner" if is_sbml_file(model) else default_engine()


class _Rate:
    """Tells a bar how far a scan is and how fast it goes."""

    def __init__(self, bar: Bar, now: Callable[[], float] = time.monotonic) -> None:
        self._bar = bar
        self._now = now
        self._begun: tuple[int, float] | None = None
        self.computed = 0

    def __call__(self, state: Progress) -> None:
        if self._begun is None:
            self._begun = state.done, self._now()
        before, start = self._begun
        self.computed = state.done - before
        seconds = self._now() - start
        words = [f"{state.done:,} of {state.total:,} points"]
        if self.computed:
            words.append(f"{self.computed / max(seconds, 1e-9):,.3g}/s")
        if state.failed:
            words.append(f"{state.failed:,} failed")
        self._bar.say(", ".join(words))
        self._bar.advance(state.done, state.total)


def _summary(
    scan: Scan, kept: Store, output: Path, computed: int, seconds: float
) -> dict[str, Any]:
    done, failed = kept.counts()
    units = kept.units
    return {
        "output": str(output),
        "model": scan.model,
        "engine": scan.engine,
        "points": scan.size,
        "done": done,
        "failed": failed,
        "computed": computed,
        "seconds": round(seconds, 3),
        "dimensions": scan.dimensions,
        "axes": [
            {
                "name": axis.name,
                "dimension": axis.dimension,
                "unit": axis.unit,
                "values": len(axis.values),
                "first": axis.values[0],
                "last": axis.values[-1],
            }
            for axis in scan.axes
        ],
        "times": [str(time) if time == float("inf") else time for time in scan.times],
        "observables": {name: units[name] for name in scan.outputs},
        "failures": [
            {"point": number, **scan.point(number), "message": message}
            for number, message in kept.failures(_TOLD).items()
        ],
    }


def _tell(summary: dict[str, Any]) -> None:
    size = " x ".join(f"{length} {name}" for name, length in summary["dimensions"].items())
    click.echo(f"{summary['points']:,} points ({size}) in {summary['output']}")
    if summary["computed"]:
        speed = summary["computed"] / max(summary["seconds"], 1e-9)
        click.echo(
            f"{summary['computed']:,} of them computed now, in {summary['seconds']:.3g} s "
            f"({speed:.3g}/s)"
        )
    else:
        click.echo("All of them were there already.")
    for failure in summary["failures"]:
        place = ", ".join(
            f"{axis['name']} {failure[axis['name']]:.6g}".rstrip()
            if isinstance(failure[axis["name"]], float)
            else f"{axis['name']} {failure[axis['name']]}"
            for axis in summary["axes"]
        )
        remark(f"failed: {place}: {failure['message']}")
    more = summary["failed"] - len(summary["failures"])
    if more > 0:
        remark(f"and {more:,} more failed; 'message' in the results says why.")
