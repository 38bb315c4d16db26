"""``mtorules conditions``: genotypes, mutants, environments, drugs, and what each of them sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..options import Choice, ModelName, blaming, example, json_option, usage
from ..output import print_json, table

if TYPE_CHECKING:
    from ...models.perturbations.compounds import Compound
    from ...models.perturbations.conditions import Condition

# What models.conditions.SORTS holds; a test compares them, so that help need not read the tables.
KINDS = ("genotype", "mutant", "environment", "compound", "context", "feedback", "switch")


class ConditionName(click.ParamType):
    """What names a condition; it is looked for only when the command runs."""

    name = "condition"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the conditions whose names begin so."""
        from ...models.perturbations import conditions

        return [
            CompletionItem(name, help=condition.summary)
            for name, condition in conditions.table().items()
            if name.casefold().startswith(incomplete.casefold())
        ]


@click.command(epilog=example("mtorules conditions everolimus FKBP1A_null --model complexes"))
@click.argument("names", metavar="[NAME]...", type=ConditionName(), nargs=-1)
@click.option("--model", type=ModelName(), help="Only what this model of the catalogue can take.")
@click.option("--kind", type=Choice(KINDS), help="Only those of one kind.")
@click.option("--search", metavar="WORD", default="", help="Only those in which a word occurs.")
@json_option
def command(
    names: tuple[str, ...], model: str | None, kind: str | None, search: str, as_json: bool
) -> None:
    """List what a model can be put under, or show what conditions set.

    A condition sets parameters and starting amounts: a genotype, a mutant, what the dish offers,
    the constants of a compound. With several NAMEs, what they set together; where they contradict
    each other, which two do.
    """
    from ...models.catalogue import UnknownModel
    from ...models.perturbations.compounds import CompoundError
    from ...models.perturbations.conditions import ConditionError

    with (
        blaming("--model", UnknownModel),
        usage(ConditionError, CompoundError),
    ):
        if names:
            _show(names, model, as_json)
        else:
            _list(model, kind, search, as_json)


def _list(model: str | None, kind: str | None, word: str, as_json: bool) -> None:
    from ...models import catalogue
    from ...models.perturbations import conditions

    if model is not None:
        catalogue.entry(model)
    found = [
        condition
        for condition in conditions.search(word, kind)
        if model is None or conditions.suits(condition, model)
    ]
    if as_json:
        print_json([_described(condition) for condition in found])
    elif found:
        click.echo(table([each.name, each.kind, each.summary] for each in found))
    else:
        raise click.ClickException("There is no such condition; leave out an option to see more.")


def _show(names: tuple[str, ...], model: str | None, as_json: bool) -> None:
    from ...models.perturbations import conditions

    found = [conditions.find(name) for name in names]
    together = conditions.values(*names) if model is None else conditions.values_in(model, *names)
    if as_json:
        print_json(
            {"conditions": [_described(condition) for condition in found], "values": together}
        )
        return
    parts = [_page(condition) for condition in found]
    if len(found) > 1 or model is not None:
        title = "Together" if model is None else f"In {model}"
        rows = [[parameter, *_amount(parameter, value)] for parameter, value in together.items()]
        parts.append(f"{title}\n{_indented(rows)}")
    click.echo("\n\n".join(parts))


def _amount(parameter: str, value: float) -> list[str]:
    from ...models.perturbations import conditions

    quantity = conditions.reference()[parameter]
    unit = "" if quantity.unit == "dimensionless" else quantity.unit
    return [f"{value:.6g} {unit}".strip(), f"reference {quantity.value:.6g}"]


def _page(condition: Condition) -> str:
    """Lay out one condition as text."""
    from ...models.perturbations import compounds

    compound = compounds.table().get(condition.name)
    lines = [f"{condition.name} ({condition.kind}): {condition.summary}"]
    if compound is not None:
        lines.append(_indented(_facts(compound)))
    rows = [
        [parameter, *_amount(parameter, value), condition.notes[parameter]]
        for parameter, value in condition.values.items()
    ]
    return "\n".join([*lines, _indented(rows)])


def _facts(compound: Compound) -> list[list[str]]:
    dose = "none"
    if compound.species:
        dose = f"as {compound.species} in the medium, {compound.usual_dose:g} nM as a rule"
    facts = {
        "class": compound.drug_class,
        "other names": "; ".join(compound.aliases),
        "targets": "; ".join(compound.targets),
        "dose": dose,
        "identifier": compound.identifier,
    }
    return [[key, value] for key, value in facts.items() if value]


def _indented(rows: list[list[str]]) -> str:
    return "\n".join(f"  {line}" for line in table(rows).splitlines())


def _described(condition: Condition) -> dict[str, Any]:
    """Return a condition as plain data."""
    from ...models.perturbations import compounds

    described: dict[str, Any] = {
        "name": condition.name,
        "kind": condition.kind,
        "summary": condition.summary,
        "values": condition.values,
        "notes": condition.notes,
    }
    compound = compounds.table().get(condition.name)
    if compound is not None:
        described |= {
            "class": compound.drug_class,
            "species": compound.species or None,
            "usual_dose_nM": compound.usual_dose,
            "aliases": compound.aliases,
            "targets": compound.targets,
            "identifier": compound.identifier or None,
            "potencies": [
                {
                    "parameter": constant.parameter,
                    "reported": constant.reported,
                    "citation": constant.citation,
                    "identifier": constant.identifier or None,
                    "evidence": constant.evidence,
                    "confidence": constant.confidence,
                }
                for constant in compound.constants
            ],
        }
    return described
