"""What may stand in a file of claims.

A file holds ``claims``, and may hold ``readouts`` (names for formulas of observables) and
``panels`` (sets of cells). Unknown keys are faults, so that a slip of the pen is not passed over.
Long, since every kind of check stands here.
"""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from .arithmetic import Formula
from .fields import Arithmetic, Levels, Limits, Moment, Several, Span, Strict, Times, When
from .pages import display

Kind = Literal[
    "structure",
    "steady-state",
    "dynamics",
    "dose-response",
    "feedback",
    "genotype",
    "environment",
    "drug-class",
    "combination",
    "phenotype",
    "clinical",
    "biomarker",
]
Scope = Literal["mechanistic", "phenotype-proxy", "out-of-scope"]
Review = Literal["A", "B", "both", "own"]
KINDS: Final = get_args(Kind)
MOST_CELLS: Final = 10_000
LEAST: Final = 1.05
"""The least ratio by which a readout must differ to be said to rise or to fall."""
FLOOR: Final = 1e-6
"""Below this, in its own unit, a readout is nothing; in nM it is far from a molecule a cell."""


class Run(Strict):
    """An experiment: cells that came to rest under conditions, and what is done to them at time 0.

    Attributes
    ----------
    like : str
        Another experiment of the claim that this one adds to.
    conditions : tuple of str
        Names of the tables of conditions; they hold from before rest on. ``NAME @ TIME`` starts
        later.
    set : dict
        Values of parameters, from before rest on: with a unit, as a plain number, or as ``x 5``
        for a multiple. Several make a series.
    doses : dict
        Dose by compound or species, at time 0 or as ``20 nM @ 1 h``; of a compound also ``usual``
        or ``x 0.05``, a multiple of the usual dose, and of an inhibitor of mTOR or PI3K
        ``20 IC50``, a multiple of what halves its target's activity in cells. Several
        make a series.
    washouts : tuple of str
        ``NAME @ TIME``.
    bath : str
        ``boundless``: cells do not drain the medium; ``finite``: they may.
    """

    like: str = ""
    conditions: Several = ()
    set: dict[str, Levels] = Field(default_factory=dict)
    doses: dict[str, Levels] = Field(default_factory=dict)
    washouts: Several = ()
    bath: Literal["", "boundless", "finite"] = ""


def _as_run(value: Any) -> Any:
    return {"conditions": value} if isinstance(value, list | str) else value


Experiment = Annotated[Run, BeforeValidator(_as_run)]


class _Compared(Strict):
    """Of two levels that are compared by their ratio, the larger must reach ``floor``."""

    floor: float = Field(default=FLOOR, ge=0.0, strict=True)


