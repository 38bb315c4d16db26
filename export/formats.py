"""The formats that a network can be written in, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..network.files import replacing

if TYPE_CHECKING:
    from ..network.network import Network


class FormatError(ValueError):
    """A model that a format cannot hold; the message names what stands in the way."""


@dataclass(frozen=True)
class Format:
    """A format.

    Parameters
    ----------
    name : str
        As in ``mtorules export --format NAME``.
    suffixes : sequence of str
        What files of it end in, the usual one first.
    summary : str
        What it is for, in a few words.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    _text: str  # "module:function", imported only when something is written
    joins: bool = False  # whether it can join reactions that differ in their rules only

    def text(self, network: Network, *, join: bool = False) -> str:
        """Return a network in this format; see :func:`.sbml.writer.write` for ``join``.

        Raises
        ------
        FormatError
            If the format cannot hold it.
        """
        from .sbml.mathematics.translation import FormulaError
        from .sbml.writer import SbmlError

        module, _, function = self._text.partition(":")
        text: Callable[..., str] = getattr(import_module(module, __package__), function)
        try:
            return text(network, join=join) if self.joins else text(network)
        except (FormulaError, SbmlError) as error:
            raise FormatError(f"{self.name} cannot hold this model: {error}") from error

    def write(self, network: Network, path: Path, *, join: bool = False) -> None:
        """Write a network to a file, whole or not at all; arguments as for :meth:`text`.

        Raises
        ------
        FormatError
            If the format cannot hold it.
        OSError
            If the file cannot be written.
        """
        made = self.text(network, join=join)
        with replacing(path) as scratch:
            scratch.write_text(made, encoding="utf-8", newline="\n")


FORMATS: Final[Mapping[str, Format]] = {
    each.name: each
    for each in (
        Format("sbml", (".xml", ".sbml"), "SBML Level 3, or 2", ".sbml.writer:text", joins=True),
        Format(
            "antimony",
            (".ant",),
            "SBML as text to read and write by hand",
            ".antimony:text",
            joins=True,
        ),
        Format("bngl", (".bngl",), "rules, as BioNetGen reads them", ".bionetgen:bngl"),
        Format("net", (".net",), "BioNetGen's reaction network", ".bionetgen:net"),
        Format("json", (".json",), "the network as plain data", ".network_json:text"),
        Format("python", (".py",), "equations for NumPy and SciPy", ".odes.python:program"),
        Format("matlab", (".m",), "equations for MATLAB and GNU Octave", ".odes.matlab:program"),
        Format("r", (".R", ".r"), "equations for R and deSolve", ".odes.r:program"),
        Format("julia", (".jl",), "equations for Julia and OrdinaryDiffEq", ".odes.julia:program"),
    )
}
"""By name; of formats that share a suffix the first is meant by it."""


def of_suffix(suffix: str) -> Format | None:
    """Return the format that a file's ending stands for."""
    return next((each for each in FORMATS.values() if suffix in each.suffixes), None)
