"""What holds for every command: help, one message a mistake, statuses, nothing half-written."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from mtorules.cli import main as cli
from mtorules.cli.commands.analyse import command as analyse

Call = Callable[..., Any]

# Options that click keeps depend on these settings, whoever asks first.
CONTEXT = click.Context(cli.program, **cli.program.context_settings)
COMMANDS = [
    [],
    *([name] for name in cli.MODULES),
    *(["analyse", name] for name in analyse.list_commands(CONTEXT)),
]
FOLDER = Path(cli.__file__).parent


@pytest.fixture
def program() -> list[str]:
    """Return the command as a process of its own."""
    return [
        sys.executable,
        "-c",
        "import sys; from mtorules.cli.main import main; sys.exit(main())",
    ]


def endless(folder: Path) -> Path:
    """Write a polymer without end, which keeps BNG2.pl busy until somebody ends it."""
    path = folder / "polymer.bngl"
    path.write_text(
        "begin parameters\n  k 1\nend parameters\n"
        "begin species\n  A(l,r) 1\nend species\n"
        "begin reaction rules\n  bind: A(l) + A(r) <-> A(l!1).A(r!1) k, k\nend reaction rules\n"
    )
    return path


# -- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_tells_what_each_option_does(mtorules: Call, command: list[str]) -> None:
    done = mtorules(*command, "--help")
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith(" ".join(["Usage: mtorules", *command]))
    assert mtorules(*command, "-h").out == done.out


@pytest.mark.parametrize("command", [[], ["analyse"]], ids=" ".join)
def test_help_lists_commands_with_a_whole_sentence(mtorules: Call, command: list[str]) -> None:
    _, _, listed = mtorules(*command, "--help").out.partition("Commands:\n")
    entries = re.split(r"^  (?=\S)", listed.partition("\n\n")[0], flags=re.MULTILINE)
    assert len(entries) > 1
    for entry in filter(None, entries):
        assert re.fullmatch(r"[a-z-]+ .+[^.][.?]\n?", " ".join(entry.split()), re.DOTALL), entry


def test_no_arguments_show_the_help(mtorules: Call) -> None:
    assert mtorules() == mtorules("--help")
    assert mtorules("analyse") == mtorules("analyse", "--help")


def test_the_version_is_that_of_the_package(mtorules: Call) -> None:
    from importlib.metadata import version

    assert mtorules("--version").out == f"mtorules {version('mtorules')}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_every_default(mtorules: Call, command: list[str]) -> None:
    found: click.Command | None = cli.program
    for name in command:
        assert isinstance(found, click.Group)
        found = found.get_command(CONTEXT, name)
    assert found is not None
    shown = " ".join(mtorules(*command, "--help").out.split())
    for option in found.params:
        if isinstance(option, click.Option) and not option.is_flag:
            assert max(option.opts, key=len) in shown
            assert option.help or isinstance(option.type, click.Choice)
            if option.default not in (None, ()) and isinstance(option.default, str | int | float):
                assert f"default: {option.default}" in shown


def test_every_file_that_holds_a_command_is_one() -> None:
    holding = {
        file.stem
        for file in (FOLDER / "commands").glob("*.py")
        if re.search(r"^(def command\b|command = )", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert holding == set(cli.MODULES)


# -- wrong usage: one message, status 1 or 2, nothing written --------------------------------------

WRONG: list[tuple[str, int, str]] = [
    # the program
    ("modles", 2, "Did you mean 'models'?"),
    ("zzz", 2, "Use one of models, "),
    ("--frobnicate", 2, "--frobnicate"),
    # models
    ("models complexs", 2, "Did you mean 'complexes'?"),
    ("models rapamycin extra", 2, "extra"),
    ("models {folder}", 2, "is a folder"),
    ("models {folder}/none.bngl", 2, "There is no file"),
    ("models --jsn", 2, "--json"),
    ("models --gaps", 2, "--gaps needs a MODEL"),
    ("models {binding} --provenance", 2, "is BNGL"),
    ("models {folder}/fails.py --provenance", 2, "fails.py:1: ZeroDivisionError"),
    ("models insulin-mtr", 2, "Did you mean 'insulin_mtor'?"),
    # network
    ("network", 2, "Missing argument 'MODEL'"),
    ("network {folder}", 2, "is a folder"),
    ("network {folder}/bindin.bngl", 2, "Did you mean"),
    ("network {folder}/none.py", 2, "There is no file"),
    ("network {folder}/readme.txt", 2, "neither a .bngl nor a .py file"),
    ("network no.such.module", 2, "no module 'no'"),
    ("network pysb.examples.robertson:modle", 2, "Did you mean 'model'?"),
    ("network pysb.examples.robertson:Parameter", 2, "Parameter"),
    ("network os.path", 2, "no PySB model"),
    ("network {folder}/syntax.py", 2, "syntax.py:1"),
    ("network {folder}/fails.py", 2, "fails.py:1: ZeroDivisionError"),
    ("network {folder}/lacks.py", 2, "lacks.py:1: ModuleNotFoundError: No module named 'nowhere'"),
    ("network {folder}/twice.py", 2, "twice.py:4: ComponentDuplicateNameError"),
    ("network {folder}/leaves.py", 2, "leaves.py:1: SystemExit: 3"),
    ("network {folder}/empty.py", 2, "no PySB model"),
    ("network {folder}/two.py", 2, "holds several models: first, second"),
    ("network {folder}/no_rules.py", 1, "no_rules.py: The model 'no_rules' has no rules."),
    ("network {folder}/nothing_there.py", 1, "nothing_there.py: The network has no reactions"),
    ("network {folder}/bytes.py", 2, "bytes.py"),
    ("network {folder}/bytes.bngl", 1, "bytes.bngl"),
    ("network {folder}/empty.bngl", 1, "empty.bngl: The model has no reaction rules."),
    ("network {folder}/folder.py", 2, "is a folder"),
    ("network {folder}/broken.bngl", 1, "broken.bngl:22:"),
    ("network {folder}/broken.bngl --output {folder}/b.json", 1, "broken.bngl:22:"),
    ("network {binding} --output", 2, "requires an argument"),
    ("network {binding} {binding}", 2, "unexpected extra argument"),
    ("network {binding} --output {folder}", 2, "is a folder"),
    ("network {binding} --output {folder}/missing/b.net", 2, "there is no folder"),
    ("network {binding} --output {binding}/b.net", 2, "is not a folder"),
    ("network {binding} --output /proc/b.net", 2, "cannot write '/proc/b.net'"),
    ("network {binding} --output {folder}/b.txt", 2, ".net or .bngl or .json"),
    ("network {binding} --output {binding}", 2, "is what is read; name another file"),
    ("network {binding} --output {folder}/../{name}/binding.bngl", 2, "is what is read"),
    ("network {binding}\0", 2, "a NUL byte"),
    ("simulate {binding} --tolerance nan", 2, "'nan' is no finite number"),
    ("analyse time-course {binding} --tolerance nan", 2, "'nan' is no finite number"),
    ("analyse robustness --jitter nan", 2, "'nan' is no finite number"),
    # export
    ("export", 2, "Missing argument 'MODEL'"),
    ("export {folder}/none.py --output {folder}/b.xml", 2, "There is no file"),
    ("export {folder} --output {folder}/b.xml", 2, "is a folder"),
    ("export {folder}/fails.py --output {folder}/b.xml", 2, "fails.py:1: ZeroDivisionError"),
    ("export {folder}/syntax.py --output {folder}/b.xml", 2, "syntax.py:1"),
    ("export {folder}/two.py --output {folder}/b.xml", 2, "several models"),
    ("export nothing", 2, "There is no model called 'nothing'"),
    ("export {folder}/broken.bngl --output {folder}/b.xml", 1, "broken.bngl:"),
    ("network {binding} --max-iter 0", 2, "--max-iter"),
    ("network {binding} --max-molecules 0", 2, "--max-molecules"),
    ("network {binding} --max-species 0", 2, "--max-species"),
    ("network {binding} --max-reactions 0", 2, "--max-reactions"),
    ("network {binding} --max-stoich A=x", 2, "no molecule type with a number"),
    ("network {binding} --limit 5", 2, "--limit"),
    ("export {binding} --max-iter 0", 2, "--max-iter"),
    ("export {binding} --max-molecules 0", 2, "--max-molecules"),
    ("export {binding} --max-species 0", 2, "--max-species"),
    ("export {binding} --max-reactions 0", 2, "--max-reactions"),
    ("export {binding} --max-stoich A=x", 2, "no molecule type with a number"),
    ("export {binding} --limit 5", 2, "--limit"),
    ("export {binding} --level 1.2", 2, "'3.2', '3.1', '2.5', '2.4'"),
    ("export {binding} --format fortran", 2, "'sbml'"),
    ("export {binding} --json", 2, "needs --output"),
    ("export {binding} --format petab --measurements {folder}/none.csv -o x", 2, "--measurements"),
    ("export {binding} --format petab --experiments {folder}/none.csv -o x", 2, "--experiments"),
    ("export {binding} --estimate kf -o x.xml", 2, "--estimate"),
    ("export {binding} --format petab --data nonsense -o x", 2, "no data set 'nonsense'"),
    ("export {binding} --format petab --targets {binding} -o x", 2, "--targets"),
    ("export {binding} --output {folder}", 2, "is a folder"),
    ("export {binding} --output {folder}/missing/b.xml", 2, "there is no folder"),
    ("export {binding} --output {binding}/b.xml", 2, "is not a folder"),
    ("export {binding} --output /proc/b.xml", 2, "cannot write '/proc/b.xml'"),
    ("export {binding} --output {folder}/b.txt", 2, "ends in nothing that stands for a format"),
    ("export {binding} --format r --output {folder}/b.m", 2, "does not end in .R or .r"),
    ("export {binding} --format net --level 2.4", 2, "--level is of SBML"),
    ("export {binding} --format cx2 --kind nothing", 2, "'contact', 'influence', 'reactions'"),
    ("export {binding} --format r --kind contact", 2, "--kind contact is of graphml, cx2"),
    ("export {binding} --format pysb --max-iter 2", 2, "pysb holds rules"),
]


@pytest.fixture
def folder(binding: Path) -> Path:
    """Return a folder of models that cannot be used, beside one that can."""
    folder = binding.parent
    (folder / "readme.txt").write_text("no model")
    (folder / "syntax.py").write_text("Model(\n")
    (folder / "fails.py").write_text("1 / 0\n")
    (folder / "empty.py").write_text("x = 1\n")
    (folder / "lacks.py").write_text("import nowhere\n")
    (folder / "leaves.py").write_text("raise SystemExit(3)\n")
    head = "from pysb import *\nModel()\nMonomer('A', ['b'])\n"
    (folder / "twice.py").write_text(head + "Monomer('A', ['b'])\n")
    (folder / "no_rules.py").write_text(head)
    (folder / "nothing_there.py").write_text(
        head + "Rule('bind', A(b=None) + A(b=None) >> A(b=1) % A(b=1), Parameter('k', 1))\n"
    )
    models = "first, second = Model('a', _export=False), Model('b', _export=False)\n"
    (folder / "two.py").write_text("from pysb import Model\n" + models)
    (folder / "bytes.py").write_bytes(b"\xff\xfe\x00")
    (folder / "bytes.bngl").write_bytes(b"\xff\xfe\x00")
    (folder / "empty.bngl").touch()
    (folder / "folder.py").mkdir()
    text = binding.read_text(encoding="utf-8")
    (folder / "broken.bngl").write_text(text.replace("A(b) + B(a) <->", "A(b) + C(a) <->"))
    return folder


@pytest.mark.parametrize(("line", "status", "said"), WRONG, ids=[line for line, *_ in WRONG])
def test_a_mistake_gets_one_message(
    mtorules: Call, binding: Path, folder: Path, line: str, status: int, said: str
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    done = mtorules(*line.format(binding=binding, folder=folder, name=folder.name).split())
    assert said in done.err
    assert done.status == status
    assert done.out == ""
    assert done.err.startswith("mtorules")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("name", ["models", "network", "export"])
def test_every_option_has_its_mistake_in_the_table(name: str) -> None:
    """Flags cannot be given a wrong value; everything else must be tried with one."""
    command = cli.program.get_command(CONTEXT, name)
    assert command is not None
    tried = {word for line, *_ in WRONG if line.startswith(name) for word in line.split()}
    options = {
        max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.is_flag
    }
    assert options <= tried


# -- bugs and other ends ---------------------------------------------------------------------------


def test_a_bug_keeps_its_traceback(mtorules: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from mtorules.models import catalogue

    def broken() -> tuple[str, ...]:
        raise KeyError("a bug")

    monkeypatch.setattr(catalogue, "names", broken)
    with pytest.raises(KeyError, match="a bug"):
        mtorules("models")


def test_a_model_that_ends_the_program_has_failed(mtorules: Call, tmp_path: Path) -> None:
    model = tmp_path / "leaves.py"
    for ending in ("SystemExit(0)", "SystemExit", "BaseException('odd')", "GeneratorExit"):
        model.write_text(f"def model():\n    raise {ending}\n")
        done = mtorules("network", f"{tmp_path.name}.leaves:model")
        assert done.status != 0
        model.write_text(f"raise {ending}\n")
        done = mtorules("network", model, "--output", tmp_path / "m.net")
        assert done.status in (1, 2)
        assert done.err.count("\n") == 1
        assert f"{model}:1" in done.err
        assert not (tmp_path / "m.net").exists()


def test_an_error_of_the_system_names_its_file(
    mtorules: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtorules.models import catalogue

    def full() -> tuple[str, ...]:
        raise OSError(28, "No space left on device", "/somewhere/file")

    monkeypatch.setattr(catalogue, "names", full)
    done = mtorules("models")
    assert done.status == 1
    assert done.err == "mtorules models: '/somewhere/file': No space left on device.\n"


@pytest.mark.parametrize("line", ["models rapamycin", "models --help", "--help"])
def test_a_reader_that_stops_is_no_error(program: list[str], line: str) -> None:
    """As in ``mtorules models complexes | head -1``; here the pipe is closed from the start."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*program, *line.split()], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.parametrize("line", ["models", "network rapamycin", "models --help", "--help"])
