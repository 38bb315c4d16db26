"""Provenance of a model, laid out as text or as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .output import table

if TYPE_CHECKING:
    from ..models.numbers.evidence import Evidence
    from ..models.numbers.provenance import ParameterOrigin, Provenance


def as_data(origins: Provenance) -> dict[str, Any]:
    """Return everything as dictionaries and lists, each element with its gaps."""
    return {
        "monomers": [asdict(each) | {"gaps": each.gaps} for each in origins.monomers],
        "rules": [asdict(each) | {"gaps": each.gaps} for each in origins.rules],
        "parameters": [asdict(each) | {"gaps": each.gaps} for each in origins.parameters],
        "sources": [asdict(each) for each in origins.sources],
    }


def page(origins: Provenance, *, sources: bool) -> str:
    """Return tables of monomers, rules and parameters; with ``sources`` also what they cite."""
    sections = {
        "Monomers": [
            [each.name, " ".join(each.identifiers), each.title, _lacks(each.gaps)]
            for each in origins.monomers
        ],
        "Rules": [
            [
                each.name,
                each.mechanism,
                _cited(each.sources, each.references),
                each.note,
                _lacks(each.gaps),
            ]
            for each in origins.rules
        ],
        "Parameters": [
            [
                each.name,
                (each.formula and f"= {each.formula}") or f"{each.value:.6g}",
                each.unit,
                _range(each),
                each.evidence or ("derived" if each.formula else ""),
                _cited(each.sources, each.references),
                each.note,
                _lacks(each.gaps),
            ]
            for each in origins.parameters
        ],
        "Sources": [
            [each.id, _identified(each), each.confidence, each.citation]
            for each in origins.sources
            if sources
        ],
    }
    return "\n\n".join(
        f"{heading} ({len(rows)})\n" + "\n".join(f"  {line}" for line in table(rows).splitlines())
        for heading, rows in sections.items()
        if rows
    )


def _cited(sources: tuple[str, ...], references: tuple[str, ...]) -> str:
    """Return the ids, whose addresses stand under Sources; without any, the addresses."""
    return " ".join(sources or references)


def _identified(source: Evidence) -> str:
    return f"{source.identifier} (not looked up)" if source.checked == "no" else source.identifier


def _lacks(gaps: tuple[str, ...]) -> str:
    return f"lacks {', '.join(gaps)}" if gaps else ""


def _range(each: ParameterOrigin) -> str:
    if each.low is None or each.high is None:
        return ""
    return f"{each.low:.6g} to {each.high:.6g}"
