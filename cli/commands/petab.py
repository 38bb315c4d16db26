"""``mtorules petab``: what a PEtab problem holds, and what it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import blaming, example, json_option, quiet_option, remark
from ..output import OutputPath, print_json, table
from ..progress import progress

if TYPE_CHECKING:
    from ...analysis.petab.objective import Outcome
    from ...analysis.petab.problem import Problem

# How many experiments a terminal is shown.
_SHOWN = 40


@click.command(
    epilog=example(
        "mtorules petab problem/problem.yaml",
        "mtorules petab problem.yaml --set k1=0.3 --output simulated.tsv",
    )
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Evaluate it with this value of a parameter instead of the nominal one. May be repeated.",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".tsv"),
    help="Write what measurements should be into this table, as PEtab has it.",
)
@json_option
@quiet_option
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    settings: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Simulate the experiments of the PEtab problem FILE (YAML), and say how likely its data are.

    Versions 1 and 2 are read, with one model in SBML. What PEtab's own library finds fault with is
    told, and the status is then 1.
    """
    from ...analysis.petab import reading, writing
    from ...analysis.petab.objective import Evaluator

    problem = reading.read(file)
    values = _values(problem, settings)
    faults = writing.lint(file)
    with progress(f"Simulating {problem.id}", quiet=quiet):
        outcome = Evaluator(problem)(values)
    if output is not None:
        reading.save_simulated(file, outcome.simulated, output)
    if as_json:
        print_json(_told(problem, outcome, faults))
    else:
        _show(problem, outcome)
    if not as_json:
        for fault in faults:
            remark(f"PEtab's library finds fault: {fault}")
    if faults:
        context.exit(1)


def _values(problem: Problem, settings: tuple[str, ...]) -> dict[str, float]:
    from ...models.numbers import decimals
    from ...simulation.sbml.model import near

    known = {each.id for each in problem.parameters}
    found: dict[str, float] = {}
    with blaming("--set", ValueError):
        for text in settings:
            name, equals, value = (part.strip() for part in text.partition("="))
            if not equals:
                raise ValueError(f"{text!r} sets no value; write it like 'k1=0.3'.")
            if name not in known:
                raise ValueError(f"the problem has no parameter {name!r}.{near(name, known)}")
            found[name] = decimals.number(value)
    return found


def _by_trial(problem: Problem, outcome: Outcome) -> list[tuple[str, int, float, float]]:
    """Return name, number of measurements, chi square and likelihood of each experiment."""
    rows: dict[str, list[int]] = {}
    for place, each in enumerate(problem.measurements):
        rows.setdefault(each.trial, []).append(place)
    return [
        (
            id or "as it is",
            len(places),
            float((outcome.residuals[places] ** 2).sum()),
            float(outcome.likelihoods[places].sum()),
        )
        for id, places in rows.items()
    ]


def _told(problem: Problem, outcome: Outcome, faults: list[str]) -> dict[str, object]:
    return {
        "problem": problem.id,
        "parameters": len(problem.parameters),
        "estimated": len(problem.estimated),
        "log_likelihood": outcome.likelihood,
        "log_prior": outcome.prior,
        "objective": outcome.objective,
        "chi2": outcome.chi2,
        "experiments": [
            {"experiment": id, "measurements": count, "chi2": chi2, "log_likelihood": likelihood}
            for id, count, chi2, likelihood in _by_trial(problem, outcome)
        ],
        "faults": faults,
    }


def _show(problem: Problem, outcome: Outcome) -> None:
    rows = [["experiment", "measurements", "chi2", "log-likelihood"]]
    found = _by_trial(problem, outcome)
    for id, count, chi2, likelihood in found[:_SHOWN]:
        rows.append([id, str(count), f"{chi2:.6g}", f"{likelihood:.6g}"])
    click.echo(table(rows))
    if len(found) > _SHOWN:
        remark(f"These are {_SHOWN} of {len(found):,} experiments; --json tells all.")
    click.echo()
    sums = [
        ["parameters", f"{len(problem.parameters):,}, {len(problem.estimated):,} estimated"],
        ["chi2", f"{outcome.chi2:.10g}"],
        ["log-likelihood", f"{outcome.likelihood:.10g}"],
        ["log-prior", f"{outcome.prior:.10g}"],
        ["objective", f"{outcome.objective:.10g}"],
    ]
    click.echo(table(sums))
