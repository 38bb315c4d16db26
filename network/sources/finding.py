"""Finding a model: by catalogue name, module, Python file, BNGL file, or as a PySB model itself."""

from __future__ import annotations

import codecs
import difflib
import hashlib
import importlib
import importlib.util
import inspect
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pysb import Model
from pysb.core import SelfExporter

from ...models import catalogue

_MOST_BYTES = 40_000_000  # far above what anybody writes


class SourceError(ValueError):
    """There is no such model; the message says what was looked for, and what is near."""


@dataclass(frozen=True)
class Source:
    """A model that was found."""

    name: str
    model: Model | None = None  # where there is one
    path: Path | None = None  # the file it came from, where there is one
    text: str | None = None  # of a BNGL file
    description: str = ""  # what its module says first


def load(source: Source | Model | str | Path) -> Source:
    """Find a model.

    Parameters
    ----------
    source : str, Path, pysb.Model or Source
        A name in the catalogue; ``package.module`` or ``package.module:attribute``, where the
        attribute may be a function that returns a model; a path to a ``.bngl`` file or to a Python
        file that makes one PySB model; or a model itself.

    Raises
    ------
    SourceError
        If nothing is found, or not one model.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, Model):
        return Source(_name(source, "model"), source)
    text = str(source)
    if isinstance(source, str) and text in catalogue.names():
        return Source(text, catalogue.build(text))
    path = Path(source)
    if path.suffix in (".bngl", ".py") or path.exists() or "/" in text or isinstance(source, Path):
        return _file(path)
    if "." in text or ":" in text:
        return _module(text)
    raise SourceError(_nothing(text))


def _nothing(text: str) -> str:
    try:
        catalogue.entry(text)
    except catalogue.UnknownModel as error:
        return f"{error} A model may also be a module, a Python file or a .bngl file."
    return f"There is no model {text!r}."


# -- files -----------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """Return the text; only its first bytes say its coding. PowerShell's ``>`` writes UTF-16."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _file(path: Path) -> Source:
    if path.is_dir():
        raise SourceError(f"{path} is a folder; a .bngl or .py file is expected.")
    if not path.exists():
        near = _neighbour(path)
        raise SourceError(f"There is no file {path}.{near}")
    if path.suffix not in (".bngl", ".py"):
        raise SourceError(f"{path} is neither a .bngl nor a .py file.")
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from None
    if len(content) > _MOST_BYTES:
        raise SourceError(f"{path} has more than {_MOST_BYTES:,} bytes; that is no model.")
    if path.suffix == ".bngl":
        return Source(path.stem, path=path, text=_decoded(content))
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
    name = f"_mtorules_{path.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SourceError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    with _apart():
        sys.path.insert(0, str(path.resolve().parent))  # its neighbours, as when Python runs it
        sys.modules[name] = module  # PySB looks up its caller there
        try:
            with _caught(lambda error: _what_went_wrong(error, path)):
                spec.loader.exec_module(module)
        finally:
            sys.modules.pop(name, None)
        model = _only_model(module, str(path))
    own_name = _name(model, name)
    return Source(
        path.stem if own_name == name else own_name, model, path, description=_docstring(module)
    )


def _neighbour(path: Path) -> str:
    try:
        names = [p.name for p in path.parent.iterdir() if p.suffix in (".bngl", ".py")]
    except OSError:
        return ""
    near = difflib.get_close_matches(path.name, names, n=1)
    return f" Did you mean {path.parent / near[0]}?" if near else ""


def _what_went_wrong(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {error.msg}."
    line: int | None = None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).resolve() == path.resolve():
            line = frame.lineno
    place = f"{path}:{line}" if line is not None else str(path)
    return f"{place}: {_told(error)}"


def _told(error: BaseException) -> str:
    """Return the kind of an error and what it says, if it can say anything."""
    kind = type(error).__name__
    try:
        return f"{kind}: {error}"
    except Exception as other:
        return f"{kind}, whose own text fails with {type(other).__name__}"


@contextmanager
def _caught(say: Callable[[BaseException], str], *others: type[Exception]) -> Iterator[None]:
    """Turn what a model's own code raises into a message, but for requests to end and ``others``.

    ``sys.exit()`` in a model file is no way to end us, and least of all with status 0.
    """
    try:
        yield
    except (KeyboardInterrupt, *others):
        raise
    except BaseException as error:
        asked = not isinstance(error, Exception) and type(error).__module__.startswith(_OURS)
        if asked:
            raise
        raise SourceError(say(error)) from error


_OURS: Final = f"{__name__.partition('.')[0]}."


# -- modules ---------------------------------------------------------------------------------------


def _module(text: str) -> Source:
    name, _, attribute = text.partition(":")
    with _apart():
        try:
            with _caught(
                lambda error: f"Cannot import {name}: {_told(error)}", ModuleNotFoundError
            ):
                module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            missing = error.name or ""
            if name == missing or name.startswith(f"{missing}."):
                raise SourceError(
                    f"There is no module {missing!r}, which {text!r} names."
                ) from None
            raise SourceError(f"{name} needs the module {missing!r}, which is missing.") from error
        if not attribute:
            model = _only_model(module, name)
        else:
            if not hasattr(module, attribute):
                near = difflib.get_close_matches(attribute, dir(module), n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise SourceError(f"The module {name} has no {attribute!r}.{hint}")
            model: Any = getattr(module, attribute)
            if callable(model) and not isinstance(model, Model):
                with _caught(lambda error: f"{text} failed: {_told(error)}"):
                    model = model()
            if not isinstance(model, Model):
                raise SourceError(f"{text} is {type(model).__name__}, not a pysb.Model.")
    description = "" if attribute else _docstring(module)
    return Source(_name(model, attribute or name), model, description=description)


def _docstring(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "")


def _name(model: Any, otherwise: str) -> str:
    return model.name or otherwise


def _only_model(module: ModuleType, where: str) -> Model:
    models = {name: value for name, value in vars(module).items() if isinstance(value, Model)}
    if isinstance(models.get("model"), Model):
        return models["model"]
    distinct = {id(model): name for name, model in models.items()}
    if len(distinct) == 1:
        return models[next(iter(distinct.values()))]
    if distinct:
        names = ", ".join(sorted(distinct.values()))
        raise SourceError(f"{where} holds several models: {names}. Call one of them 'model'.")
    raise SourceError(f"{where} holds no PySB model.")


# -- keeping out of the way ------------------------------------------------------------------------


@contextmanager
def _apart() -> Iterator[None]:
    """Let a file export its own model, and leave the rest of the process as it was."""
    names = ("do_export", "default_model", "target_globals", "target_module")
    kept = {name: getattr(SelfExporter, name) for name in names}
    modules, places = dict(sys.modules), list(sys.path)
    SelfExporter.do_export = True
    SelfExporter.default_model = SelfExporter.target_globals = SelfExporter.target_module = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in kept.items():
            setattr(SelfExporter, name, value)
        for name, module in modules.items():
            sys.modules.setdefault(name, module)
        sys.path[:] = places
