"""``mtorules analyse compare-models``: two models, or two parameter sets, side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import ModelName, engine_or_default, example, loaded_of
from ...parameter_sets import parameter_set

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer
    from ....simulation.engines import Loaded


@click.command(
    epilog=example(
        "mtorules analyse compare-models signalling --against complexes \\",
        "    --drug 'everolimus=0, 20 nM' --readout MTORC1 --output results/compare-models",
    )
)
@question_options(times="0 h, 1 h, 24 h")
@click.option(
    "--against",
    type=ModelName(),
    help="The other model; by default the same one, with --against-parameters.",
)
@click.option(
    "--against-parameters",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The parameter set of the other, as 'mtorules calibrate' writes it.",
)
def command(asked: Asked, against: str | None, against_parameters: Path | None) -> Answer:
    """Put the same experiments to two models or parameter sets, and rank the differences.

    Both get the same drugs, cells and times; readouts that only one has are left out and named.
    'signalling' against a part of it takes ten seconds.
    """
    from ....analysis import compare_models
    from ....analysis.asking import readouts

    if against is None and against_parameters is None:
        raise click.UsageError(
            "There is nothing to compare with; name a model (--against) or a parameter set "
            "(--against-parameters)."
        )
    loaded = asked.loaded if against is None else loaded_of(against, quiet=asked.quiet)
    fixed = {}
    if against_parameters is not None:
        values, besides = parameter_set(against_parameters, loaded.model, "--against-parameters")
        fixed = {**besides, **values}
    names = [asked.loaded.model.id, loaded.model.id]
    if against is None or names[0] == names[1]:
        names = [f"{names[0]} (first)", f"{names[1]} (second)"]
    shared, alone = _shared(asked, loaded)
    with asked.running("Looking at the readouts"):
        own = readouts.of(asked.loaded.model, shared)
        others = readouts.of(loaded.model, shared)
    first = replace(asked, readouts=own)
    # An engine that the user asks for runs both; otherwise each has what suits it.
    wanted = click.get_current_context().params["engine"]
    engine = engine_or_default(wanted, against or asked.model, quiet=True)
    words = replace(asked.words, engine=engine)
    second = replace(asked, loaded=loaded, words=words, readouts=others, fixed=fixed)
    data = {}
    for name, each, store in zip(names, (first, second), ("first", "second"), strict=True):
        words = replace(each.words, outputs=each.readouts.outputs)
        data[name] = each.ask(f"Running {name}", words, store)
    with asked.running("Comparing"):
        answer = compare_models.answer(data, asked.settings, {names[0]: alone})
    return answer


def _shared(asked: Asked, loaded: Loaded) -> tuple[list[str], list[str]]:
    """Return the words for readouts that the other model has too, and those that it has not."""
    from ....analysis.asking import readouts

    shared, alone = [], []
    for name, formula in asked.readouts.asked.items():
        word = name if formula.text == name else f"{name} = {formula.text}"
        try:
            readouts.of(loaded.model, [word])
        except readouts.ReadoutError:
            alone.append(name)
        else:
            shared.append(word)
    if not shared:
        raise click.UsageError(
            f"Model {loaded.model.id!r} has none of the readouts {', '.join(alone)}; name some "
            "that both have with --readout."
        )
    return shared, alone
