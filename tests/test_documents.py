"""What README, pages and Makefile tell a reader to type exists, with the options they use."""

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from mtorules.cli.main import main, program
from mtorules.models import catalogue

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff")),
    *sorted((ROOT / "docs").glob("**/*.md")),
]


# -- reading ---------------------------------------------------------------------------------------


def command_lines(text: str) -> Iterator[str]:
    """Yield each ``mtorules ...`` of a Markdown page, in blocks and in `code` within a line."""
    text = re.sub(r"\\\n\s*", " ", text)
    for line in text.splitlines():
        typed = re.fullmatch(r"(?:    \s*|\s*)(?:\$ )?(?:\S*/)?(mtorules .+)", line)
        if typed:
            yield typed[1]
        else:
            yield from re.findall(r"`(?:\$ )?(mtorules [^`]+)`", line)


def words_of(line: str) -> list[str]:
    """Split as a shell does, up to a pipe, a redirection or a comment."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if re.fullmatch(r"[|&;<>()]+", word):
            break
        words.append(word)
    return words


def faults(words: list[str]) -> Iterator[str]:
    """Yield what is wrong with a command line; words in capitals stand for what a reader fills in.

    Nothing is run, and files need not exist.
    """
    command: click.Command = program
    rest = words[1:]
    context = click.Context(program, info_name="mtorules", **program.context_settings)
    while isinstance(command, click.Group):
        if not rest or re.fullmatch(r"[A-Z]+|\.\.\.", rest[0]) or rest[0].startswith("-"):
            break
        found = command.get_command(context, rest[0])
        if found is None:
            yield f"there is no {rest[0]!r}"
            return
        command, rest = found, rest[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    try:
        values, extra, _ = command.make_parser(context).parse_args(list(rest))
    except click.UsageError as error:
        yield error.format_message()
        return
    if extra and not isinstance(command, click.Group):
        yield f"{extra} is too much"
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            try:
                parameter.type.convert(value, parameter, context)
            except click.UsageError as error:
                yield error.format_message()
        if isinstance(parameter, click.Argument) and parameter.name == "model" and value:
            yield from _wrong_model(str(value))


def _wrong_model(name: str) -> Iterator[str]:
    """Yield a fault unless the name is in the catalogue, a placeholder, a file or a module."""
    named = name.replace("-", "_") in catalogue.names()
    if not (named or re.search(r"[./:]", name) or re.fullmatch(r"[A-Z_]+", name)):
        yield f"there is no model {name!r}"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("mtorules models", ""),
        ("mtorules models NAME --json", ""),
        ("mtorules COMMAND --help", ""),
        ("mtorules --version", ""),
        ("mtorules models | head -3", ""),
        ("mtorules export insulin-mtor --output=results/x.xml >log 2>&1", ""),
        ("mtorules export some/model.bngl --level 2.4  # old tools", ""),
        ("mtorules modles", "there is no 'modles'"),
        ("mtorules models --jsn", "--jsn"),
        ("mtorules models nothing", "there is no model 'nothing'"),
        ("mtorules models rapamycin extra", "extra"),
        ("mtorules export rapamycin --level 1.2", "1.2"),
        ("mtorules network rapamycin --output", "requires an argument"),
    ],
)
def test_the_reader_of_command_lines_sees_what_is_wrong(line: str, fault: str) -> None:
    found = "; ".join(faults(words_of(line)))
    assert fault in found
    assert bool(fault) == bool(found)


def test_the_reader_of_pages_finds_every_command_line() -> None:
    page = (
        "Type `mtorules models` or see `mtorules export --help` of mtorules.\n\n"
        "    mtorules network a \\\n        --output a.net\n"
        "    $ .venv/bin/mtorules models b  # what b holds\n\n"
        "```bash\nmtorules simulate c\n```\n"
        "The mtorules command is not code here.\n"
    )
    assert [words_of(line) for line in command_lines(page)] == [
        ["mtorules", "models"],
        ["mtorules", "export", "--help"],
        ["mtorules", "network", "a", "--output", "a.net"],
        ["mtorules", "models", "b"],
        ["mtorules", "simulate", "c"],
    ]


# -- what is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_exists(page: Path) -> None:
    wrong = {
        line: found
        for line in command_lines(page.read_text(encoding="utf-8"))
        if (found := list(faults(words_of(line))))
    }
    assert not wrong


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words that call each command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


@pytest.mark.parametrize("words", [(), *commands(program)], ids=" ".join)
def test_every_help_ends_with_an_example_that_exists(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    _, found, example = capsys.readouterr().out.partition("\n  Example:\n")
    assert found
    whole = re.sub(r"\\\n\s*", " ", example).strip()
    for line in re.split(r"\n\s*(?=mtorules )", whole):
        typed = words_of(line)
        assert typed[: len(words) + 1] == ["mtorules", *words]
        assert list(faults(typed)) == []


def test_the_readme_shows_every_command() -> None:
    lines = command_lines((ROOT / "README.md").read_text(encoding="utf-8"))
    shown = {words[1] for line in lines if len(words := words_of(line)) > 1}
    assert set(program.list_commands(click.Context(program))) - {"calibrate"} <= shown


def test_what_the_makefile_types_exists() -> None:
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    targets = ("models", "network", "sbml", "simulate", "analyse")
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", *targets, "MTORULES=mtorules"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("mtorules ")]
    assert len(lines) > len(targets)
    assert {line: found for line in lines if (found := list(faults(words_of(line))))} == {}


def test_targets_that_pages_name_exist() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    targets = {line.split()[0] for line in listed.stdout.splitlines()}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"(?:^    |^\$ |`)make ((?:[a-z][a-z-]* ?)+)", text, re.MULTILINE)
        assert {word for words in named for word in words.split()} <= targets, page


# -- links and Python ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_pages_import_exists(page: Path) -> None:
    for block in python_blocks(page):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("mtorules"):
                module = import_module(str(node.module))
                for alias in node.names:
                    if not hasattr(module, alias.name):
                        import_module(f"{node.module}.{alias.name}")


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    blocks = python_blocks(ROOT / "README.md")
    assert blocks
    done = subprocess.run(
        [sys.executable, "-W", "error:::mtorules", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
