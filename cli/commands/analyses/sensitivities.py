"""``mtorules analyse sensitivities``: which parameters matter, for what, and when."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click

from ....models import catalogue
from ...options import (
    Choice,
    blaming,
    drug_option,
    engine_or_default,
    example,
    json_option,
    loaded_of,
    model_argument,
    quiet_option,
    remark,
    usage,
)
from ...output import OutputPath, print_json, table
from ...progress import progress

# How many parameters of each observable are shown.
_SHOWN = 8


@click.command(
    epilog=example(
        "mtorules analyse sensitivities complexes --observable MTORC1_RAPA \\",
        "    --dose 'RAPA_medium=20 nM' --times '1 h, 24 h'",
    )
)
@model_argument
@click.option(
    "--observable",
    "observables",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Observable, expression or species to look at. May be repeated.",
)
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME",
    help="Parameter to vary; by default all that no other determines and that are not zero.",
)
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="SPECIES=CONCENTRATION",
    help="Add a drug at time 0, as in 'RAPA_medium=10 nM'. May be repeated.",
)
@drug_option
@click.option("--times", default="24 h", metavar="TIMES", help="When to look, as in '1, 24 h'.")
@click.option("--pre-equilibrate", is_flag=True, help="Let the cells come to rest before time 0.")
@click.option(
    "--method",
    type=Choice(["forward", "differences"]),
    help="Integrate derivatives with bngsim (forward, the default where it is installed), or run "
    "libRoadRunner with each parameter changed.",
)
@click.option("-o", "--output", type=OutputPath(".csv"), help="Write all of them as CSV.")
@click.option(
    "--plot", type=OutputPath(".svg", ".png"), help="Draw those that matter most, as SVG or PNG."
)
@json_option
@quiet_option
def command(
    model: str,
    observables: tuple[str, ...],
    parameters: tuple[str, ...],
    doses: tuple[str, ...],
    drugs: tuple[str, ...],
    times: str,
    pre_equilibrate: bool,
    method: str | None,
    output: Path | None,
    plot: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell by how many per cent observables rise when a parameter rises by one per cent.

    Species and observables are amounts here. All parameters of 'complexes' take ten seconds. Of
    'signalling' name some, since all of them take many minutes.
    """
    from ....analysis.sensitivities import differences, forward
    from ....analysis.sensitivities.question import (
        Question,
        SensitivityError,
        independent,
        ranked,
    )
    from ....models.perturbations.compounds import CompoundError
    from ....network.units.quantities import QuantityError, nanomolar
    from ....simulation.engines import UnsupportedError
    from ....simulation.experiments.drugs import treatments
    from ....simulation.experiments.experiments import Dose
    from ....simulation.experiments.from_text import ProtocolError, dose
    from ....simulation.sbml.model import UnknownNameError
    from ....simulation.scans import from_text
    from ....simulation.scans.parts import ScanError
    from ....simulation.simulator import SimulationError

    with blaming("--times", ScanError):
        looks = from_text.times(times)
        if looks[-1] == inf:
            raise ScanError("Sensitivities are told at finite times; name one, as in '30 d'.")
    added: list[Dose] = []
    with blaming("--dose", ProtocolError):
        for text in doses:
            name, sign, size = (part.strip() for part in text.partition("="))
            if not sign:
                raise ProtocolError(f"{text!r} is no dose; write it as in 'RAPA_medium=10 nM'.")
            added.append(dose(name, text, size, counted=model not in catalogue.names()))
    given: dict[str, float | str | None] = {}
    for drug in drugs:
        name, _, size = drug.partition("=")
        if "@" in drug:
            raise click.BadParameter("Drugs are given at time 0 here.", param_hint="'--drug'")
        with blaming("--drug", QuantityError):
            given[name.strip()] = nanomolar(size.strip()) if size.strip() else None
    with blaming("--drug", CompoundError):
        treated = treatments(given)
    values: dict[str, float] = {}
    inputs: dict[str, float] = {}  # which are set at time 0
    for each in treated:
        (values if each.species or not pre_equilibrate else inputs).update(each.values)
    added += [Dose(each.species, each.concentration) for each in treated if each.species]
    loaded = loaded_of(model, quiet=quiet)
    with usage(UnknownNameError, UnsupportedError, SensitivityError, SimulationError):
        question = Question(
            loaded,
            observables,
            parameters or independent(loaded),
            looks,
            added,
            values,
            equilibrated=pre_equilibrate,
            inputs=inputs,
        )
        if method is None:
            chosen = engine_or_default(None, model, quiet=quiet)
            method = "forward" if chosen == "bngsim" else "differences"
        compute = forward.forward if method == "forward" else differences.differences
        what = f"Varying {len(question.parameters)} parameters"
        with progress(what, quiet=quiet) as bar:
            data = compute(question, progress=bar.advance)
    if output is not None:
        from ....network.files import replacing

        frame = data[["sensitivity", "relative"]].to_dataframe().reset_index()
        with replacing(output) as scratch:
            frame.to_csv(scratch, index=False)
        if not quiet:
            remark(f"All of them are in '{output}'.")
    if plot is not None:
        from ....analysis.sensitivities.drawings import draw
        from ....simulation.results import figures

        figures.write(draw(data), plot)
        if not quiet:
            remark(f"The figure is in '{plot}'.")
    for name in data.observable.to_numpy().tolist():
        one = data.sel(observable=name)
        lost = one.time[one.relative.isnull().all("parameter")].to_numpy() / 3600
        if len(lost) and not quiet:
            when = ", ".join(f"{time:g} h" for time in lost[:_SHOWN])
            remark(f"No shares of {name} are told at {when}: it is no larger there than errors.")
    rows = ranked(data, _SHOWN)
    if as_json:
        print_json(rows.to_dict(orient="records"))
    else:
        shown = [
            [name, f"{time / 3600:g} h", parameter, f"{value:+.3g}"]
            for name, time, parameter, value in rows.itertuples(index=False)
        ]
        click.echo(table([["observable", "time", "parameter", "% per %"], *shown]))
