"""From a model to its :class:`~.network.Network`, through BNG2.pl, kept in a cache by content.

:func:`network` takes anything that can be a model; :func:`from_bngl` and :func:`from_pysb` are the
two roads it knows.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import cache as kept
from .bionetgen import bng2, netfile
from .bionetgen.bng2 import ToolMissingError
from .bionetgen.limits import Bounds, GenerationError, Limits, Progress
from .bionetgen.netfile import NetFile, NetFileError
from .files import lines_of
from .network import EnergyPattern, Network, Rule
from .sources import bngl

if TYPE_CHECKING:
    from pysb import Model

    from .sources.finding import Source

# Part of each cache key: raise it when the actions sent to BNG2.pl change.
_FORMAT = "2"


def network(
    source: Source | Model | str | Path,
    *,
    progress: Progress | None = None,
    cache: bool = True,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
) -> Network:
    """Return the network of a model.

    Parameters
    ----------
    source : Source, pysb.Model, str or Path
        A model, or what :func:`.finding.load` makes one from: a catalogue name, a path, a module.
    progress : callable, optional
        Called now and then with the iteration, and the species and reactions so far.
    cache : bool
        Whether to look in the cache first and to keep the result there.
    limits : Limits, optional
        Where generation gives up.
    bounds : Bounds, optional
        Which part of the network is wanted; without, what the file itself says.

    Raises
    ------
    SourceError
        If there is no such model.
    GenerationError
        If it has no network that could be generated.
    """
    from .sources.finding import load  # which brings PySB

    found = load(source)
    try:
        if found.model is not None:
            return from_pysb(
                found.model,
                found.name,
                description=found.description,
                progress=progress,
                cache=cache,
                limits=limits,
                bounds=bounds,
            )
        return from_bngl(
            found.text or "",
            found.name,
            folder=found.path and found.path.parent,
            progress=progress,
            cache=cache,
            limits=limits,
            bounds=bounds,
        )
    except ToolMissingError:
        raise  # no fault of this model
    except GenerationError as error:
        place = str(found.path or found.name)
        if error.line is not None:
            place = f"{place}:{error.line}"
        message = str(error)
        if found.model is not None:  # a model without a name is called after its module
            message = message.replace(repr(found.model.name), repr(found.name))
        raise GenerationError(f"{place}: {message}", error.line) from None


def from_pysb(
    model: Model,
    name: str | None = None,
    *,
    description: str = "",
    progress: Progress | None = None,
    cache: bool = True,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
) -> Network:
    """Return the network of a PySB model, which is not changed.

    ``name`` is what the network is called, by default as the model; ``description`` serves a model
    that has none. The other arguments and the errors are those of :func:`network`.
    """
    from .sources import (
        pysb_bngl,  # which brings PySB, and takes longer to load than a kept network
    )
    from .sources.pysb_metadata import describe

    try:
        written = pysb_bngl.write(model)
    except pysb_bngl.ModelError as error:
        raise GenerationError(str(error)) from None
    name = name or model.name or "model"
    try:
        plain = from_bngl(
            written.text, name, progress=progress, cache=cache, limits=limits, bounds=bounds
        )
    except GenerationError as error:
        error.line = None  # of a text that the author never saw
        raise
    return describe(plain, model, renamed=written.renamed, description=description)


def from_bngl(
    text: str,
    name: str,
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    cache: bool = True,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
) -> Network:
    """Return the network of a BNGL file's text.

    Parameters
    ----------
    text : str
        The file; its actions are treated as :mod:`.bngl` says.
    name : str
        What the network is called.
    folder : Path, optional
        Where the tables lie that the text names as files.
    progress : callable, optional
        Called now and then with the iteration, and the species and reactions so far.
    cache : bool
        Whether to look in the cache first and to keep the result there.
    limits : Limits, optional
        Where generation gives up.
    bounds : Bounds, optional
        Which part of the network is wanted; without, what the file itself says.

    Raises
    ------
    GenerationError
        If there is no network; the message is one for the reader, ``line`` the line of ``text``.
    """
    try:
        source = bngl.read(text, folder)
        wanted = _bounds(source, bounds or Bounds())
        net = _net_file(source, wanted, progress, cache, limits)
    except (bngl.BnglError, GenerationError) as error:
        lines = lines_of(text)
        where = ""
        if error.line is not None and 0 < error.line <= len(lines):
            where = f" In: {_shown(lines[error.line - 1])}"
        elif isinstance(error, GenerationError):
            raise
        raise GenerationError(f"{error}{where}", error.line) from None
    return Network(
        name=name,
        parameters=net.parameters,
        compartments=net.compartments,
        functions=net.functions,
        species=net.species,
        reactions=net.reactions,
        groups=net.groups,
        molecules=net.molecules,
        rules=_as_written(net, source),
        energies=_labelled(net, source),
        bngl=bngl.with_tables(text, folder) if folder else text,
        warnings=net.warnings + source.warnings + _warnings(net),
    )


def _shown(line: str) -> str:
    """Return a line fit for a message."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line.strip(" \t"))
    return plain if len(plain) <= 200 else f"{plain[:200]}..."


