"""What the standard analyses ask of the user, and how their answers are shown.

A command of :mod:`.commands.analyses` takes these options with :func:`question_options`, hands
what was said to its analysis, and returns the answer, which is then shown
(:meth:`.asked.Asked.show`), or goes to whoever wants it (:func:`answered`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..models import catalogue
from .asked import Asked
from .options import (
    HELP,
    FloatRange,
    ModelName,
    blaming,
    drug_option,
    engine_or_default,
    json_option,
    loaded_of,
    model_argument,
    parameters_option,
    quiet_option,
    remark,
    seconds_of,
    usage,
    workers_option,
)
from .output import OutputFolder
from .parameter_sets import ensemble_option, parameter_set, parameter_sets
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.asking.answer import Answer

Command = Callable[..., Any]


def question_options(
    *,
    times: str = "24 h",
    cells: bool = True,
    drugs: bool = True,
    readouts: bool = True,
    replicates: bool = False,
    seed: str = "",
    preferred: Sequence[str] = (),
    experiment: bool = True,
    model: str | None = None,
    at_once: bool = False,
) -> Callable[[Command], Command]:
    """Give a command the options of an analysis; it gets ``asked`` (:class:`.asked.Asked`).

    Parameters
    ----------
    times : str
        When to look unless the user says.
    cells : bool
        Whether several cells may be asked side by side (``--cells``).
    drugs : bool
        Whether drugs and doses may be given.
    readouts : bool
        Whether readouts may be chosen.
    replicates : bool
        Whether experiments may be repeated at random: molecules one by one (``--replicates``), or
        numbers drawn from ranges (``--samples``).
    seed : str
        What the analysis itself draws at random, where it does (``--seed``): "the sample".
    preferred : sequence of str
        Readouts to look at where nobody said, those of them that the model has; what the catalogue
        says, or what changes most, if it has none.
    experiment : bool
        Whether the user says what is done and when one looks; if not, the analysis knows.
    model : str, optional
        Which model is asked where none is named; without, one has to be.
    at_once : bool
        Whether the command asks all parameter sets of an ensemble itself. For any other each is
        asked by itself, and its numbers get bands.
    """

    def given(command: Command) -> Command:
        # An option that the command declares itself is its own, whatever it is called.
        others = {option.name for option in _declared(command)}

        def asked_and_answered(**options: Any) -> tuple[Asked, Answer]:
            said = {name: options.pop(name) for name in ours if name in options}
            asked = _asked(**{**_OWN, **said}, preferred=preferred)
            if asked.sets and not at_once:
                return asked, asked.of_each(lambda one: command(asked=one, **options))
            return asked, command(asked=asked, **options)

        @wraps(command)
        def called(**options: Any) -> None:
            asked, answer = asked_and_answered(**options)
            asked.show(answer)

        called.__dict__[_ANSWERING] = asked_and_answered
        chosen = [model_argument]
        if model is not None:
            chosen = [click.argument("model", type=ModelName(), default=model)]
        if drugs:
            chosen += [drug_option, _dose_option, _washout_option]
        if experiment:
            chosen += [_condition_option, _set_option, _rest_option]
        if cells:
            chosen.append(_cells_option)
        if readouts:
            chosen.append(_readout_option)
        if experiment:
            chosen.append(_times_option(times))
        if replicates:
            chosen += _RANDOM
        if replicates or seed:
            chosen.append(_seed_option(seed or "what is drawn at random"))
        chosen += [parameters_option, ensemble_option, *_MEANS, json_option, quiet_option]
        for option in reversed(chosen):
            called = option(called)
        ours = {option.name for option in _declared(called)} - others
        return called

    return given


def answered(command: click.Command, words: Sequence[str]) -> tuple[Asked, Answer]:
    """Ask what the words of a command line ask of an analysis, and show nothing.

    Parameters
    ----------
    command : click.Command
        Of an analysis, one with :func:`question_options`.
    words : sequence of str
        What would follow its name on the command line.

    Raises
    ------
    click.UsageError
        If the words are wrong.
    """
    name = f"mtorules analyse {command.name}"
    with command.make_context(name, list(words), **HELP) as context:
        answering = vars(command.callback)[_ANSWERING]
        return context.invoke(answering, **context.params)


def _declared(command: Command) -> Sequence[click.Parameter]:
    """Return the arguments and options that a function was given so far."""
    return getattr(command, "__click_params__", ())


# An experiment takes seconds; a parameter far from where it belongs may take one without end.
LIMIT = "1 min"
# Where a command keeps what answers without showing.
_ANSWERING = "answering"
_OWN: Mapping[str, Any] = {
    "model": "",
    "drugs": (),
    "doses": (),
    "washouts": (),
    "conditions": (),
    "settings": (),
    "equilibrated": None,
    "cells": "reference",
    "readouts": (),
    "times": "",
    "replicates": None,
    "samples": None,
    "seed": 0,
    "parameters": None,
    "ensemble": None,
    "engine": None,
    "tolerance": 1e-8,
    "workers": None,
    "limit": LIMIT,
    "output": None,
    "as_json": False,
    "quiet": False,
}


def _asked(
    *,
    model: str,
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    washouts: tuple[str, ...],
    conditions: tuple[str, ...],
    settings: tuple[str, ...],
    equilibrated: bool | None,
    cells: str,
    readouts: tuple[str, ...],
    times: str,
    replicates: int | None,
    samples: int | None,
    seed: int,
    parameters: Path | None,
    ensemble: Path | None,
    engine: str | None,
    tolerance: float,
    workers: int | None,
    limit: str,
    output: Path | None,
    as_json: bool,
    quiet: bool,
    preferred: Sequence[str],
) -> Asked:
    """Find the model and read what was said of it."""
    from ..analysis.asking import readouts as asking
    from ..simulation.engines import Tolerances
    from ..simulation.scans import from_text
    from ..simulation.scans.from_text import Words
    from ..simulation.scans.parts import ScanError
    from ..simulation.simulator import SimulationError
    from .clocks import late

    patience = seconds_of("--limit", limit)
    loaded = loaded_of(model, irreversible=replicates is not None, quiet=quiet)
    fixed: dict[str, float] = {}
    if parameters is not None:
        values, besides = parameter_set(parameters, loaded.model)
        fixed = {**besides, **values}
    with (
        blaming("--readout", asking.ReadoutError),
        usage(SimulationError),
        progress(f"Looking at {loaded.model.id}", quiet=quiet),
    ):
        chosen = asking.default(loaded, model, preferred=preferred) if not readouts else ()
        found = asking.of(loaded.model, readouts or tuple(map(asking.apart, chosen)))
        asking.check_apart(found)
    words = Words(
        drugs=drugs,
        doses=doses,
        washouts=washouts,
        conditions=conditions,
        settings=settings,
        times=times,
        cells=(cells if "=" in cells else f"cell={cells}",),
        equilibrated=model in catalogue.names() if equilibrated is None else equilibrated,
        outputs=found.outputs,
        replicates=replicates or 0,
        samples=samples or 0,
        seed=seed,
        engine=engine_or_default(engine, model, quiet=quiet),
    )
    if not quiet and times:
        with usage(ScanError):
            for text in late(words, from_text.times(times)[-1]):
                remark(text)
    return Asked(
        model,
        loaded,
        words,
        found,
        fixed,
        output,
        workers,
        patience,
        Tolerances(relative=tolerance),
        as_json,
        quiet,
        () if ensemble is None else parameter_sets(ensemble, loaded.model),
        parameters,
    )


_dose_option = click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="SPECIES=CONC [@ TIME]",
    help="Add to a species, as in 'RAPA_medium=10 nM @ 1 h', of a model without units a plain "
    "number. May be repeated, as may the next two.",
)
_washout_option = click.option(
    "--washout",
    "washouts",
    multiple=True,
    metavar="SPECIES[=SHARE] @ TIME",
    help="Take it away again, as in 'RAPA_medium @ 24 h'.",
)
_condition_option = click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="NAME",
    help="Take a genotype, an environment or another condition of the tables, for all cells.",
)
_set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE [@ TIME]",
    help="Set a parameter, as in 'MTOR_0=50 nM'. May be repeated.",
)
_rest_option = click.option(
    "--pre-equilibrate/--from-start",
    "equilibrated",
    default=None,
    help="Let the cells come to rest before time 0, as models of the catalogue do unless told, or "
    "begin with the model's own start, as any other does.",
)
_cells_option = click.option(
    "--cells",
    metavar="NAMES",
    default="reference",
    help="Ask several cells side by side: conditions, alone or together, as in "
    "'reference, PTEN_null, PTEN_null+KRAS_mutant'.",
)
_readout_option = click.option(
    "--readout",
    "readouts",
    multiple=True,
    metavar="NAME",
    help="Look at this: an output of the model, a readout of the reviews (S6K_pT389), or "
    "arithmetic of them ('ratio = MTORC1 / MTORC2'). May be repeated.",
)
_RANDOM = (
    click.option(
        "--replicates",
        type=click.IntRange(1),
        help="Simulate molecules one by one, each experiment so many times.",
    ),
    click.option(
        "--samples",
        type=click.IntRange(1),
        help="How many points to draw from ranges without a number of values, as "
        "'0.5..2 fold log'.",
    ),
)
_MEANS = (
    click.option(
        "--engine",
        type=click.Choice(["bngsim", "roadrunner"]),
        help="What integrates; bngsim where it is installed.",
    ),
    click.option(
        "--tolerance",
        default=1e-8,
        type=FloatRange(0, 1, min_open=True, max_open=True),
        help="Relative error allowed a step.",
    ),
    workers_option,
    click.option(
        "--limit", metavar="TIME", default=LIMIT, help="Give an experiment up after so long."
    ),
    click.option(
        "-o",
        "--output",
        type=OutputFolder(),
        help="Write figures (PNG, SVG), tables (CSV) and all numbers (netCDF) here; a run that was "
        "broken off goes on from what is there.",
    ),
)


def _seed_option(what: str) -> Callable[[Command], Command]:
    return click.option(
        "--seed", default=0, show_default=True, type=click.IntRange(0), help=f"Of {what}."
    )


def _times_option(default: str) -> Callable[[Command], Command]:
    return click.option(
        "--times",
        default=default,
        metavar="TIMES",
        show_default=True,
        help="When to look, as in '1 h, 24 h', '0..24 h lin 25' or 'inf' for rest.",
    )
