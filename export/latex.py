"""A description of the model as LaTeX source: what is in it, every number and every formula."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..network.network import Network
from .odes.infix import Dialect
from .odes.system import System, system
from .sbml.mathematics.mathml import Node
from .sbml.mathematics.rate_laws import slot

_FUNCTIONS: Final = {
    name: rf"\{text}"
    for name, text in {
        "exp": "exp", "ln": "ln", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "arcsin",
        "arccos": "arccos", "arctan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
        "min": "min", "max": "max",
    }.items()
} | {
    name: rf"\operatorname{{{text}}}"
    for name, text in {
        "abs": "abs", "floor": "floor", "ceiling": "ceil", "root": "sqrt", "arcsinh": "arsinh",
        "arccosh": "arcosh", "arctanh": "artanh",
    }.items()
}  # fmt: skip
_DIALECT: Final = Dialect(
    functions=_FUNCTIONS,
    power="{0}^{{{1}}}",
    piecewise=r"\begin{{cases}}{0} & \text{{if }} {1}\\ {2} & \text{{otherwise}}\end{{cases}}",
    log=r"\log_{{{0}}}({1})",
    logic={
        "and": r"\land",
        "or": r"\lor",
        "not": r"\lnot",
        "leq": r"\le",
        "geq": r"\ge",
        "neq": r"\ne",
        "eq": "=",
    },
    symbols={"time": "t", "pi": r"\pi", "true": r"\top", "false": r"\bot"},
)
_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_\allowbreak{}", "%": r"\%",
    "&": r"\&", "#": r"\#", "$": r"\$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "\t": " ", "\n": " ", "\r": " ", "µ": r"\ensuremath{\mu}",
    ".": r".\allowbreak{}", ",": r",\allowbreak{}",
}  # fmt: skip
# Capitals of Greek that TeX has no sign for, since they look like these.
_LATIN: Final = {
    "alpha": "A", "beta": "B", "epsilon": "E", "zeta": "Z", "eta": "H", "iota": "I", "kappa": "K",
    "mu": "M", "nu": "N", "omicron": "O", "rho": "P", "tau": "T", "chi": "X",
}  # fmt: skip
_POWER_OF_TEN: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[eE]\+?(-?)0*(\d+)")
_MOST_REACTANTS: Final = 64


def text(network: Network) -> str:
    """Return a network as a LaTeX document that needs no more than a plain TeX Live.

    Reactions that obey one rate law share its formula, in which x with a number stands for the
    reactants in their order.
    """
    found = system(network)
    body = "\n".join(_body(network, found))
    return rf"""\documentclass[a4paper]{{article}}