class Measure(_Compared):
    """A number that is read off one or two experiments.

    One of ``value`` (a readout), ``ratio`` (of experiment ``of`` to experiment ``to``) or
    ``difference`` (``of`` minus ``to``). ``at`` is when; ``to_at`` when else for ``to``.
    ``relative_to`` names an experiment whose course divides the readout first, at every time.
    """

    value: Arithmetic | None = None
    ratio: Arithmetic | None = None
    difference: Arithmetic | None = None
    of: str
    to: str = ""
    at: Moment = When(start=float("inf"))
    to_at: Moment | None = None
    relative_to: str = ""

    @property
    def readout(self) -> Formula:
        """The formula that is read."""
        chosen = self.value or self.ratio or self.difference
        assert chosen is not None
        return chosen

    @property
    def experiments(self) -> tuple[str, ...]:
        """The names of the experiments it needs."""
        return tuple(filter(None, (self.of, self.to, self.relative_to)))

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        given = [k for k in ("value", "ratio", "difference") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError("name one of 'value', 'ratio' and 'difference'")
        if given[0] == "value" and self.to:
            raise ValueError("a 'value' is compared with nothing; leave out 'to', or say 'ratio'")
        if given[0] != "value" and not (self.to or self.to_at):
            raise ValueError(f"a {given[0]!r} needs 'to', the experiment compared with")
        return self


class _Check(Strict):
    what: str = ""
    panel: str = ""  # every cell of the panel must pass


class MeasureCheck(Measure, _Check):
    """A measure within bounds."""

    expect: Limits


class Order(_Compared, _Check):
    """A readout that rises, or falls, from each experiment to the next.

    ``by`` is the least ratio of a value to the one before it (or the one before to it, if falling).
    Where a value is negative, a step is the difference, of which the largest value is the measure.
    """

    order: Arithmetic
    of: tuple[str, ...] = Field(min_length=2)
    at: Moment = When(start=float("inf"))
    expect: Literal["rising", "falling"]
    by: float = Field(default=LEAST, ge=1.0, strict=True)
    relative_to: str = ""


class Monotone(_Compared, _Check):
    """A readout that never falls, or never rises, along a series; ``slack`` is let pass.

    ``by`` is the least ratio of its last value to its first (or of the first to it, if falling).
    """

    monotone: Arithmetic
    of: str
    at: Moment = When(start=float("inf"))
    expect: Literal["rising", "falling"]
    by: float = Field(default=LEAST, ge=1.0, strict=True)
    slack: float = Field(default=1e-6, ge=0.0, strict=True)


class TimeTo(_Compared, _Check):
    """When a readout first reaches a level, relative to its start or to another experiment."""

    time_to: Arithmetic
    of: str
    to: str = ""
    falls_to: float | None = Field(default=None, strict=True)
    rises_to: float | None = Field(default=None, strict=True)
    within: Span
    expect: Times

    @model_validator(mode="after")
    def _whole(self) -> TimeTo:
        if (self.falls_to is None) == (self.rises_to is None):
            raise ValueError("name one of 'falls_to' and 'rises_to'")
        if not self.to and self.falls_to is not None and self.falls_to >= 1:
            raise ValueError(
                f"'falls_to: {self.falls_to:g}' is no fall: it is a share of the start, 1"
            )
        if not self.to and self.rises_to is not None and self.rises_to <= 1:
            raise ValueError(
                f"'rises_to: {self.rises_to:g}' is no rise: it is a multiple of the start, 1"
            )
        latest = max(one for one in (self.expect.low, self.expect.high) if math.isfinite(one))
        if latest > self.within:
            raise ValueError(
                f"'expect' names {latest:g} s, but 'within' ends at {self.within:g} s; make it "
                "as long"
            )
        return self


class Correlation(_Check):
    """Spearman's rank correlation of two measures over a panel.

    That of the two measures ``beyond`` is subtracted, where there are any.
    """

    correlation: tuple[Measure, Measure]
    beyond: tuple[Measure, Measure] | None = None
    panel: str = Field()  # type: ignore[misc]
    absolute: bool = False
    expect: Limits

    @property
    def pairs(self) -> tuple[tuple[Measure, Measure], ...]:
        """The pairs that are correlated."""
        return (self.correlation,) if self.beyond is None else (self.correlation, self.beyond)

    @model_validator(mode="after")
    def _whole(self) -> Correlation:
        if self.absolute and self.beyond is not None:
            raise ValueError("'absolute' says nothing of a difference; leave it or 'beyond' out")
        return self


class Share(_Check):
    """The share of a panel in which a measure lies within bounds."""

    share: Measure
    within: Limits
    panel: str = Field()  # type: ignore[misc]
    expect: Limits


class FormulaCheck(_Check):
    """Arithmetic on several measures."""

    formula: Arithmetic
    where: dict[str, Measure] = Field(min_length=1)
    expect: Limits
    scale: Literal["linear", "logarithmic"] = "linear"

    @model_validator(mode="after")
    def _whole(self) -> FormulaCheck:
        if missing := self.formula.names - set(self.where):
            raise ValueError(f"the formula uses {', '.join(sorted(missing))}, which 'where' lacks")
        return self


class Exists(_Check):
    """Some species of the network holds a pattern."""

    exists: str


class Absent(_Check):
    """No species of the network holds a pattern."""

    absent: str


def pattern_of(check: Exists | Absent) -> str:
    """Return the pattern that species are looked through for."""
    return check.exists if isinstance(check, Exists) else check.absent


# What a check is, is told by the first of these words that it holds.
WORDS: Final = (
    "formula",
    "share",
    "correlation",
    "order",
    "monotone",
    "time_to",
    "exists",
    "absent",
    "value",
    "ratio",
    "difference",
)


def _word(data: Any) -> str:
    if isinstance(data, dict):
        return next((word for word in WORDS if word in data), "none")
    return next((word for word in WORDS if getattr(data, word, None) is not None), "none")


Check = Annotated[
    Annotated[FormulaCheck, Tag("formula")]
    | Annotated[Share, Tag("share")]
    | Annotated[Correlation, Tag("correlation")]
    | Annotated[Order, Tag("order")]
    | Annotated[Monotone, Tag("monotone")]
    | Annotated[TimeTo, Tag("time_to")]
    | Annotated[Exists, Tag("exists")]
    | Annotated[Absent, Tag("absent")]
    | Annotated[MeasureCheck, Tag("value")]
    | Annotated[MeasureCheck, Tag("ratio")]
    | Annotated[MeasureCheck, Tag("difference")],
    Discriminator(
        _word,
        custom_error_type="comparator",
        custom_error_message=f"a check needs one of {', '.join(WORDS)}",
    ),
]


# What a claim says beside what it asks, and what came of asking.
_PROSE: Final = {"statement", "why", "mechanism", "basis", "deviation", "fails", "references"}


class Claim(Strict):
    """A statement, where it comes from, and how to find out whether a model agrees.

    Attributes
    ----------
    id, statement : str
        Name, and the statement in one or two sentences.
    review : str
        ``A``, ``B`` or ``both``; ``own``, as where it is left out, for a claim of neither.
    kind, scope : str
        What it is about; out-of-scope claims say ``why`` and have no checks.
    mechanism : str
        What in the model makes it so.
    basis : str
        Where the expected numbers come from.
    deviation : str
        What differs from the source's own suggestion of a check, and why.
    fails : str
        For a claim that the model does not meet: why.
    core : bool
        Whether it is of the acceptance core.
    references : tuple of str
        Identifiers such as ``pubmed:18451135`` or names of ``models/numbers/evidence.csv``.
    experiments : dict
        By name.
    checks : tuple
        All of them must hold.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    statement: str
    review: Review = "own"
    kind: Kind
    scope: Scope = "mechanistic"
    why: str = ""
    mechanism: str = ""
    basis: str = ""
    deviation: str = ""
    fails: str = ""
    core: bool = False
    references: Several = ()
    experiments: dict[str, Experiment] = Field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def told(self) -> str:
        """Return what the claim asks as text, the same in every process."""
        said = self.model_dump(exclude=_PROSE)
        return json.dumps(said, default=lambda value: sorted(value), sort_keys=True)

    def _repr_html_(self) -> str:
        return display.html(self)

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if self.scope == "out-of-scope":
            if not self.why:
                raise ValueError("a claim out of scope needs 'why'")
            if self.checks:
                raise ValueError("a claim out of scope has no checks")
        elif not self.checks:
            raise ValueError("a claim in scope needs 'checks'")
        return self


class VirtualPanel(Strict):
    """Cells whose parameters are drawn at random round each genotype's."""

    genotypes: dict[str, Several] = Field(min_length=1)
    draws: int = Field(ge=1, strict=True)  # for each genotype
    # Most draws lie between value / spread and value * spread.
    spread: float = Field(gt=1.0, le=1000.0, strict=True)
    parameters: Several  # names, or parts with * as in "kcat_*"
    seed: int = Field(default=0, ge=0, strict=True)

    @model_validator(mode="after")
    def _whole(self) -> VirtualPanel:
        cells = self.draws * len(self.genotypes)
        if cells > MOST_CELLS:
            raise ValueError(f"the panel has {cells:,} cells; {MOST_CELLS:,} are the most")
        return self


def _kind_of_panel(data: Any) -> str:
    drawn = isinstance(data, VirtualPanel) or (
        isinstance(data, dict) and bool(data.keys() & {"genotypes", "draws", "spread"})
    )
    return "drawn" if drawn else "listed"


Panel = Annotated[
    Annotated[dict[str, Several], Field(min_length=1), Tag("listed")]
    | Annotated[VirtualPanel, Tag("drawn")],
    Discriminator(_kind_of_panel),
]


class File(Strict):
    """A file of claims."""

    claims: tuple[Claim, ...] = ()
    readouts: dict[str, Arithmetic] = Field(default_factory=dict)
    panels: dict[str, Panel] = Field(default_factory=dict)
