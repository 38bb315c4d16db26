"""From a tree to the text that BNG2.pl reads as the same tree."""

from __future__ import annotations

from collections.abc import Sequence

from .tree import Binary, Constant, Expression, Unary


def parenthesised(tree: Expression) -> str:
    """Return text that BNG2.pl reads as the same tree, whatever binds first."""
    return tree.fold(_in_parentheses)


def _in_parentheses(node: Expression, parts: Sequence[str]) -> str:
    if isinstance(node, Constant):
        return f"{node.name}()"
    if isinstance(node, Unary):
        return f"({node.operator}{parts[0]})"
    if isinstance(node, Binary):
        return f"({parts[0]}{node.operator}{parts[1]})"
    text = node._text(parts)
    return f"({text})" if text.startswith("-") else text
