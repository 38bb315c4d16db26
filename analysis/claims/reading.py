"""Reading files of claims; every fault is reported at once, with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from . import schema
from .fields import Strict
from .schema import Claim, File, Panel

FOLDER: Final = Path(__file__).with_name("reviews")
"""Where the claims of the two reviews are kept."""

Path_ = tuple[str | int, ...]


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
    places: Mapping[str, tuple[str, Mapping[Path_, int], Path_]] = field(repr=False)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def fault(self, claim: str, path: Path_, text: str) -> Fault:
        """Return a fault in a claim, with the line of the part that ``path`` leads to."""
        file, lines, root = self.places[claim]
        return Fault(file, _line(lines, (*root, *path)), claim, text)

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
    places: dict[str, tuple[str, Mapping[Path_, int], Path_]] = {}
    own = [FOLDER / "readouts.yaml", FOLDER / "panels.yaml"]
    chosen = [FOLDER] if paths is None else [*(p for p in own if p.exists()), *paths]
    for path in _files(chosen):
        name = path.name
        found, lines = _parsed(path, faults)
        if found is None:
            continue
        file = _validated(found, name, lines, faults)
        if file is None:
            continue
        readouts.update(file.readouts)
        panels.update(file.panels)
        for index, claim in enumerate(file.claims):
            root = ("claims", index)
            if claim.id in places:
                other = places[claim.id]
                where = f"{other[0]}:{_line(other[1], other[2])}"
                line = _line(lines, (*root, "id"))
                faults.append(Fault(name, line, claim.id, f"the id is taken, by {where}"))
                continue
            places[claim.id] = (name, lines, root)
            claims.append(claim)
    if faults:
        raise ClaimsError("\n".join(map(str, sorted(faults, key=lambda f: (f.file, f.line)))))
    return Claims(tuple(claims), readouts, panels, places)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        else:
            yield path


def _parsed(path: Path, faults: list[Fault]) -> tuple[Any, dict[Path_, int]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ClaimsError(f"Cannot read {str(path)!r}: {why}.") from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        found = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "this is no YAML"
        faults.append(Fault(path.name, line, "", f"cannot be read as YAML: {problem}"))
        return None, {}
    lines: dict[Path_, int] = {}
    if node is None:
        faults.append(Fault(path.name, 1, "", "the file is empty"))
        return None, {}
    _locate(node, (), lines, path.name, faults)
    return found, lines


def _locate(
    node: yaml.Node, path: Path_, lines: dict[Path_, int], name: str, faults: list[Fault]
) -> None:
    """Note the line of every part, and report keys that stand twice."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                faults.append(Fault(name, line, "", f"the key {key.value!r} stands twice"))
            seen.add(key.value)
            lines[(*path, key.value)] = line
            _locate(value, (*path, key.value), lines, name, faults)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _locate(value, (*path, index), lines, name, faults)


def _validated(
    found: Any, name: str, lines: Mapping[Path_, int], faults: list[Fault]
) -> File | None:
    if not isinstance(found, dict):
        faults.append(Fault(name, 1, "", "holds no 'claims', 'readouts' or 'panels'"))
        return None
    try:
        return File.model_validate(found)
    except ValidationError as error:
        for one in error.errors():
            path = one["loc"]
            faults.append(Fault(name, _line(lines, path), _claim(found, path), _text(one)))
        return None


def _line(lines: Mapping[Path_, int], path: Path_) -> int:
    """Return the line of a part, or of the nearest that holds it.

    Words that pydantic puts into a path, such as the name of a kind of check, are passed over.
    """
    real: Path_ = ()
    for step in path:
        if (*real, step) in lines:
            real = (*real, step)
    return lines.get(real, 1)


def _claim(found: Mapping[str, Any], path: Path_) -> str:
    try:
        if path[0] == "claims":
            return str(found["claims"][path[1]]["id"])
    except (LookupError, TypeError):
        pass
    return ""


def _text(error: Any) -> str:
    last = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"there is no key {last!r} here{_near(str(last), error['loc'])}"
        case "missing":
            return f"{last!r} is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case "literal_error":
            return f"{error['input']!r} is not one of {error['ctx']['expected']}"
        case _:
            return f"{last!r}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _near(word: str, path: Path_) -> str:
    known = {name for model in _models() for name in model.model_fields}
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near and near[0] != word else ""


def _models(kind: type[Strict] = Strict) -> Iterator[type[Strict]]:
    for model in kind.__subclasses__():
        yield model
        yield from _models(model)
