"""Which functions of a network jump where a state crosses a bound, and whether any divides.

An integrator may step over a bound that is crossed and crossed back between two steps, and be wrong
without a word. libRoadRunner stops there, see :mod:`.roadrunner_text`; the others have no means to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...network.mathematics import expressions
from ...network.mathematics.expressions import Binary, Call, Expression

if TYPE_CHECKING:
    from ...network.network import Network

_COMPARISONS: Final = frozenset(("<", "<=", ">", ">=", "==", "!="))
_DIVIDING: Final = re.compile(r"[/^]|\b(?:ln|log10|log2)\b")
_STEPS: Final = frozenset(("floor", "ceil", "rint", "sign"))


def jumping(network: Network) -> tuple[str, ...]:
    """Return the functions of ``network`` that jump with its state, in its order."""
    trees = {
        function.name: expressions.parse(function.expression) for function in network.functions
    }
    moving = {group.name for group in network.groups}
    # Local functions count molecules themselves.
    moving |= {function.name for function in network.functions if function.arguments}
    while found := {name for name, tree in trees.items() if tree.names & moving} - moving:
        moving |= found
    return tuple(
        name for name, tree in trees.items() if any(_jumps(node, moving) for node in tree.walk())
    )


def _jumps(node: Expression, moving: set[str]) -> bool:
    steps = (isinstance(node, Binary) and node.operator in _COMPARISONS) or (
        isinstance(node, Call) and node.name in _STEPS
    )
    return steps and bool(node.names & moving)


def dividing(network: Network) -> bool:
    """Return whether a function of ``network`` may divide, or take a logarithm."""
    return any(_DIVIDING.search(function.expression) for function in network.functions)
