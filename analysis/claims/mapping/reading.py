"""Reading mappings, and holding them against the claims and the model that they are between."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from ....models.perturbations import compounds, conditions
from ....simulation.sbml.model import SbmlModel
from ..binding import readouts_of
from ..document import Place
from ..reading import Claims, ClaimsError, Fault, line_of, listed, parsed, validated
from .schema import Action, File

FOLDER: Final = Path(__file__).parents[1] / "published"
"""Where the mappings of published models are kept."""


class MappingError(ClaimsError):
    """A mapping with faults; the message lists each with its line."""


@dataclass(frozen=True)
class Known:
    """The names that a mapping may give a meaning to."""

    readouts: frozenset[str]
    conditions: frozenset[str]
    parameters: frozenset[str]
    compounds: frozenset[str]


@dataclass(frozen=True)
class Translation:
    """A mapping, and where each part of it stands."""

    file: File
    name: str
    lines: Mapping[Place, int] = field(repr=False)

    def fault(self, path: Place, text: str) -> Fault:
        """Return a fault with the line of the part that ``path`` leads to."""
        return Fault(self.name, line_of(self.lines, path), ".".join(map(str, path[:2])), text)


def shipped() -> dict[str, Path]:
    """Return the mappings that come with the package, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def find(written: str) -> Path:
    """Return the path of a mapping, or of one that comes with the package.

    Raises
    ------
    MappingError
        If there is neither; the message names the nearest.
    """
    path = Path(written)
    if path.exists() or written not in shipped():
        if path.is_file():
            return path
        near = difflib.get_close_matches(path.stem, shipped(), n=1)
        hint = f" Did you mean {near[0]!r}, which comes with the package?" if near else ""
        what = "is a folder" if path.is_dir() else "is not there"
        raise MappingError(f"The mapping {written!r} {what}.{hint}")
    return shipped()[written]


def known(*claims: Claims) -> Known:
    """Return what claims and our tables know."""
    formulas = (
        formula
        for claim in chain(*claims)
        for check in claim.checks
        for formula in readouts_of(check)
    )
    named = {name: each.readouts[name] for each in claims for name in each.readouts}
    formula_names = chain.from_iterable(each.names for each in (*formulas, *named.values()))
    runs = [run for claim in chain(*claims) for run in claim.experiments.values()]
    panels = chain.from_iterable(each.panels.values() for each in claims)
    listed_cells = (cell for panel in panels if isinstance(panel, dict) for cell in panel.values())
    asked = chain((run.conditions for run in runs), listed_cells)
    used = {word.partition("@")[0].strip() for words in asked for word in words}
    set_by_claims = {name for run in runs for name in run.set}
    doses = {name for run in runs for name in run.doses}
    return Known(
        readouts=frozenset({*named, *formula_names}),
        conditions=frozenset({*conditions.table(), *used} - {*compounds.table()}),
        parameters=frozenset({*conditions.reference(), *set_by_claims}),
        compounds=frozenset({*compounds.table(), *doses}),
    )


def read(path: Path, names: Known) -> Translation:
    """Read a mapping.

    Raises
    ------
    MappingError
        If it cannot be read, or gives a meaning to what the claims do not know.
    """
    faults: list[Fault] = []
    try:
        document = parsed(path, faults)
    except ClaimsError as error:
        raise MappingError(str(error)) from None
    file = None if document is None else validated(document, path.name, faults, File)
    if document is None or file is None:
        raise MappingError(listed(faults))
    found = Translation(file, path.name, document.lines)
    for part, kind in (
        ("readouts", "readout"),
        ("conditions", "condition"),
        ("parameters", "parameter"),
        ("compounds", "compound"),
    ):
        ours: Collection[str] = getattr(names, part)
        for name in getattr(file, part):
            if name not in ours:
                faults.append(
                    found.fault(
                        (part, name), f"no claim knows a {kind} {name!r}{_near(name, ours)}"
                    )
                )
    for name, action in file.compounds.items():
        if action.inhibits and half_at(name, action) is None:
            problem = f"our tables know no IC50 of {name!r}; say 'half_at', what leaves half"
            faults.append(found.fault(("compounds", name, "inhibits"), problem))
    if faults:
        raise MappingError(listed(faults))
    return found


def half_at(name: str, action: Action) -> float | None:
    """Return the concentration of a compound, in nM, that leaves half; None if nobody says."""
    if action.half_at is not None or name not in compounds.table():
        return action.half_at
    own = {parameter: quantity.value for parameter, quantity in conditions.reference().items()}
    try:
        return compounds.table()[name].ic50(own)
    except compounds.CompoundError:
        return None


def check(translation: Translation, model: SbmlModel) -> None:
    """Hold a mapping against its model.

    Raises
    ------
    MappingError
        If it names what the model does not have or what cannot be set; the message lists each.
    """
    file = translation.file
    faults: list[Fault] = []

    def note(path: Place, problem: str) -> None:
        if problem:
            faults.append(translation.fault(path, problem))

    for name, meaning in file.readouts.items():
        for id in sorted(meaning.formula.names):
            note(("readouts", name), _read(id, model))
    for name, made in file.conditions.items():
        for id in made.set:
            note(("conditions", name, "set", id), _set(id, model))
    for name, counterpart in file.parameters.items():
        for id in counterpart.of:
            note(("parameters", name), _set(id, model))
    for name, action in file.compounds.items():
        for id in (*action.inhibits, *action.set, *filter(None, [action.sets])):
            note(("compounds", name), _set(id, model) or _steady(id, model))
        if action.adds_to:
            note(("compounds", name, "adds_to"), _added(action.adds_to, model))
    if faults:
        raise MappingError(listed(faults))


def differs(translation: Translation, path: Path) -> bool:
    """Tell whether a file is another than the one that the mapping was written for."""
    wanted = translation.file.model.sha256
    return bool(wanted) and hashlib.sha256(path.read_bytes()).hexdigest() != wanted


def _names(model: SbmlModel) -> Iterator[str]:
    yield from (*model.parameters, *model.species, *model.fluxes)


def _read(id: str, model: SbmlModel) -> str:
    if id in _names(model):
        return ""
    return f"the model has no {id!r}{_near(id, [*_names(model)])}"


def _set(id: str, model: SbmlModel) -> str:
    if problem := _read(id, model):
        return problem
    entry = model.parameters.get(id) or model.species.get(id)
    if entry is None:
        return f"{id!r} is a reaction, which cannot be set"
    if entry.rule in ("assignment", "rate"):
        return f"{id!r} follows a rule of the model; set what the rule is made from"
    return ""


def _steady(id: str, model: SbmlModel) -> str:
    if id in model.species and id in model.varying:
        return f"{id!r} moves by itself; a compound acts on constants, or is added to a species"
    return ""


def _added(id: str, model: SbmlModel) -> str:
    if id not in model.species:
        return _read(id, model) or f"{id!r} is no species, so nothing can be added to it"
    return _set(id, model)


def _near(word: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(word, names, n=2)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
