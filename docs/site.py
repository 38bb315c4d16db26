"""The pages of the site that are made from the code, for mkdocs (see ``mkdocs.yml``).

README, contributing and changelog become pages as they stand. From the code come the list of
claims, where each number of each model is from, the commands and the docstrings. What
``mtorules claims --output build/docs/claims`` wrote, if it was run, is part of the site.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page
    from mtorules.models.numbers.provenance import Provenance

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
BUILT: Final = ROOT / "build" / "docs"
ROOMS: Final = ("models", "network", "export", "simulation", "analysis")
# Pages that stand outside of docs/.
_OUTSIDE: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
_LOADED: Final = re.compile(
    r'<(?:script|img|iframe|source)\b[^>]*\bsrc="?(?:https?:)?//[^">]*'
    r'|<link\b[^>]*\brel="?(?:stylesheet|preconnect|icon)[^>]*\bhref="?(?:https?:)?//[^">]*'
)
_LINK: Final = re.compile(r"(\]\()(?!\w+:|#)([^)#\s]+)")


# -- what mkdocs calls -----------------------------------------------------------------------------


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Lay a package that holds the rooms alone, and put what is made into the navigation."""
    tree = BUILT / "tree" / "mtorules"
    tree.mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", *ROOMS):
        link = tree / name
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / name)
    made = {
        "PROVENANCE": [f"provenance/{name}.md" for name in _models()],
        "API": ["reference/index.md", *(f"reference/{room}.md" for room in ROOMS)],
    }
    config.nav = _filled(config.nav, made)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made, and the files outside of docs/ that pages link to."""
    for name in _OUTSIDE:
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=_inside(text)))
    linked = {
        path.relative_to(ROOT)
        for page in (*DOCS.rglob("*.md"), *(ROOT / name for name in _OUTSIDE))
        for path in _leaving(page)
    }
    for path in linked:
        files.append(File.generated(config, str(path), abs_src_path=str(ROOT / path)))
    for name, text in _pages():
        files.append(File.generated(config, name, content=text))
    for path in (BUILT / "claims").rglob("*"):
        if path.is_file():
            name = f"claims/{path.relative_to(BUILT / 'claims')}"
            files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links that leave docs/ to where their files are in the site."""
    source = page.file.abs_src_path
    if source is None or not Path(source).is_relative_to(DOCS):
        return markdown
    folder = Path(source).parent
    up = "../" * len(Path(page.file.src_uri).parent.parts)

    def led(match: re.Match[str]) -> str:
        path = (folder / match[2]).resolve()
        outside = path.is_relative_to(ROOT) and not path.is_relative_to(DOCS)
        return f"{match[1]}{up}{path.relative_to(ROOT)}" if outside else match[0]

    return _LINK.sub(led, markdown)


