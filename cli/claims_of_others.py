"""What ``mtorules claims`` does with models of others: ``--mapping`` and ``--scoreboard``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import blaming, engine_or_default, loaded_of, remark, usage
from .output import print_json, spare, table
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.claims.mapping.expressing import Answered, Asked
    from ..analysis.claims.mapping.reading import Translation
    from ..analysis.claims.reading import Claims
    from ..simulation.engines import Loaded


def refuse(option: str, given: Mapping[str, object]) -> None:
    """Fail if an option is given together with one that it does not go with."""
    others = [name for name, value in given.items() if value]
    if others:
        raise click.UsageError(
            f"{option} does not go with {' and '.join(others)}.",
            click.get_current_context(silent=True),
        )


def ask(
    claims: Claims,
    model: str,
    mapping: str,
    engine: str | None,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask a model of others, and tell which claims hold and what is lacking for the rest."""
    from ..analysis.claims import reading as claims_reading
    from ..analysis.claims.mapping import expressing, reading
    from ..simulation.engines import UnsupportedError, engine_named

    context = click.get_current_context(silent=True)
    source = context and context.get_parameter_source("model")
    if source is not None and source.name == "DEFAULT":
        raise click.UsageError(
            "--mapping says what the names of another model mean; name it with --model FILE.xml.",
            context,
        )
    engine = engine_or_default(engine, model, quiet=quiet)
    with usage(UnsupportedError):
        engine_named(engine)
    names = reading.known(claims_reading.read(), claims)
    with blaming("--mapping", reading.MappingError):
        translation = reading.read(reading.find(mapping), names)
        loaded = _loaded(model, translation, quiet=quiet)
    what = f"Running the experiments of claims on {translation.file.model.name}"
    faults = claims_reading.ClaimsError, UnsupportedError
    with usage(*faults), progress(what, quiet=quiet) as bar:
        answered = expressing.answer(
            claims, loaded, translation, engine=engine, workers=workers, progress=bar.advance
        )
    if as_json:
        print_json(_data(answered, loaded, translation))
    else:
        _tell(answered)
    if answered.broken or not all(each.passed for each in answered.verdicts.values()):
        raise click.exceptions.Exit(1)


def board(
    claims: Claims,
    folder: Path,
    ours: Loaded,
    base: Mapping[str, float],
    engine: str | None,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print how many claims hold in each published model, and in ours of the same."""
    from ..analysis.claims.mapping import scoreboard
    from ..analysis.claims.reading import ClaimsError

    with usage(ClaimsError), progress("Asking the published models", quiet=quiet) as bar:

        def told(name: str, done: int, total: int) -> None:
            bar.say(name)
            bar.advance(done, total)

        lines = scoreboard.score(
            claims, folder, ours, base=base, engine=engine, workers=workers, told=told
        )
    if as_json:
        print_json(scoreboard.data(lines, ours))
    else:
        click.echo(scoreboard.markdown(lines))


def _loaded(model: str, translation: Translation, *, quiet: bool) -> Loaded:
    """Return the model, with a word if it is another file than the mapping was written for."""
    from ..analysis.claims.mapping import loading, reading
    from ..simulation.load import is_sbml_file
    from ..simulation.sbml.documents import NoSuchFileError

    if not is_sbml_file(model):
        loaded = loaded_of(model, quiet=quiet)
        reading.check(translation, loaded.model)
        return loaded
    spare(model)
    with blaming("--model", NoSuchFileError):
        loaded = loading.loaded(Path(model), translation)
    if reading.differs(translation, Path(model)):
        remark(
            f"{model} is not the file that {translation.name} was written for, by its SHA-256; its "
            "names fit, its numbers may differ."
        )
    return loaded


def _tell(answered: Answered) -> None:
    from ..analysis.claims.pages import pages

    able = {each.claim.id: each for each in answered.asked if each.claim.checks}
    if able:
        rows = [
            [verdict, id, _share(able[id]), *rest]
            for verdict, id, *rest in pages.rows(list(answered.verdicts.values()))
        ]
        click.echo(table([["", "claim", "checks", "margin", "decided by"], *rows]))
    lacking = [each for each in answered.asked if not each.whole]
    if lacking:
        rows = [[each.claim.id, _share(each), each.why] for each in lacking]
        click.echo(table([["claim", "checks", "lacking"], *rows]))
    for words, whole in (("in whole", True), ("in part", False)):
        asked, hold = answered.counted(whole=whole)
        click.echo(f"{hold} of {asked} claims that can be asked {words} hold.")
    if answered.broken:
        click.echo(f"{answered.broken} experiments could not be run to their end.")
    near = sum(bool(each.proxies) for each in able.values())
    if near:
        click.echo(f"{near} of them rest on what is only near to what they ask (*).")


def _share(asked: Asked) -> str:
    """Return how many checks are made of how many, with a mark where something is only near."""
    return f"{len(asked.claim.checks)}/{asked.checks}{'*' if asked.proxies else ''}"


def _data(answered: Answered, loaded: Loaded, translation: Translation) -> dict[str, Any]:
    from ..analysis.claims.pages import pages

    told = {each["id"]: each for each in pages.data(list(answered.verdicts.values()))}
    counted = {
        name: dict(zip(("asked", "hold"), answered.counted(whole=whole), strict=True))
        for name, whole in (("whole", True), ("part", False))
    }
    claims = [
        {
            "id": each.claim.id,
            "asked": "whole" if each.whole else "part" if each.part else "not",
            "of_checks": each.checks,
            "lacking": each.why,
            "near_only": list(each.proxies),
            **told.get(each.claim.id, {}),
        }
        for each in answered.asked
    ]
    return {
        "model": loaded.model.id,
        "mapping": translation.name,
        "name": translation.file.model.name,
        **counted,
        "broken_runs": answered.broken,
        "claims": claims,
    }