def test_a_full_disk_is_said_in_one_line(program: list[str], line: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*program, *line.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert re.fullmatch(r"mtorules( \w+)?: No space left on device\.\n", done.stderr)


def test_an_interrupt_ends_with_a_line_and_status_130(program: list[str], tmp_path: Path) -> None:
    """A model file that sleeps stands for any long work."""
    started = tmp_path / "started"
    slow = tmp_path / "slow.py"
    slow.write_text(
        f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(60)\n"
    )
    process = subprocess.Popen(
        [*program, "network", slow, "--output", tmp_path / "slow.net"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    _wait_for(started.exists)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.strip() == "mtorules: interrupted"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slow.py", "started"]


def test_a_request_to_end_leaves_no_process_behind(program: list[str], tmp_path: Path) -> None:
    polymer = endless(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [*program, "network", polymer], env=os.environ | {"TMPDIR": str(scratch)}
    )
    _wait_for(lambda: bool(_working_in(scratch)))
    process.terminate()
    assert process.wait(timeout=60) == 128 + signal.SIGTERM
    assert not _working_in(scratch)
    assert not list(scratch.iterdir())


def test_ending_at_any_moment_leaves_the_whole_file_or_none(
    program: list[str], tmp_path: Path
) -> None:
    """The moments are spread from the start to the end of a run that is let alone."""
    target = tmp_path / "result" / "r.xml"
    target.parent.mkdir()
    line = [*program, "export", "rapamycin", "--quiet", "--output", target]
    subprocess.run(line, check=True)  # generates the network, so that the next does not
    start = time.perf_counter()
    subprocess.run(line, check=True)
    lasts = time.perf_counter() - start
    whole = target.read_bytes()
    cut = 0
    for part, number in (
        (0.25, signal.SIGHUP),
        (0.6, signal.SIGTERM),
        (0.75, signal.SIGINT),
        (0.85, signal.SIGTERM),
        (0.95, signal.SIGINT),
    ):
        target.unlink(missing_ok=True)
        process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        try:
            process.wait(part * lasts)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 128 + number, -number)  # the last before Python is ready
        if target.exists():
            assert target.read_bytes() == whole
        else:
            cut += 1
        assert {path.name for path in target.parent.iterdir()} <= {target.name}
        assert "Traceback" not in err or process.returncode == -number
    assert cut, "no run was ended before it was done"


def test_nohup_keeps_its_word(program: list[str], tmp_path: Path) -> None:
    """A process that was started to survive its terminal does."""
    started = tmp_path / "started"
    slow = tmp_path / "slow.py"
    slow.write_text(
        f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(1)\n"
        "from pysb import *\nModel()\nMonomer('A')\nParameter('k', 1)\n"
        "Initial(A(), k)\nRule('lose', A() >> None, k)\n"
    )
    process = subprocess.Popen(
        ["nohup", *program, "network", slow], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    _wait_for(started.exists)
    process.send_signal(signal.SIGHUP)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"species" in out


def _wait_for(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ready() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert ready()


def _working_in(folder: Path) -> list[str]:
    """Return the processes whose working folder lies in ``folder``."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink().is_relative_to(folder):
                found.append(link.parts[2])
        except OSError:
            continue  # ended meanwhile, or not ours to see
    return found


# -- progress --------------------------------------------------------------------------------------


@pytest.mark.parametrize("quiet", [False, True])
def test_a_terminal_sees_progress_after_two_seconds_and_a_file_none(
    program: list[str], tmp_path: Path, quiet: bool
) -> None:
    """The same endless work twice, watched through a terminal and through a pipe."""
    polymer = endless(tmp_path)
    line = [*program, "network", polymer, *(["--quiet"] if quiet else [])]
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    on_terminal = subprocess.Popen(line, stdin=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    on_pipe = subprocess.Popen(line, stderr=subprocess.PIPE)
    seen, deadline = b"", time.monotonic() + (5 if quiet else 60)
    while time.monotonic() < deadline and b"species" not in seen:
        if select.select([ours], [], [], 0.1)[0]:
            seen += os.read(ours, 4096)
    for process in (on_terminal, on_pipe):
        process.terminate()
    deadline = time.monotonic() + 60
    while on_terminal.poll() is None and time.monotonic() < deadline:
        # A terminal that nobody reads fills up, and whoever writes to it waits.
        if select.select([ours], [], [], 0.1)[0]:
            with suppress(OSError):
                seen += os.read(ours, 4096)
    assert on_terminal.wait(timeout=1) == 128 + signal.SIGTERM
    assert on_pipe.communicate(timeout=60)[1] == b""
    os.close(ours)
    if quiet:
        assert seen == b""
    else:
        assert b"Generating the network of polymer" in seen
        assert re.search(rb"\d+ species, \d+ reactions", seen)


# -- shell completion ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["mtorules", "mo"], {"models"}),
        (["mtorules", "network", "comp"], {"complexes"}),
        (["mtorules", "export", "rapa"], {"rapamycin"}),
        (["mtorules", "export", "--lev"], {"--level"}),
        (["mtorules", "export", "rapamycin", "--level", "2"], {"2.4", "2.5"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_shell_is_told_what_may_follow(
    program: list[str], words: list[str], offered: set[str]
) -> None:
    environment = os.environ | {
        "_MTORULES_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        program, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert set(re.findall(r"^plain,(\S+)", done.stdout, re.MULTILINE)) == offered


def test_help_comes_at_once(program: list[str]) -> None:
    """In seconds of computing, as the machine may be busy with other tests."""
    times = []
    for _ in range(3):
        process = subprocess.Popen([*program, "--help"], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        times.append(used.ru_utime + used.ru_stime)
    assert min(times) < 0.5
