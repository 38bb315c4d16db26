"""The drawing of ``docs/architecture.md``, made from the code's own imports.

    python docs/architecture.py docs/figures/architecture.svg

Each room shows its folders and files; an arrow says how often one room imports from another.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

import pygraphviz

ROOT: Final = Path(__file__).resolve().parents[1]
# Each may import those before it, and itself.
ROOMS: Final = ("models", "network", "export", "simulation", "analysis", "explore", "cli")


def sources(root: Path = ROOT) -> list[Path]:
    """Return every module of the package below its rooms."""
    return sorted(path for room in ROOMS for path in (root / room).rglob("*.py"))


def imports(path: Path, root: Path = ROOT) -> Iterator[tuple[int, str, bool]]:
    """Yield each import of our own in a file.

    Yields
    ------
    (int, str, bool)
        Line, dotted name without ``mtorules`` in front (a module, or a name in one), and whether
        the import runs when the module is loaded: not inside a function or for type checkers alone.
    """
    package = path.relative_to(root).parent.parts
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module.split(".") if node.module else []
            if node.level:
                module = ["mtorules", *package[: len(package) - node.level + 1], *module]
            targets = [[*module, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            if target[0] == "mtorules" and len(target) > 1:
                yield node.lineno, ".".join(target[1:]), id(node) not in late


def summary(path: Path) -> str:
    """Return the first line of a module's docstring, without markup."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.sub(r"(:\w+:)?`+[.~]*([^`]+)`+", r"\2", said.partition("\n")[0])


def drawing() -> pygraphviz.AGraph:
    """Return the rooms with what is in them, and the arrows between them."""
    graph = pygraphviz.AGraph(
        directed=True, rankdir="BT", bgcolor="white", nodesep=0.3, ranksep=0.5
    )
    graph.node_attr.update(shape="plain", fontname="Helvetica", fontsize=11)
    graph.edge_attr.update(fontname="Helvetica", fontsize=10, color="#5b6b7b", fontcolor="#5b6b7b")
    for room in ROOMS:
        graph.add_node(room, label=_label(ROOT / room))
    counts: Counter[tuple[str, str]] = Counter()
    for path in sources():
        room = path.relative_to(ROOT).parts[0]
        for _, name, _ in imports(path):
            other = name.partition(".")[0]
            if other != room and other in ROOMS:
                counts[room, other] += 1
    for (room, other), count in sorted(counts.items()):
        graph.add_edge(room, other, label=f" {count}", penwidth=0.6 + min(count, 100) / 40)
    return graph


def _label(folder: Path) -> str:
    """Return a room as a table: its name, what it holds, its folders and its files."""
    inner = sorted(path.parent for path in folder.glob("*/__init__.py"))
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    rows = [
        f'<tr><td align="left" bgcolor="#dfe9f3"><b>{folder.name}/</b>  '
        f"{escape(summary(folder / '__init__.py'))}</td></tr>"
    ]
    rows += [
        f'<tr><td align="left">{path.name}/ <font color="#5b6b7b">'
        f"{escape(summary(path / '__init__.py'))}</font></td></tr>"
        for path in inner
    ]
    if files:
        rows.append(f'<tr><td align="left">{escape(", ".join(files))}</td></tr>')
    table = (
        f'<table border="1" color="#5b6b7b" cellborder="0" cellspacing="2">{"".join(rows)}</table>'
    )
    return f"<{table}>"


if __name__ == "__main__":
    drawing().draw(sys.argv[1], format="svg", prog="dot")
