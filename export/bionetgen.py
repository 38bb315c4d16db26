"""BioNetGen's own formats: the rules, and the network that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..network.bionetgen import net as netfile
from ..network.mathematics import expressions
from ..network.mathematics.expressions import Binary, Expression
from ..network.network import Network


def bngl(network: Network) -> str:
    """Return the rules that a network was generated from."""
    return network.bngl


def net(network: Network) -> str:
    """Return a network as a ``.net`` file, so that no program of BioNetGen's misreads it.

    The compartments stay away, as from BioNetGen's own files: their sizes are in the factors of
    the reactions already, and BNG2.pl would multiply by them once more. Without, it refuses the
    file, as it does its own.
    """
    functions = (replace(f, expression=_without_sign(f.expression)) for f in network.functions)
    return netfile.text(replace(network, compartments=(), functions=tuple(functions)))


def _without_sign(formula: str) -> str:
    """Return a formula without ``>=``, ``<=`` and ``!=``.

    BNG2.pl strikes the first lone ``=`` of a function, ``run_network`` wants none in front of it.
    """
    if not any(sign in formula for sign in _IN_TWO):
        return formula
    return str(expressions.parse(formula).fold(_in_two))


_IN_TWO = {">=": (">", "=="), "<=": ("<", "=="), "!=": ("<", ">")}


def _in_two(node: Expression, operands: Sequence[Expression]) -> Expression:
    node = node.over(tuple(operands))
    if not (isinstance(node, Binary) and node.operator in _IN_TWO):
        return node
    one, other = (Binary(sign, node.left, node.right) for sign in _IN_TWO[node.operator])
    return Binary("||", one, other)
