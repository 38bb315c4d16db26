"""Reading files of claims; every fault is reported at once, with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from ...models.perturbations import compounds, conditions
from . import document as documents
from . import schema
from .arithmetic import FormulaError, in_order
from .document import Document, DocumentError, Place
from .fields import Strict, When, short
from .schema import Claim, File, Panel

FOLDER: Final = Path(__file__).with_name("reviews")
"""Where the claims of the two reviews are kept."""
CELL: Final = Path(__file__).with_name("cell")
"""Where it is kept what any cell must show."""


Shape = TypeVar("Shape", bound=Strict)


class ClaimsError(ValueError):
    """Files with faults; the message lists each with its line."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file."""

    file: str
    line: int
    claim: str
    text: str

    def __str__(self) -> str:
        what = f"{self.claim}: " if self.claim else ""
        return f"{self.file}:{self.line}: {what}{self.text}"


@dataclass(frozen=True)
class Claims:
    """The claims of one or more files, and where each part of them stands."""

    claims: tuple[Claim, ...]
    readouts: Mapping[str, Any]
    panels: Mapping[str, Panel]
    places: Mapping[str, tuple[str, Mapping[Place, int], Place]] = field(repr=False)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def told(self) -> str:
        """Return all that is asked as text, and what names in it stand for.

        It is the same in every process, and for what else is asked another.
        """
        own = [claim.told() for claim in self.claims]
        own += [f"{name} = {formula.text}" for name, formula in sorted(self.readouts.items())]
        own += [f"{name}: {panel!r}" for name, panel in sorted(self.panels.items())]
        return "\n".join([*own, repr(conditions.table()), repr(compounds.table())])

    def fault(self, claim: str, path: Place, text: str) -> Fault:
        """Return a fault in a claim, with the line of the part that ``path`` leads to."""
        file, lines, root = self.places[claim]
        return Fault(file, line_of(lines, (*root, *path)), claim, text)

    def select(self, ids: Sequence[str] = (), kinds: Sequence[str] = ()) -> Claims:
        """Return the claims of some ids or kinds; none given, all.

        Raises
        ------
        ClaimsError
            If there is no claim of an id; the message names the nearest.
        """
        known = {claim.id: claim for claim in self.claims}
        for id in ids:
            if id not in known:
                near = difflib.get_close_matches(id, known, n=2)
                hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
                raise ClaimsError(f"There is no claim called {id!r}.{hint}")
        for kind in kinds:
            if kind not in schema.KINDS:
                near = difflib.get_close_matches(kind, schema.KINDS, n=1)
                hint = (
                    f"Did you mean {near[0]!r}?"
                    if near
                    else f"Use one of {', '.join(schema.KINDS)}."
                )
                raise ClaimsError(f"There are no claims of kind {kind!r}. {hint}")
        chosen = tuple(
            claim
            for claim in self.claims
            if (not ids or claim.id in ids) and (not kinds or claim.kind in kinds)
        )
        return Claims(chosen, self.readouts, self.panels, self.places)


_SHOWN: Final = 100


def listed(faults: Sequence[Fault]) -> str:
    """Return faults in the order of their lines, the first hundred of them."""
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line))
    more = [f"... and {len(ordered) - _SHOWN:,} more."] if len(ordered) > _SHOWN else []
    return "\n".join([*map(str, ordered[:_SHOWN]), *more])