def on_post_build(config: MkDocsConfig) -> None:
    """Refuse a site that asks anything of the net, or tells where it was built."""
    for path in Path(config.site_dir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for fault in (*_LOADED.findall(text), *re.findall(re.escape(str(ROOT)), text)):
            raise PluginError(f"{path.relative_to(config.site_dir)} holds {fault}")


# -- pages that stand elsewhere --------------------------------------------------------------------


def _filled(nav: list, made: dict[str, list[str]]) -> list:
    """Return a navigation with names of what is made replaced by its pages."""
    filled = []
    for entry in nav:
        if isinstance(entry, dict):
            ((title, below),) = entry.items()
            found = _filled(below, made) if isinstance(below, list) else made.get(below, below)
            filled.append({title: found})
        else:
            filled.append(entry)
    return filled


def _inside(text: str) -> str:
    """Return a page of the top folder as one of docs/."""
    return text.replace("](docs/", "](")


def _leaving(page: Path) -> Iterator[Path]:
    """Yield the files outside of docs/ that a page links to and that are no pages."""
    for _, target in _LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve()
        inside = path.is_relative_to(DOCS) or not path.is_relative_to(ROOT)
        if not inside and path.name not in _OUTSIDE:
            yield path


# -- pages from the code ---------------------------------------------------------------------------


def _models() -> tuple[str, ...]:
    from mtorules.models import catalogue

    return catalogue.names()


def _pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of each page."""
    from mtorules.models import catalogue
    from mtorules.models.numbers.provenance import provenance

    yield "claims/list.md", _claims()
    for name in _models():
        yield f"provenance/{name}.md", _provenance(name, provenance(catalogue.build(name)))
    yield "reference/commands.md", _commands()
    yield "reference/index.md", _door()
    for room in ROOMS:
        yield f"reference/{room}.md", _room(room)


def _commands() -> str:
    """Return the help of every command, as the terminal shows it."""
    from mtorules.cli.program import program

    parts = ["# Commands", "What `--help` says of each."]
    context = click.Context(program, info_name="mtorules", **program.context_settings)
    for found in _below(context):
        deep = "##" if found.parent in (None, context) else "###"
        parts.append(f"{deep} {found.command_path}\n\n```text\n{found.get_help()}\n```")
    return "\n\n".join(parts) + "\n"


def _below(context: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command, then those of its commands."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            found = context.command.get_command(context, name)
            assert found is not None
            settings = {"terminal_width": 100} | found.context_settings
            yield from _below(click.Context(found, parent=context, info_name=name, **settings))


def _door() -> str:
    """Return the page of what `import mtorules` hands on."""
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    (where,) = (
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    rows = [
        (f"[`{alias.name}`][mtorules.{node.module}.{alias.name}]", f"`mtorules.{node.module}`")
        for node in where
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    text = (ast.get_docstring(tree) or "").replace("::", ":", 1)
    return f"# The library\n\n{text}\n\n{_table(('name', 'from'), sorted(rows))}\n"


def _room(room: str) -> str:
    """Return the page of all modules of a room that say what they hold."""
    listed = []
    for path in sorted((ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if path.name == "__init__.py":
            parts = parts[:-1]
        if not any(part.startswith("_") for part in parts) and "pathways" not in parts:
            listed.append(f"::: mtorules.{'.'.join(parts)}")
    return f"# mtorules.{room}\n\n" + "\n\n".join(listed) + "\n"


def _claims() -> str:
    """Return the list of all claims of the reviews, by kind."""
    from mtorules.analysis.claims import reading, schema
    from mtorules.analysis.claims.pages.sentences import described

    claims = reading.read()
    ran = (BUILT / "claims" / "index.html").exists()
    lines = [
        "# All claims\n",
        "Every statement of the reviews that the model is held against; [Claims](../claims.md) "
        "says what the words mean.",
        "What each came to is on [pages with figures](index.html)." if ran else "",
    ]
    for kind in schema.KINDS:
        lines.append(f"\n## {kind}")
        for claim in claims:
            if claim.kind != kind:
                continue
            lines.append(f"\n### {claim.id}\n\n{_plain(claim.statement)}\n")
            for word, said in (
                ("Mechanism", claim.mechanism),
                ("Basis", claim.basis),
                ("Fails", claim.fails),
                ("Out of scope", claim.why),
            ):
                if said:
                    lines.append(f"*{word}*: {_plain(said)}\n")
            lines += [f"- {_plain(described(check))}" for check in claim.checks]
            page = BUILT / "claims" / f"{claim.id}.html"
            if page.exists():
                lines.append(f"\n[Its page]({claim.id}.html)")
    return "\n".join(lines) + "\n"


def _provenance(name: str, origins: Provenance) -> str:
    """Return where everything in a model comes from, as tables."""
    parts = [
        f"---\nhide: [toc]\n---\n\n# {name}\n",
        f"What `mtorules models {name} --provenance` prints.",
        "## Parameters",
        _table(
            ("name", "value", "unit", "range", "evidence", "source", "note"),
            (
                (
                    f"`{each.name}`",
                    f"`{each.formula}`" if each.formula else f"{each.value:.6g}",
                    each.unit,
                    "" if each.low is None else f"{each.low:.6g} to {each.high:.6g}",
                    each.evidence or ("derived" if each.formula else ""),
                    " ".join(
                        [f"[{id}](#{id.lower()})" for id in each.sources]
                        or map(_address, each.references)
                    ),
                    _plain(each.note),
                )
                for each in origins.parameters
            ),
        ),
        "## Molecules",
        _table(
            ("name", "what it is", "identifiers"),
            (
                (f"`{each.name}`", _plain(each.title), " ".join(map(_address, each.identifiers)))
                for each in origins.monomers
            ),
        ),
        "## Rules",
        _table(
            ("name", "mechanism", "source", "note"),
            (
                (
                    f"`{each.name}`",
                    each.mechanism,
                    " ".join(
                        [f"[{id}](#{id.lower()})" for id in each.sources]
                        or map(_address, each.references)
                    ),
                    _plain(each.note),
                )
                for each in origins.rules
            ),
        ),
        "## Sources",
        _table(
            ("id", "address", "confidence", "citation"),
            (
                (
                    f'<a id="{each.id.lower()}"></a>{each.id}',
                    _address(each.identifier),
                    each.confidence,
                    _plain(each.citation),
                )
                for each in origins.sources
            ),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _address(compact: str) -> str:
    """Return a compact identifier as a link."""
    if not re.match(r"\w[\w.]*:\S+$", compact):
        return _plain(compact)
    address = compact if compact.startswith("http") else f"https://identifiers.org/{compact}"
    return f"[{compact}]({address})"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _plain(text: str) -> str:
    """Return text of which Markdown makes nothing but itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))
