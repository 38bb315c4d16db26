"""What ``mtorules claims --ensemble`` does: in how many parameter sets each claim holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import blaming, usage
from .output import print_json, table
from .parameter_sets import parameter_sets
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.claims.reading import Claims
    from ..simulation.engines import Loaded


def ask(
    claims: Claims,
    loaded: Loaded,
    path: Path,
    base: Mapping[str, float],
    store: Path,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask claims of every set of a file, and tell how often each holds."""
    from ..analysis.claims.reading import ClaimsError
    from ..analysis.uncertainty import holding
    from ..simulation.engines import UnsupportedError

    sets = parameter_sets(path, loaded.model)
    what = f"Asking the claims of {len(sets)} parameter sets"
    with (
        blaming("--model", ClaimsError),
        usage(UnsupportedError),
        progress(what, quiet=quiet) as bar,
    ):
        found = holding.holding(
            claims, loaded, sets, base=base, store=store, workers=workers, told=bar.advance
        )
    low, middle, high = found.band
    if as_json:
        print_json(
            {
                "model": loaded.model.id,
                "sets": len(sets),
                "claims": [
                    {
                        "id": name,
                        "held": count,
                        "share": count / len(sets),
                        "unanswered": found.unanswered.get(name, 0),
                        "holds_in_the_one_set": name in found.own,
                    }
                    for name, count in found.counts.items()
                ],
                "held_in_a_set": {"low": low, "median": middle, "high": high},
                "rate": found.rate,
            }
        )
        return
    if not found.counts:
        click.echo("There is no claim to ask.")
        return
    rows = [
        [name, f"{count} of {len(sets)}", f"{count / len(sets):.0%}", _own(name in found.own)]
        for name, count in sorted(found.counts.items(), key=lambda item: -item[1])
    ]
    click.echo(table([["claim", "holds in", "", "in the one set"], *rows]))
    every = sum(count == len(sets) for count in found.counts.values())
    never = sum(not count for count in found.counts.values())
    click.echo(
        f"Of {len(found.counts)} claims {every} hold in every set and {never} in none; in a set "
        f"{middle:g} hold in the median, and between {low:g} and {high:g} in 90% of them. On "
        f"average {found.rate:.1%} of claims hold, {len(found.own)} in the one set."
    )
    if found.unanswered:
        most = max(found.unanswered, key=found.unanswered.__getitem__)
        click.echo(
            f"In {sum(found.unanswered.values())} cases something could not be measured, most "
            f"often for {most}."
        )


def _own(holds: bool) -> str:
    return "holds" if holds else "fails"
