"""What runs in a process of its own, as libSBML may crash or never end on what is in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...network import records
from ...simulation.sbml.documents import SbmlFileError
from .check import check_text


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report on a text as data, or why it is no SBML."""
    try:
        report = check_text(
            question["text"],
            question["where"],
            folder=Path(question["folder"]) if question["folder"] else None,
            quick=question["quick"],
        )
    except SbmlFileError as error:
        return {"no SBML": str(error)}
    return {"report": records.to_data(report)}
