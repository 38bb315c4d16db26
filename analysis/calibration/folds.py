"""Cross-validation of a fit: what holds of claims, and is met of data, that the fit never saw.

Claims are split by what they are about and not at random, as a claim's neighbours tell a fit nearly
all that it tells itself. What a claim is about is the mechanism whose rules change most of what is
read in it. Data sets stay whole, each in one fold.
Factors of cell lines are fitted to the data sets that are seen, and hold for the same lines in
those that are left out; a line of these alone differs from the reference by its genotype only.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...network.files import replacing
from ...network.mathematics import expressions
from ...network.network import Network
from ...simulation.engines import Loaded
from ..claims import binding, evaluation, reading, running
from ..claims.binding import readouts_of
from ..claims.reading import Claims
from ..polling import chosen
from ..validation import predicting
from ..validation.predicting import Prediction
from ..validation.targets import Target
from . import fitting, priors
from . import lines as of_lines
from .calibrate import PLAUSIBILITY, NothingToFitError, check_asked
from .data import Data
from .fitting import Step
from .measuring import Measurer, Progress

COLUMNS = ("fold", "mechanism", "claim", "holds_where_left_out")


class FoldsError(ValueError):
    """Claims that cannot be split so; the message says why."""


@dataclass(frozen=True)
class Fold:
    """Claims that are left out together.

    Attributes
    ----------
    subjects : dict
        What each is about, by its id.
    datasets : tuple of str
        Data sets that are left out with them.
    """

    subjects: Mapping[str, str]
    datasets: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of the claims."""
        return tuple(self.subjects)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """What they are about, each once."""
        return tuple(dict.fromkeys(self.subjects.values()))


@dataclass(frozen=True)
class LeftOut:
    """What a fit without a fold came to.

    Attributes
    ----------
    fold : Fold
        What it did not see.
    held : frozenset of str
        Claims that hold with it, seen or not.
    seen : int
        How many claims it saw.
    evaluations : int
        Of its objective.
    moved : float
        How far parameters moved from the tables: the mean, in spreads.
    predictions : sequence of Prediction
        Of the data that it did not see.
    """

    fold: Fold
    held: frozenset[str]
    seen: int
    evaluations: int
    moved: float
    predictions: Sequence[Prediction] = ()

    @property
    def held_unseen(self) -> int:
        """How many of the claims hold that the fit did not see."""
        return len(self.held.intersection(self.fold.claims))

    @property
    def held_seen(self) -> int:
        """How many of the claims hold that the fit saw."""
        return len(self.held) - self.held_unseen


def subjects(claims: Claims, loaded: Loaded) -> dict[str, str]:
    """Return the mechanism that each claim is about, by its id; claims without checks are left out.

    Of a claim of which nothing is read that rules change it is its kind.
    """
    network = loaded.network
    assert network is not None  # a fit has asked for its derivatives
    changing = _Changing(network)
    binder = binding.bind(claims, loaded.model).binder
    found = {}
    for claim in claims:
        if not claim.checks:
            continue
        rules: Counter[str] = Counter()
        for check in claim.checks:
            for formula in readouts_of(check):
                for output in binder.readouts.observables(formula):
                    rules.update(changing.of(output))
        # Of several that are changed as often, the first that is read.
        found[claim.id] = max(rules, key=lambda name: rules[name]) if rules else claim.kind
    return found


class _Changing:
    """By mechanism, how many of its rules change what is read."""

    def __init__(self, network: Network) -> None:
        self._mechanisms = {rule.name: rule.mechanism or rule.name for rule in network.rules}
        self._reactions = network.reactions
        self._weights = {
            group.name: {index: weight for weight, index in group.terms} for group in network.groups
        }
        self._texts = {f.name: f.expression for f in network.functions}
        self._texts |= {p.name: p.expression for p in network.parameters if p.derived}
        self._known: dict[str, Counter[str]] = {}

    def of(self, output: str) -> Counter[str]:
        if output not in self._known:
            self._known[output] = Counter()  # so that a circle ends
            if output in self._weights:
                self._known[output] = self._directly(self._weights[output])
            elif output in self._texts:
                for name in sorted(expressions.parse(self._texts[output]).names):
                    self._known[output] = self._known[output] + self.of(name)
        return self._known[output]

    def _directly(self, weights: dict[int, float]) -> Counter[str]:
        rules = {
            reaction.rule
            for reaction in self._reactions
            if sum(weights.get(each, 0) for each in reaction.products)
            != sum(weights.get(each, 0) for each in reaction.reactants)
        }
        return Counter(self._mechanisms[rule] for rule in sorted(rules) if rule in self._mechanisms)


