"""``mtorules claims``: whether the model agrees with what the reviews say, and how strongly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    Choice,
    blaming,
    engine_or_default,
    example,
    files_option,
    json_option,
    loaded_of,
    parameters_option,
    quiet_option,
    store_option,
    usage,
    workers_option,
)
from ..output import OutputFolder, print_json, table
from ..parameter_sets import ensemble_option, parameter_set
from ..progress import progress

if TYPE_CHECKING:
    from ...analysis.claims.reading import Claims
    from ...simulation.engines import Loaded

ENGINES = ["roadrunner", "bngsim"]
# How many claims that a cut fails are named for a reader; --json names all.
_SHOWN = 6


@click.command(epilog=example("mtorules claims --core --output pages"))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--model", default="signalling", metavar="MODEL", help="The model that is asked.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only claims of this kind.")
@click.option("--core", is_flag=True, help="Only the acceptance core.")
@files_option
@click.option(
    "--cell",
    is_flag=True,
    help="Ask what any cell must show instead of the claims of the reviews: time scales, ranges, "
    "growth, genotypes, and how much of each drug it takes.",
)
@parameters_option
@click.option(
    "--mapping",
    metavar="FILE",
    help="Ask a model of others what this file lets it answer; or the name of one of the package.",
)
@click.option(
    "--scoreboard",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Ask the published models in this folder, and ours what each of them can be asked.",
)
@click.option("--list", "listing", is_flag=True, help="List the claims and run nothing.")
@click.option(
    "--engine",
    type=Choice(ENGINES),
    help="What runs; bngsim where it is installed.",
)
@click.option(
    "--beside",
    type=Choice(ENGINES),
    help="Run them with this engine as well, and name the claims on which the two disagree.",
)
@click.option(
    "--cut",
    "cut",
    multiple=True,
    metavar="MECHANISM",
    help="Ask them with this mechanism off, and name those that fail; 'all' for each in turn.",
)
@ensemble_option
@store_option("build/cuts", "cut")
@workers_option
@click.option(
    "-o", "--output", type=OutputFolder(), help="Write a page for each claim into this folder."
)
@json_option
@quiet_option
def command(
    ids: tuple[str, ...],
    model: str,
    kinds: tuple[str, ...],
    core: bool,
    files: tuple[Path, ...],
    cell: bool,
    parameters: Path | None,
    mapping: str | None,
    scoreboard: Path | None,
    listing: bool,
    engine: str | None,
    beside: str | None,
    cut: tuple[str, ...],
    ensemble: Path | None,
    store: Path,
    workers: int | None,
    output: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Check claims by id, by kind or all of them; status 1 if any fails that is not known to.

    So it is where two engines come to different verdicts.

    The margin says how far inside its bounds the deciding number lies, as the logarithm of a fold
    where folds are compared; below 0 the claim fails.

    With --cut a mechanism is what one file of rules describes; its rate constants are 0 then.

    With --ensemble each claim is told in how many parameter sets it holds, and the status is 0.

    With --mapping a model of others is asked the claims that the file lets it answer, and the rest
    is listed with what is lacking.
    """
    from ...analysis.claims import reading

    if cell and files:
        raise click.UsageError("--cell names its files; leave out --file or --cell.")
    with usage(reading.ClaimsError):
        claims = reading.read([reading.CELL] if cell else files or None).select(ids, kinds)
    if core:
        chosen = tuple(claim for claim in claims if claim.core)
        claims = reading.Claims(chosen, claims.readouts, claims.panels, claims.places)
    if listing:
        _list(claims, as_json)
        return
    _refuse_nothing(claims, files, core=core)

    if mapping or scoreboard:
        from .. import claims_of_others

        given = {"--cut": cut, "--beside": beside, "--ensemble": ensemble, "--output": output}
        if mapping:
            given |= {"--parameters": parameters, "--scoreboard": scoreboard}
            claims_of_others.refuse("--mapping", given)
            claims_of_others.ask(claims, model, mapping, engine, workers, as_json, quiet)
            return
        assert scoreboard is not None
        claims_of_others.refuse("--scoreboard", given)
        loaded = loaded_of(model, quiet=quiet)
        base = _base(parameters, loaded)
        claims_of_others.board(claims, scoreboard, loaded, base, engine, workers, as_json, quiet)
        return

    if ensemble:
        from .. import claims_of_others, claims_of_sets

        given = {"--cut": cut, "--engine": engine, "--beside": beside, "--output": output}
        claims_of_others.refuse("--ensemble", given)
        loaded = loaded_of(model, quiet=quiet)
        base = _base(parameters, loaded)
        claims_of_sets.ask(claims, loaded, ensemble, base, store, workers, as_json, quiet)
        return

    if cut:
        if engine or beside or output:
            raise click.UsageError(
                "--cut asks with bngsim and writes no pages; leave out --engine, --beside and "
                "--output.",
                click.get_current_context(silent=True),
            )
        _cut(claims, model, cut, parameters, store, workers, as_json, quiet)
        return

    from ...analysis.claims import binding, evaluation, running
    from ...analysis.claims.pages import pages
    from ...simulation.engines import UnsupportedError, engine_named

    engine = engine_or_default(engine, model, quiet=quiet)
    with usage(UnsupportedError):
        for name in filter(None, (engine, beside)):
            engine_named(name)

    loaded = loaded_of(model, quiet=quiet)
    base = _base(parameters, loaded)
    with blaming("--file" if files else "--model", reading.ClaimsError):
        bound = binding.bind(claims, loaded.model, base)
    found = {}
    for name in dict.fromkeys(filter(None, (engine, beside))):
        what = f"Running the experiments of {len(claims)} claims with {name}"
        with progress(what, quiet=quiet) as bar:
            seen = running.run(bound, loaded, engine=name, workers=workers, progress=bar.advance)
        found[name] = seen, evaluation.judge(bound, seen, loaded.network)
    courses, verdicts = found[engine]
    differing = [
        one.claim.id
        for one, other in zip(verdicts, found[beside or engine][1], strict=True)
        if one.passed != other.passed
    ]
    if output is not None:
        judge = evaluation.Judge(bound, courses, loaded.network)
        pages.write(verdicts, judge, loaded, output, f"Claims on {loaded.model.id}")
    passed = sum(verdict.passed for verdict in verdicts)
    if as_json:
        print_json(
            {
                "model": loaded.model.id,
                "engine": engine,
                "passed": passed,
                **({"beside": beside, "differing": differing} if beside else {}),
                "claims": pages.data(verdicts),
            }
        )
    else:
        if verdicts:
            click.echo(table([["", "claim", "margin", "decided by"], *pages.rows(verdicts)]))
        click.echo(f"{passed} of {len(verdicts)} claims pass.")
        if beside:
            where = f"disagree on {', '.join(differing)}" if differing else "agree on every verdict"
            click.echo(f"{engine} and {beside} {where}.")
    if differing or any(not one.passed and not one.claim.fails for one in verdicts):
        raise click.exceptions.Exit(1)