\usepackage[T1]{{fontenc}}
\usepackage[utf8]{{inputenc}}
\usepackage[margin=2cm]{{geometry}}
\usepackage{{amsmath}}
\usepackage{{longtable}}
\setlength{{\parindent}}{{0pt}}
\allowdisplaybreaks
\sloppy
\title{{{plain(found.title)}}}
\date{{{plain(network.metadata.date)}}}
\begin{{document}}
\maketitle
{body}
\end{{document}}
"""


def plain(text: str) -> str:
    """Return text for LaTeX, with everything escaped that means something to it."""
    return "".join(_character(one) for one in text)


def _character(one: str) -> str:
    if one in _SPECIAL:
        return _SPECIAL[one]
    if one.isascii():
        return one if one.isprintable() else " "
    name = unicodedata.name(one, "")
    if found := re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name):
        letter = found[2].lower()
        if letter == "lamda":
            letter = "lambda"
        if found[1] == "CAPITAL" and letter in _LATIN:
            return _LATIN[letter]
        if found[1] == "CAPITAL":
            return rf"\ensuremath{{\{letter.title()}}}"
        return rf"\ensuremath{{\{letter}}}" if letter != "omicron" else "o"
    if "\u00a0" < one <= "\u017e":  # letters of the Latin alphabet
        return one
    decomposed = unicodedata.normalize("NFKD", one)
    return decomposed if decomposed.isascii() else rf"\texttt{{U+{ord(one):04X}}}"


def _body(network: Network, found: System) -> Iterator[str]:
    said = network.metadata
    ids = {each: _name(each) for each in found.ids}
    ids |= {slot(place): f"x_{{{place + 1}}}" for place in range(_MOST_REACTANTS)}
    if said.description:
        yield plain(said.description) + "\n"
    yield (
        f"{len(network.molecules):,} molecules, {len(network.rules):,} rules, "
        f"{len(found.states):,} species, {len(found.fluxes):,} reactions. "
        f"Time is in {plain(found.time_unit) or 'units of the model'}.\n"
    )
    yield _table(
        "Molecules",
        ("Name", "Sites and states", "What it is"),
        (
            (
                _code(one.name),
                _code(", ".join("~".join((site, *one.states.get(site, ()))) for site in one.sites)),
                plain(one.notes),
            )
            for one in network.molecules
        ),
        (3, 6, 7),
    )
    yield _table(
        "Rules",
        ("Name", "Rule"),
        ((_code(one.name), _code(one.bngl)) for one in network.rules),
        (5, 11),
    )
    notes = {each.name: each.notes for each in (*network.parameters, *network.compartments)}
    yield _table(
        "Constants",
        ("Name", "Value", "Unit", "Note"),
        (
            (
                _code(one.id),
                _number(one.value) + (f" $= {_math(one.formula, ids)}$" if one.formula else ""),
                plain(one.unit),
                plain(notes.get(one.name, "")),
            )
            for one in found.constants
        ),
        (4.5, 4, 3, 4.5),
    )
    yield _table(
        "Species",
        ("Name", "Pattern", "Start"),
        (
            (
                _code(one.id) + (" (fixed)" if one.fixed else ""),
                _code(one.name),
                f"${_math(one.formula, ids)}$" if one.formula else _number(one.value),
            )
            for one in found.states
        ),
        (5, 8, 3),
    )
    yield _section("Observables and expressions")
    for output in found.outputs:
        unit = f" [{plain(output.unit)}]" if output.unit else ""
        yield f"${_name(output.id)} = {_math(output.formula, ids)}${unit}\n\n\\smallskip"
    yield from _reactions(network, found, ids)


def _reactions(network: Network, found: System, ids: Mapping[str, str]) -> Iterator[str]:
    yield _section("Rate laws")
    numbers = {law: number for number, law in enumerate(found.laws, 1)}
    used = Counter(flux.law for flux in found.fluxes)
    for law, node in found.laws.items():
        yield (
            f"\\textbf{{{numbers[law]}}} ({used[law]:,} reactions): $v = {_math(node, ids)}$"
            "\n\n\\smallskip"
        )

    def side(indices: Sequence[int]) -> str:
        return " + ".join(_code(found.states[i].id) for i in indices) or r"$\emptyset$"

    yield _table(
        "Reactions",
        ("Rule", "Reaction", "Law"),
        (
            (
                _code(one.rule) + (" (backwards)" if one.reverse else ""),
                rf"{side(one.reactants)} $\to$ {side(one.products)}",
                str(numbers[flux.law]),
            )
            for one, flux in zip(network.reactions, found.fluxes, strict=True)
        ),
        (5, 10, 1),
    )
    yield (
        "Each species changes by the rates of the reactions that make it less those that use it up"
        + (
            ", divided by the size of its compartment.\n"
            if any(state.volume for state in found.states)
            else ".\n"
        )
    )


# -- pieces ----------------------------------------------------------------------------------------


def _section(title: str) -> str:
    return f"\\section*{{{title}}}"


def _table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]
) -> str:
    every = [" & ".join(row) + r"\\" for row in rows]
    if not every:
        return ""
    columns = "".join(rf"p{{{width}cm}}" for width in widths)
    heading = " & ".join(rf"\textbf{{{each}}}" for each in head)
    lines = "\n".join(every)
    return (
        f"{_section(title)}\n{{\\small\n\\begin{{longtable}}{{{columns}}}\n"
        f"{heading}\\\\ \\hline\n\\endhead\n{lines}\n\\end{{longtable}}\n}}"
    )


def _code(text: str) -> str:
    return rf"\texttt{{{plain(text)}}}"


def _number(value: float) -> str:
    return f"${_tens(repr(value))}$"


def _tens(text: str) -> str:
    return _POWER_OF_TEN.sub(r"{\1\\times10^{\2\3}}", text)


def _name(id: str) -> str:
    return r"\mathit{" + id.replace("_", r"\_") + "}"


def _math(node: Node, ids: Mapping[str, str]) -> str:
    # An asterisk is a product and nothing else: identifiers hold none.
    return _tens(_DIALECT.written(node, ids)).replace("*", r"\cdot ")