def split(subjects: dict[str, str], count: int, targets: Sequence[Target] = ()) -> list[Fold]:
    """Return folds of about as many claims each; those about one mechanism stay together.

    Parameters
    ----------
    subjects : dict
        By claim, what it is about; see :func:`subjects`.
    count : int
        How many folds, at least 2.
    targets : sequence of Target
        What was measured; each data set goes to the fold with fewest targets by then.

    Raises
    ------
    FoldsError
        If claims are about fewer mechanisms than that.
    """
    about: dict[str, list[str]] = {}
    for claim, subject in subjects.items():
        about.setdefault(subject, []).append(claim)
    if len(about) < count:
        raise FoldsError(
            f"The claims are about {len(about)} mechanisms, which cannot be split in {count} folds."
        )
    folds: list[list[str]] = [[] for _ in range(count)]
    sizes = [0] * count
    for subject in sorted(about, key=lambda name: (-len(about[name]), name)):
        least = sizes.index(min(sizes))
        folds[least].append(subject)
        sizes[least] += len(about[subject])
    rows = Counter(target.dataset for target in targets)
    data: list[list[str]] = [[] for _ in range(count)]
    for dataset in sorted(rows, key=lambda name: (-rows[name], name)):
        min(data, key=lambda held: sum(rows[name] for name in held)).append(dataset)
    return [
        Fold({claim: name for name in names for claim in about[name]}, tuple(held))
        for names, held in zip(folds, data, strict=True)
    ]


def cross_validate(
    loaded: Loaded,
    count: int,
    *,
    files: Sequence[Path] | None = None,
    targets: Sequence[Target] = (),
    free_lines: bool = True,
    evaluations: int = 12,
    store: Path | None = None,
    workers: int | None = None,
    told: Callable[[Fold, Step], None] | None = None,
    progress: Progress | None = None,
) -> list[LeftOut]:
    """Fit once without each fold of the claims, and ask all of them of what was found.

    Every fit begins with the values of the tables, and never sees the fold it leaves out, nor
    panels of virtual cells. What makes a cell plausible is seen by all.

    Parameters
    ----------
    loaded : Loaded
        The model.
    count : int
        How many folds.
    files : sequence of Path, optional
        Files of claims; by default those of the reviews.
    targets : sequence of Target
        What was measured in cells.
    free_lines : bool
        Whether cell lines have factors of their own (:mod:`.lines`).
    evaluations : int
        Most evaluations of each fit's objective.
    store : Path, optional
        A folder in which every evaluation is kept.
    workers : int, optional
        Processes; one for each core if not given.
    told : callable, optional
        Told each evaluation.
    progress : callable, optional
        Told how far an evaluation is.

    Raises
    ------
    ClaimsError
        If the claims have faults or do not fit the model.
    NothingToFitError
        If no parameter of the model may move.
    FoldsError
        If claims are about fewer mechanisms than there are to be folds.
    TargetError
        If the model has not what targets name.
    """
    claims = reading.read(files)
    free = priors.free(loaded.model)
    if not free:
        raise NothingToFitError(f"Model {loaded.model.id!r} has no parameter to fit.")
    plausible = [] if files else [PLAUSIBILITY]
    every = reading.read([*(files or [reading.FOLDER]), *plausible])
    found = []
    about = subjects(claims, loaded)
    for fold in split(about, count, targets):
        kept = tuple(claim for claim in every if claim.id not in fold.claims)
        seen = replace(every, claims=kept)
        shown = [target for target in targets if target.dataset not in fold.datasets]
        lines = of_lines.free(shown, loaded.model) if free_lines else None
        data = Data(shown, loaded.model, lines) if shown else None
        measurer = Measurer(chosen(seen), loaded, free, data=data, store=store, workers=workers)
        check_asked(measurer)

        def hear(step: Step, fold: Fold = fold) -> None:
            if told is not None:
                told(fold, step)

        try:
            fit = fitting.fit(
                measurer,
                measurer.centre,
                evaluations=evaluations,
                told=hear,
                progress=progress,
            )
        finally:
            measurer.close()
        cell = measurer.cell(fit.best.logs)
        bound = binding.bind(claims, loaded.model, cell)
        courses = running.run(bound, loaded, engine="bngsim", workers=workers, progress=progress)
        verdicts = evaluation.judge(bound, courses, loaded.network)
        unseen = [target for target in targets if target.dataset in fold.datasets]
        predictions = (
            predicting.predict(
                loaded,
                unseen,
                base=cell,
                factors=measurer.factors(fit.best.logs),
                engine="bngsim",
                workers=workers,
            )
            if unseen
            else []
        )
        far = np.abs(fit.best.logs - measurer.centre) / measurer.spread
        far = far[~measurer.of_lines]
        one = LeftOut(
            fold,
            frozenset(verdict.claim.id for verdict in verdicts if verdict.passed),
            len(about) - len(fold.claims),
            fit.evaluations,
            float(far.mean()),
            predictions,
        )
        found.append(one)
    return found


def write(found: Sequence[LeftOut], path: Path) -> None:
    """Write each claim, what it is about and whether it holds where it was left out, as CSV."""
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, one in enumerate(found, 1):
            for claim, subject in one.fold.subjects.items():
                writer.writerow([number, subject, claim, "yes" if claim in one.held else "no"])
