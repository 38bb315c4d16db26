"""What a report asks of which model, as ``plan.yaml`` says.

Sentences of the plan hold places for numbers, which are looked up in the answers' tables when the
page is made; none is written down.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict

FILE: Final = Path(__file__).with_name("plan.yaml")


class PlanError(ValueError):
    """A report that cannot be planned, or a number of it that is not in a table."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(_Part):
    """A number of a table: of the row where columns have these values, at best over another's.

    Attributes
    ----------
    column : str
        Which number of the row.
    where : mapping
        What the row holds in other columns.
    over : mapping
        What the row that it is divided by holds in place of that; none, and it is not divided.
    table : str
        A further table of the answer; the one that a reader looks at first if empty.
    """

    column: str
    where: Mapping[str, Any]
    over: Mapping[str, Any] | None = None
    table: str = ""


class Sentence(_Part):
    """A sentence with places, ``{}`` as Python's, for numbers."""

    text: str
    numbers: Sequence[Number]


class Part(_Part):
    """One question of a report.

    Attributes
    ----------
    id : str
        Of the part on the page and in the store.
    heading : str
        The question.
    analysis, words : str
        What is asked: the name of the analysis, and words of its command line.
    say : sequence of Sentence
        What the numbers come to.
    quote : sequence of str
        Parts of sentences that the analysis says itself, by which those to be quoted are found.
    claims : sequence of str
        Ids of claims of the reviews on which this bears.
    limits : str
        What the numbers do not tell.
    """

    id: str
    heading: str
    analysis: str
    words: str = ""
    say: Sequence[Sentence] = ()
    quote: Sequence[str] = ()
    claims: Sequence[str] = ()
    limits: str = ""

    def arguments(self, model: str, more: Sequence[str] = ()) -> list[str]:
        """Return what follows the name of the analysis on a command line."""
        return [model, *shlex.split(self.words), *more]


class Report(_Part):
    """What is asked of a model, and under which title."""

    title: str = ""
    lead: str = ""
    limits: str = ""
    parts: Sequence[Part]


class Plan(_Part):
    """All reports, and what any other model is asked.

    Attributes
    ----------
    reports : mapping
        By model.
    headings : mapping
        The question of each analysis, for models without a report and analyses that theirs
        leaves out.
    usual : sequence of str
        The analyses of a model without a report.
    """

    reports: Mapping[str, Report]
    headings: Mapping[str, str]
    usual: Sequence[str]

    def of(self, model: str, analyses: Sequence[str] | None = None) -> Report:
        """Return what to ask of a model.

        Parameters
        ----------
        model : str
            The model, as the user named it.
        analyses : sequence of str, optional
            Names of analyses; by default those of the model's report, or the usual ones.

        Raises
        ------
        PlanError
            If there is no analysis of a name; the message says which is nearest.
        """
        report = self.reports.get(model, Report(parts=()))
        if analyses is None:
            if report.parts:
                return report
            analyses = self.usual
        if not analyses:
            raise PlanError(f"No analysis is named; use some of {', '.join(self.headings)}.")
        parts: list[Part] = []
        for name in dict.fromkeys(analyses):
            if name not in self.headings:
                near = difflib.get_close_matches(name, self.headings, n=1)
                known = ", ".join(self.headings)
                hint = f"Did you mean {near[0]!r}?" if near else f"Use some of {known}."
                raise PlanError(f"There is no analysis {name!r} for a report. {hint}")
            planned = [part for part in report.parts if part.analysis == name]
            parts += planned or [Part(id=name, heading=self.headings[name], analysis=name)]
        return report.model_copy(update={"parts": parts})


def read() -> Plan:
    """Return the plan of the package."""
    return Plan.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def quoted(words: str, answer: Mapping[str, Any]) -> list[str]:
    """Return what an answer says with these words in it.

    Raises
    ------
    PlanError
        If it says nothing of the kind.
    """
    found = [sentence for sentence in answer["said"] if words in sentence]
    if not found:
        raise PlanError(f"nothing is said with {words!r} in it.")
    return found


def said(sentence: Sentence, answer: Mapping[str, Any]) -> str:
    """Return a sentence with its numbers.

    Parameters
    ----------
    sentence : Sentence
        From the plan.
    answer : mapping
        As :meth:`.answer.Answer.plain` gives it.

    Raises
    ------
    PlanError
        If a number is not there.
    """
    return sentence.text.format(*(_looked_up(each, answer) for each in sentence.numbers))


def _looked_up(wanted: Number, answer: Mapping[str, Any]) -> Any:
    rows = answer["tables"].get(wanted.table, []) if wanted.table else answer["table"]
    found = _cell(rows, wanted.column, wanted.where)
    if wanted.over is None:
        return found
    below = _cell(rows, wanted.column, {**wanted.where, **wanted.over})
    if not below:
        raise PlanError(f"{wanted.column!r} is zero where it is divided by.")
    return found / below


def _cell(rows: Sequence[Mapping[str, Any]], column: str, where: Mapping[str, Any]) -> Any:
    found = [
        row
        for row in rows
        if all(name in row and row[name] == value for name, value in where.items())
    ]
    if len(found) != 1:
        told = ", ".join(f"{name} {value}" for name, value in where.items())
        raise PlanError(f"{len(found)} rows have {told}, where one is wanted.")
    value = found[0].get(column)
    if value is None:
        raise PlanError(f"there is no number {column!r} in that row.")
    return value