def _refuse_nothing(claims: Claims, files: tuple[Path, ...], *, core: bool) -> None:
    """Refuse what asks nothing: a program that only looks at the status would take it for right."""
    if any(claim.checks for claim in claims):
        return
    where = f" of {', '.join(str(path) for path in files)}" if files else ""
    if len(claims):
        told = f"None of the {len(claims)} claims{where} has a check: they are out of scope."
    elif core:
        told = f"No claim{where} that is asked for is of the core; leave out --core."
    else:
        told = f"There is no claim{where} to ask."
    raise click.UsageError(told, click.get_current_context(silent=True))


def _base(parameters: Path | None, loaded: Loaded) -> dict[str, float]:
    """Return at what the reference cell stands, where it is other than the model's own."""
    if parameters is None:
        return {}
    fitted, besides = parameter_set(parameters, loaded.model)
    return besides | fitted


def _cut(
    claims: Claims,
    model: str,
    names: tuple[str, ...],
    parameters: Path | None,
    store: Path,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    from ...analysis import cuts
    from ...analysis.claims.reading import ClaimsError
    from ...simulation.engines import UnsupportedError

    loaded = loaded_of(model, quiet=quiet)
    with blaming("--cut", cuts.CutError):
        chosen = cuts.select(loaded, names)
    base = _base(parameters, loaded)
    with (
        blaming("--model", ClaimsError),
        usage(UnsupportedError),
        progress(f"Asking the claims without {len(chosen)} mechanisms", quiet=quiet) as bar,
    ):
        result = cuts.cuts(
            claims, loaded, chosen, base=base, store=store, workers=workers, told=bar.advance
        )
    if as_json:
        print_json(
            {
                "model": loaded.model.id,
                "claims": result.claims,
                "held": result.held,
                "cuts": [
                    {
                        "mechanism": one.mechanism.name,
                        "constants": one.mechanism.constants,
                        "along": one.mechanism.along,
                        "beyond": one.mechanism.beyond,
                        "lost": one.lost,
                        "won": one.won,
                        "unanswered": one.unanswered,
                    }
                    for one in result.cuts
                ],
            }
        )
        return
    rows = []
    for one in result.cuts:
        shown = ", ".join(one.lost[:_SHOWN])
        more = f" and {len(one.lost) - _SHOWN} more" if len(one.lost) > _SHOWN else ""
        rows.append(
            [one.mechanism.name, str(len(one.lost)), str(len(one.unanswered)), shown + more]
        )
    click.echo(table([["without", "fail", "of these unanswered", "which"], *rows]))
    for one in result.cuts:
        if one.mechanism.beyond:
            click.echo(f"Not cut of {one.mechanism.name}: {', '.join(one.mechanism.beyond)}.")
        if one.mechanism.along:
            click.echo(f"Cut with {one.mechanism.name}: {', '.join(one.mechanism.along)}.")
    idle = [one.mechanism.name for one in result.cuts if not one.lost]
    if idle:
        click.echo(f"Unneeded, or unclaimed: {', '.join(idle)}.")
    click.echo(f"{result.held} of {result.claims} claims hold in the whole model.")


def _list(claims: object, as_json: bool) -> None:
    from ...analysis.claims.reading import Claims

    assert isinstance(claims, Claims)
    if as_json:
        print_json(
            [
                claim.model_dump(mode="json", include={"id", "statement", "kind", "scope", "core"})
                for claim in claims
            ]
        )
        return
    click.echo(table([[claim.id, claim.kind, claim.scope, claim.statement] for claim in claims]))
