"""What is chosen on the page: a model, a cell in a dish, what is done to it, and what is looked at.

A scenario comes from the page as JSON, is part of links, and turns into the words that the command
line takes, so that what the page shows can be had there again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ..simulation.scans.from_text import REFERENCE, Words
from .errors import ExploreError

UPLOADED: Final = "upload:"
"""What the name of a model of one's own begins with."""
POINTS: Final = 200
"""In how many steps a course is looked at."""
MOST_READOUTS: Final = 12
_HOURS: Final = 24.0 * 60
_NAME = Annotated[str, Field(min_length=1, max_length=200)]
# Of conditions and compounds: one each, with nothing that words of the command line read more in.
_ONE = Annotated[str, Field(pattern=r"^[^,=@+]+$", max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Drug(_Strict):
    """A compound: how much of it, when it is added, and when it is washed out.

    Attributes
    ----------
    dose : float or None
        In nM; None for a compound that takes no dose.
    at, washout : float
        In hours; no wash-out is None.
    """

    name: _ONE
    dose: float | None = Field(default=None, ge=0, le=1e9)
    at: float = Field(default=0.0, ge=0, le=_HOURS)
    washout: float | None = Field(default=None, gt=0, le=_HOURS)

    @property
    def given(self) -> bool:
        """Whether there is anything of it."""
        return self.dose is None or self.dose > 0

    @property
    def words(self) -> str:
        """As ``--drug`` takes it."""
        return self.of("" if self.dose is None else f"{self.dose:.6g} nM")

    def of(self, doses: str) -> str:
        """Return it as ``--drug`` takes it, with other doses."""
        at = f" @ {number(self.at)} h" if self.at else ""
        return f"{self.name}{'=' if doses else ''}{doses}{at}"

    @model_validator(mode="after")
    def _in_order(self) -> Drug:
        if self.washout is not None and self.washout <= self.at:
            raise ValueError(
                f"{self.name} is washed out at {number(self.washout)} h, before it is added at "
                f"{number(self.at)} h; give a later time"
            )
        return self


class Scenario(_Strict):
    """What is chosen.

    Attributes
    ----------
    model : str
        A name of the catalogue, or :data:`UPLOADED` and the number of an upload.
    conditions : tuple of str
        Genotypes, mutants, contexts, environments and switches, all together.
    settings : mapping
        Values of parameters, in the model's units.
    until : float
        Hours; in a model of others its own time.
    readouts : tuple of str
        What is looked at.
    """

    model: _NAME
    conditions: tuple[_ONE, ...] = Field(default=(), max_length=20)
    drugs: tuple[Drug, ...] = Field(default=(), max_length=3)
    settings: Mapping[str, float] = Field(default_factory=dict, max_length=50)
    until: float = Field(default=48.0, gt=0, le=1e9)
    readouts: tuple[_NAME, ...] = Field(default=(), max_length=MOST_READOUTS)

    @field_validator("settings")
    @classmethod
    def _finite(cls, values: Mapping[str, float]) -> Mapping[str, float]:
        for name, value in values.items():
            if not math.isfinite(value) or len(name) > 200:
                raise ValueError(f"{name[:50]!r} is set to {value}, which is no finite number")
        return values

    @model_validator(mode="after")
    def _sensible(self) -> Scenario:
        if not self.uploaded and self.until > _HOURS:
            raise ValueError(f"{number(self.until)} h are too long; {number(_HOURS)} h is the most")
        for name, count in Counter(drug.name for drug in self.drugs).items():
            if count > 1:
                raise ValueError(f"{name} is given twice; take another compound for one of them")
        return self

    @property
    def uploaded(self) -> bool:
        """Whether the model is the user's own."""
        return self.model.startswith(UPLOADED)

    @property
    def cell(self) -> str:
        """The cell, as ``--cells`` takes it."""
        return "+".join(self.conditions) or REFERENCE

    @property
    def times(self) -> str:
        """When one looks, as ``--times`` takes it."""
        return f"0..{number(self.until)} h lin {POINTS + 1}"

    def words(self, times: str | None = None) -> Words:
        """Return the experiment as the analyses take it."""
        given = [drug for drug in self.drugs if drug.given]
        return Words(
            drugs=tuple(drug.words for drug in given),
            washouts=tuple(self.washouts),
            settings=tuple(self.set_words),
            cells=(f"cell={self.cell}",),
            times=times or self.times,
            equilibrated=True,
        )

    @property
    def washouts(self) -> list[str]:
        """What is taken away again, as ``--washout`` takes it."""
        return [
            f"{drug.name} @ {number(drug.washout)} h"
            for drug in self.drugs
            if drug.given and drug.dose is not None and drug.washout is not None
        ]

    @property
    def set_words(self) -> list[str]:
        """Values, as ``--set`` takes them."""
        return [f"{name}={number(value)}" for name, value in self.settings.items()]

    def untreated(self) -> Scenario:
        """Return the same cell without any compound, or the user's own model as its file has it."""
        return self.model_copy(update={"settings": {}} if self.uploaded else {"drugs": ()})


def number(value: float) -> str:
    """Return a number that reads back as what it was, without a dot where it is whole."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def read(data: Any) -> Scenario:
    """Return what the page sent as a scenario.

    Raises
    ------
    ExploreError
        If it is none; the message names the first fault.
    """
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        told = first["msg"].removeprefix("Value error, ")
        raise ExploreError(f"{f'{where}: ' if where else ''}{told}.") from None
