"""``mtorules models``: what models there are, and what is in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ...models import catalogue
from ..options import ModelName, example, json_option, network_of, quiet_option, remark, source_of
from ..output import print_json, table

if TYPE_CHECKING:
    from ...network.network import Molecule, Network, Parameter, Rule


@click.command(epilog=example("mtorules models signalling --provenance"))
@click.argument("model", type=ModelName(), required=False)
@click.option(
    "--size",
    is_flag=True,
    help="Count monomers, rules, species and reactions of every model listed.",
)
@click.option(
    "--provenance",
    is_flag=True,
    help="Print where everything in MODEL comes from: identifiers of monomers, references of "
    "rules, and value, unit, range, evidence and source of parameters.",
)
@click.option("--gaps", is_flag=True, help="Print what in MODEL lacks some of its provenance.")
@json_option
@quiet_option
def command(
    model: str | None, size: bool, provenance: bool, gaps: bool, as_json: bool, quiet: bool
) -> None:
    """List the named models, or show what is in one MODEL.

    Of one model it shows molecules, rules, parameters and observables, with units, evidence and
    sources, and the size of its network.
    """
    if model is None:
        if provenance or gaps:
            raise click.UsageError(
                f"--{'gaps' if gaps else 'provenance'} needs a MODEL; there are "
                f"{', '.join(catalogue.names())}."
            )
        _list(size, as_json, quiet)
        return
    if provenance or gaps:
        _origins(model, gaps, as_json, quiet)
        return
    network = network_of(model, quiet=quiet)
    if as_json:
        print_json(_described(network))
    else:
        click.echo(_page(network))


def _list(size: bool, as_json: bool, quiet: bool) -> None:
    entries = [catalogue.entry(name) for name in catalogue.names()]
    sizes = [_size(network_of(entry.name, quiet=quiet)) if size else {} for entry in entries]
    if as_json:
        print_json(
            [
                {"name": entry.name, "summary": entry.summary, **counts}
                for entry, counts in zip(entries, sizes, strict=True)
            ]
        )
    else:
        click.echo(
            table(
                [
                    entry.name,
                    *(f"{count:,} {what}" for what, count in counts.items()),
                    entry.summary,
                ]
                for entry, counts in zip(entries, sizes, strict=True)
            )
        )


def _size(network: Network) -> dict[str, int]:
    return {
        "monomers": len(network.molecules),
        "rules": len(network.rules),
        "species": len(network.species),
        "reactions": len(network.reactions),
    }


def _origins(name: str, gaps: bool, as_json: bool, quiet: bool) -> None:
    from ...models.numbers.provenance import provenance
    from ..origins import as_data, page

    found = source_of(name)
    if found.model is None:
        raise click.BadParameter(
            f"{name!r} is BNGL, which has no room for identifiers, references and evidence; "
            "name a PySB model.",
            param_hint="'MODEL'",
            ctx=click.get_current_context(),
        )
    origins = provenance(found.model)
    if gaps:
        origins = origins.lacking
    if as_json:
        print_json({"name": found.name, **as_data(origins)})
    elif origins:
        click.echo(page(origins, sources=not gaps))
    elif gaps and not quiet:
        remark(f"Nothing in {found.name} lacks its provenance.")


def _described(network: Network) -> dict[str, Any]:
    """Return what a reader wants to know of a model, as plain data."""
    return {
        "name": network.name,
        "title": network.metadata.title,
        "description": network.metadata.description,
        "version": network.metadata.version,
        "species": len(network.species),
        "reactions": len(network.reactions),
        "compartments": [
            {"name": room.name, "dimension": room.dimension, "size": room.size}
            for room in network.compartments
        ],
        "monomers": [
            {
                "name": molecule.name,
                "sites": {site: molecule.states.get(site, ()) for site in molecule.sites},
                **_said(molecule),
            }
            for molecule in network.molecules
        ],
        "rules": [
            {"name": rule.name, "mechanism": rule.mechanism, "bngl": rule.bngl, **_said(rule)}
            for rule in network.rules
        ],
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value,
                "unit": parameter.unit,
                "expression": parameter.expression if parameter.derived else None,
                **_said(parameter),
            }
            for parameter in network.parameters
            if not parameter.generated
        ],
        "observables": [group.name for group in network.groups],
    }


def _said(element: Molecule | Rule | Parameter) -> dict[str, Any]:
    sources = [note.resource for note in element.annotations]
    return {"notes": element.notes, "sources": sources}


def _page(network: Network) -> str:
    """Lay out what is in a model as text."""
    title, text = network.metadata.title, network.metadata.description
    sections = {
        "Monomers": [[m.name, _sites(m), m.notes, _sources(m)] for m in network.molecules],
        "Rules": [[r.name, r.mechanism, r.bngl, _sources(r)] for r in network.rules],
        "Parameters": [
            [p.name, f"{p.value:.6g}", p.unit or "", _origin(p), _sources(p)]
            for p in network.parameters
            if not p.generated
        ],
        "Observables": [[group.name] for group in network.groups],
    }
    size = f"{len(network.species):,} species, {len(network.reactions):,} reactions"
    parts = [f"{network.name}: {title}" if title else network.name]
    if text:
        parts.append(click.wrap_text(text, 100, "  ", "  "))
    parts.append(f"  {size}")
    for heading, rows in sections.items():
        if rows:
            lines = "\n".join(f"  {line}" for line in table(rows).splitlines())
            parts.append(f"{heading} ({len(rows)})\n{lines}")
    return "\n\n".join(parts)


def _sites(molecule: Molecule) -> str:
    """Return the sites with their states, as in ``frb, t389~u~p``."""
    return ", ".join("~".join((site, *molecule.states.get(site, ()))) for site in molecule.sites)


def _origin(parameter: Parameter) -> str:
    return f"= {parameter.expression}" if parameter.derived else parameter.notes


def _sources(element: Molecule | Rule | Parameter) -> str:
    """Return compact identifiers: the address without what all addresses share."""
    return " ".join(
        note.resource.removeprefix("https://identifiers.org/") for note in element.annotations
    )
