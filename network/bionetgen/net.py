"""BioNetGen's network format, which its own simulators, bngsim and PySB read.

BioNetGen prints statistical times volume factor as one number of eight digits; here it has the
seventeen that a double needs, and the comment behind it names the volume factor and the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..files import replacing
from ..mathematics import expressions
from ..network import Network, RateLaw, Reaction, Species


def write(network: Network, path: Path) -> None:
    """Write a network to a file.

    Raises
    ------
    OSError
        If the file cannot be written; what stood there before stays.
    """
    with replacing(path) as scratch:
        scratch.write_text(text(network), encoding="utf-8")


def text(network: Network) -> str:
    """Return a network as the text that :func:`.netfile.read` reads back."""
    blocks = {
        "parameters": (f"{p.name} {p.expression}" for p in network.parameters),
        "compartments": (
            " ".join(filter(None, (c.name, str(c.dimension), c.size, c.outside)))
            for c in network.compartments
        ),
        "functions": (
            f"{f.name}({','.join(f.arguments)}) {f.expression}" for f in network.functions
        ),
        "species": map(_species, network.species),
        "reactions": _reactions(network),
        "groups": (f"{g.name} {_terms(g.terms)}".rstrip() for g in network.groups),
    }
    parts = [f"# {network.name}"]
    for name, lines in blocks.items():
        numbered = (
            # Compartments alone bear no number.
            f"  {line}" if name == "compartments" else f"  {number} {line}"
            for number, line in enumerate(lines, start=1)
        )
        body = list(numbered)
        if body or name in ("species", "reactions"):
            parts += [f"begin {name}", *body, f"end {name}"]
    return "\n".join(parts) + "\n"


def _species(species: Species) -> str:
    room = f"@{species.compartment}::" if species.compartment else ""
    return f"{'$' * species.fixed}{room}{species.pattern} {species.initial}"


def _terms(terms: Iterable[tuple[float, int]]) -> str:
    return ",".join(
        f"{index + 1}" if weight == 1 else f"{weight:g}*{index + 1}" for weight, index in terms
    )


def _reactions(network: Network) -> Iterator[str]:
    values = {parameter.name: parameter.value for parameter in network.parameters}
    laws: dict[RateLaw, str] = {}  # many reactions share one
    for reaction in network.reactions:
        if reaction.law not in laws:
            laws[reaction.law] = _law(reaction.law, values)
        conversion = reaction.law.conversion
        comment = f"#{_rules(reaction)}" + (f" unit_conversion={conversion}" if conversion else "")
        sides = f"{_side(reaction.reactants)} {_side(reaction.products)}"
        yield f"{sides} {laws[reaction.law]} {comment}"


def _side(indices: tuple[int, ...]) -> str:
    return ",".join(str(index + 1) for index in indices) or "0"


def _rules(reaction: Reaction) -> str:
    named = ((reaction.rule, reaction.reverse), *reaction.others)
    return ",".join(f"{'_reverse_' * reverse}{rule}" for rule, reverse in named)


def _law(law: RateLaw, values: dict[str, float]) -> str:
    constants = " ".join(law.constants)
    if law.kind not in ("elementary", "function"):
        constants = f"{law.kind} {constants}"
    factor = float(law.factor)
    if law.conversion is not None:
        factor *= expressions.parse(law.conversion).evaluate(values)
    return constants if factor == 1 else f"{factor!r}*{constants}"