def _warnings(net: NetFile) -> tuple[str, ...]:
    total = [rule.name for rule in net.rules if _TOTAL.search(rule.bngl)]
    if not total:
        return ()
    return (
        "BioNetGen's networks do not know total rates: the rate of "
        f"{', '.join(total)} is multiplied by the reactants, as in run_network.",
    )


_TOTAL = re.compile(r"\sTotalRate(?:\s|$)")


def _labelled(net: NetFile, source: bngl.BnglFile) -> tuple[EnergyPattern, ...]:
    """Return the energy patterns with their author's labels, which BNG2.pl forgets."""
    if len(source.energies) != len(net.energies):
        return net.energies
    pairs = zip(net.energies, source.energies, strict=True)
    return tuple(replace(energy, name=label) for energy, label in pairs)


def _as_written(net: NetFile, source: bngl.BnglFile) -> tuple[Rule, ...]:
    """Return the rules in their author's words instead of BNG2.pl's."""
    if len(source.rules) != len(net.rules):
        return net.rules
    return tuple(
        replace(rule, bngl=words) for rule, words in zip(net.rules, source.rules, strict=True)
    )


def _bounds(source: bngl.BnglFile, wanted: Bounds) -> dict[str, bngl.Literal]:
    """Return the arguments of ``generate_network``: the file's own, and those wanted instead."""
    for name in wanted.max_stoich if source.types else ():
        if name not in source.types:  # which BNG2.pl would pass over
            near = difflib.get_close_matches(name, source.types, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise GenerationError(f"max_stoich names {name!r}, which is no molecule type.{hint}")
    found = {**source.bounds, **wanted.arguments}
    return {key: found[key] for key in sorted(found)}


def _net_file(
    source: bngl.BnglFile,
    bounds: dict[str, bngl.Literal],
    progress: Progress | None,
    cache: bool,
    limits: Limits | None,
) -> NetFile:
    declared = source.declared
    recipe = [_FORMAT, bng2.version(), source.model, *map(str, source.changes), repr(bounds)]
    path = kept.cache_folder() / "networks" / f"{_digest(recipe)}.net"
    if cache:
        known = kept.fetch(path)
        if known is not None:
            with suppress(NetFileError):  # of a version that read more or less: make it again
                return netfile.read(known.decode(), declared)
    try:
        text = bng2.network_file(
            source.model, changes=source.changes, bounds=bounds, limits=limits, progress=progress
        )
    except GenerationError as error:
        match = _UNDEFINED.search(str(error))
        if found := match and bngl.undefined(match[1], source.entries):
            raise GenerationError(*found) from None
        raise
    try:
        net = netfile.read(text, declared)
    except NetFileError as error:
        raise GenerationError(str(error)) from error
    if cache:
        kept.keep(path, text.encode())
    return net


_UNDEFINED = re.compile(r"Parameter '(\w+)' is referenced but not defined")


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
