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
    kinds : sequence of str
        What of a network it can show, the usual one first; none where it holds the whole model.
    binary : bool
        Whether it is no text.
    rules : bool
        Whether it holds the rules, and not the network that they make.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    _content: str  # "module:function", imported only when something is written
    kinds: tuple[str, ...] = ()
    binary: bool = False
    rules: bool = False
    joins: bool = False  # whether it can join reactions that differ in their rules only

    def content(self, network: Network, kind: str | None = None, *, join: bool = False) -> bytes:
        """Return a network in this format.

        Parameters
        ----------
        network : Network
            What is written.
        kind : str, optional
            One of :attr:`kinds`, by default the first.
        join : bool
            Where it can, whether reactions that differ in their rules only become one.

        Raises
        ------
        FormatError
            If the format cannot hold it, or needs software that is not here.
        """
        from ..network.units.units import UnitError
        from .drawing.layout import PictureError
        from .holding import CannotHoldError, MissingSoftwareError
        from .sbml.mathematics.translation import FormulaError
        from .sbml.writer import SbmlError

        module, _, function = self._content.partition(":")
        make: Callable[..., str | bytes] = getattr(import_module(module, __package__), function)
        choice: tuple[str, ...] = (kind or self.kinds[0],) if self.kinds else ()
        try:
            made = make(network, *choice, join=join) if self.joins else make(network, *choice)
        except (CannotHoldError, FormulaError, PictureError, SbmlError, UnitError) as error:
            raise FormatError(f"{self.name} cannot hold this model: {error}") from error
        except MissingSoftwareError as error:
            raise FormatError(str(error)) from error
        return made.encode() if isinstance(made, str) else made

    def text(self, network: Network, kind: str | None = None, *, join: bool = False) -> str:
        """Return a network in this format, which is one of text; as :meth:`content`."""
        return self.content(network, kind, join=join).decode()

    def write(
        self, network: Network, path: Path, kind: str | None = None, *, join: bool = False
    ) -> None:
        """Write a network to a file, whole or not at all; arguments as for :meth:`content`.

        Raises
        ------
        FormatError
            If the format cannot hold it.
        OSError
            If the file cannot be written.
        """
        made = self.content(network, kind, join=join)
        with replacing(path) as scratch:
            scratch.write_bytes(made)


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
        Format("bngl", (".bngl",), "rules, as BioNetGen reads them", ".bionetgen:bngl", rules=True),
        Format("net", (".net",), "BioNetGen's reaction network", ".bionetgen:net"),
        Format("json", (".json",), "the network as plain data", ".network_json:text"),
        Format("python", (".py",), "equations for NumPy and SciPy", ".odes.python:program"),
        Format("matlab", (".m",), "equations for MATLAB and GNU Octave", ".odes.matlab:program"),
        Format("r", (".R", ".r"), "equations for R and deSolve", ".odes.r:program"),
        Format("julia", (".jl",), "equations for Julia and OrdinaryDiffEq", ".odes.julia:program"),
        Format(
            "graphml",
            (".graphml",),
            "a graph, for programs of many kinds",
            ".drawing.graph_files:graphml",
            ("contact", "influence", "reactions"),
        ),
        Format(
            "cx2",
            (".cx2",),
            "a graph, for Cytoscape and NDEx",
            ".drawing.graph_files:cx2",
            ("contact", "influence", "reactions"),
        ),
        Format(
            "sbgn",
            (".sbgn",),
            "SBGN: a process description, or its activity flow",
            ".sbgn:text",
            ("reactions", "influence"),
        ),
        Format("stan", (".stan",), "equations for Stan", ".odes.stan:program"),
        Format("pysb", (".py",), "rules for PySB", ".rules.pysb:text", rules=True),
        Format("kappa", (".ka",), "rules for KaSim", ".rules.kappa:text", rules=True),
        Format(
            "sbml-multi", (".xml",), "rules in SBML, package multi", ".rules.multi:text", rules=True
        ),
        Format("cellml", (".cellml",), "CellML 2.0", ".odes.cellml:program"),
        Format("xpp", (".ode",), "equations for XPPAUT", ".odes.xpp:program"),
        Format("csv", (".zip",), "tables of everything, zipped", ".tables:archive", binary=True),
        Format("latex", (".tex",), "a description to typeset", ".latex:text"),
        Format("copasi", (".cps",), "COPASI, ready to be opened in it", ".copasi:text"),
    )
}
"""By name; of formats that share a suffix the first is meant by it."""


def of_suffix(suffix: str) -> Format | None:
    """Return the format that a file's ending stands for."""
    return next((each for each in FORMATS.values() if suffix in each.suffixes), None)