def read(paths: Sequence[Path] | None = None) -> Claims:
    """Read files of claims together.

    Parameters
    ----------
    paths : sequence of Path, optional
        Files, or folders whose ``.yaml`` files are all read; by default the claims of the reviews.
        Names of readouts and panels are shared by all; those of the reviews are always known.

    Raises
    ------
    ClaimsError
        If there are faults; the message lists all of them.
    """
    faults: list[Fault] = []
    claims: list[Claim] = []
    readouts: dict[str, Any] = {}
    panels: dict[str, Panel] = {}
    places: dict[str, tuple[str, Mapping[Place, int], Place]] = {}
    where: dict[str, tuple[str, int]] = {}  # file and line by readout
    own = [FOLDER / "readouts.yaml", FOLDER / "panels.yaml"]
    chosen = [FOLDER] if paths is None else [*(p for p in own if p.exists()), *paths]
    for path in _files(chosen):
        name = path.name
        document = parsed(path, faults)
        file = None if document is None else validated(document, name, faults, File)
        if document is None or file is None:
            continue
        lines = document.lines
        readouts.update(file.readouts)
        panels.update(file.panels)
        where.update({each: (name, line_of(lines, ("readouts", each))) for each in file.readouts})
        for index, claim in enumerate(file.claims):
            root = ("claims", index)
            if claim.id in places:
                other = places[claim.id]
                taken = f"{other[0]}:{line_of(other[1], other[2])}"
                line = line_of(lines, (*root, "id"))
                faults.append(Fault(name, line, claim.id, f"the id is taken, by {taken}"))
                continue
            places[claim.id] = (name, lines, root)
            claims.append(claim)
    try:
        in_order(readouts)
    except FormulaError as error:
        name = str(error).rpartition(" ")[2]
        faults.append(Fault(*where[name], "", f"the readout {name!r} {error}"))
    if faults:
        raise ClaimsError(listed(faults))
    return Claims(tuple(claims), readouts, panels, places)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        else:
            yield path


def parsed(path: Path, faults: list[Fault]) -> Document | None:
    """Return what a file holds, or note why it is no YAML.

    Raises
    ------
    ClaimsError
        If it cannot be read.
    """
    try:
        document = documents.read(path)
    except OSError as error:
        raise ClaimsError(f"Cannot read {str(path)!r}: {error.strerror}.") from None
    except DocumentError as error:
        faults.append(Fault(path.name, error.line, "", str(error)))
        return None
    for line, key in document.twice:
        faults.append(Fault(path.name, line, "", f"the key {short(key)} stands twice"))
    return document


def validated(
    document: Document, name: str, faults: list[Fault], kind: type[Shape]
) -> Shape | None:
    """Return what a file holds as a kind of file, or note its faults."""
    found, lines = document.data, document.lines
    if not isinstance(found, dict):
        *others, last = map(repr, kind.model_fields)
        faults.append(Fault(name, 1, "", f"holds no {', '.join(others)} or {last}"))
        return None
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        for one in error.errors():
            path = one["loc"]
            text = _text(one, kind)
            faults.append(Fault(name, line_of(lines, path), _claim(found, path), text))
        return None


def line_of(lines: Mapping[Place, int], path: Place) -> int:
    """Return the line of a part, or of the nearest that holds it.

    Words that pydantic puts into a path, such as the name of a kind of check, are passed over.
    """
    real: Place = ()
    for step in path:
        if (*real, step) in lines:
            real = (*real, step)
    return lines.get(real, 1)


def _claim(found: Mapping[str, Any], path: Place) -> str:
    try:
        if path[0] == "claims":
            return str(found["claims"][path[1]]["id"])[:100]
    except (LookupError, TypeError):
        pass
    return ""


def _text(error: Any, kind: type[Strict]) -> str:
    last = short(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"there is no key {last} here{_near(str(error['loc'][-1])[:60], kind)}"
        case "missing" if isinstance(error["loc"][-1], int):
            return f"{error['loc'][-2]}: {error['loc'][-1] + 1} entries are needed"
        case "missing":
            return f"{last} is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case "literal_error":
            return f"{short(error['input'])} is not one of {error['ctx']['expected']}"
        case "dict_type" | "model_type":
            return f"{last}: names with values were expected, not {short(error['input'])}"
        case "tuple_type":
            return f"{last}: a list was expected, not {short(error['input'])}"
        case _:
            said = f"{error['msg'][0].lower()}{error['msg'][1:]}"
            return f"{last}: {said}, not {short(error['input'])}"


def _near(word: str, kind: type[Strict]) -> str:
    """Return the nearest key that may stand somewhere in a kind of file."""
    rooms = (kind.__module__, When.__module__)
    models = (model for model in _models() if model.__module__ in rooms)
    known = {name for model in models for name in model.model_fields}
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near and near[0] != word else ""


def _models(kind: type[Strict] = Strict) -> Iterator[type[Strict]]:
    for model in kind.__subclasses__():
        yield model
        yield from _models(model)
