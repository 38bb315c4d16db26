import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.network.bionetgen import bng2, process
from mtorules.network.bionetgen.bng2 import ToolMissingError
from mtorules.network.bionetgen.limits import GenerationError, Limits
from pysb import pathfinder

Stand = Callable[[str], Path]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Return a function that puts a Perl script in the place of BNG2.pl."""

    def put(script: str) -> Path:
        path = tmp_path / "BNG2.pl"
        path.write_text(textwrap.dedent(script))
        monkeypatch.setattr(bng2, "get_path", lambda _: str(path))
        return path

    return put


def running(pid_file: Path) -> bool:
    """Whether the process that wrote its id there still runs."""
    pid = int(pid_file.read_text(encoding="utf-8"))
    for _ in range(50):
        try:
            state = (
                Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            )
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


SLEEPER = """
    open(my $file, '>', '{pid}'); print $file $$; close $file;
    $| = 1;
    print "Iteration   1:    10 species     20 rxns  0.00e+00 CPU s\\n";
    sleep 60;
"""


def test_version_is_that_of_bng2() -> None:
    perl, path = bng2.find()
    said = subprocess.run(
        [perl, path, "-v"], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    assert said.split() == ["BioNetGen", "version", bng2.version()]


def test_it_is_found_where_pysb_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BNGPATH", raising=False)
    assert bng2.get_path("bng") == pathfinder.get_path("bng")
    monkeypatch.setattr(pathfinder, "_path_cache", {})
    (tmp_path / "BNG2.pl").touch(0o755)
    monkeypatch.setenv("BNGPATH", str(tmp_path))
    assert bng2.find()[1] == tmp_path / "BNG2.pl"


def test_missing_perl_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissingError, match="Perl is missing"):
        bng2.find()


def test_missing_bng2_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: str) -> str:
        raise Exception("BioNetGen could not be found")

    monkeypatch.setattr(bng2, "get_path", nowhere)
    with pytest.raises(ToolMissingError, match="Install the Python package 'bionetgen'"):
        bng2.find()
    monkeypatch.setattr(bng2, "get_path", lambda _: str(tmp_path))
    with pytest.raises(ToolMissingError, match="there is no file"):
        bng2.find()


def test_nothing_is_left_running_after_a_limit(stand_in: Stand, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stand_in(SLEEPER.replace("{pid}", str(pid)))
    with pytest.raises(GenerationError, match="more than 5 species after 1 iterations"):
        bng2.network_file("", limits=Limits(species=5))
    assert not running(pid)


def test_nothing_is_left_running_after_an_error_in_progress(
    stand_in: Stand, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    stand_in(SLEEPER.replace("{pid}", str(pid)))

    def stop(*_: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        bng2.network_file("", progress=stop)
    assert not running(pid)


def test_nothing_is_left_running_after_a_timeout(stand_in: Stand, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stand_in(SLEEPER.replace("{pid}", str(pid)))
    with pytest.raises(GenerationError, match=r"not ready after 0\.5 s"):
        bng2.network_file("", limits=Limits(seconds=0.5))
    assert not running(pid)


def test_nothing_is_left_running_that_was_about_to_start(
    stand_in: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request to end comes when the program runs and nobody knows yet that it does."""
    pid = tmp_path / "pid"
    stand_in(SLEEPER.replace("{pid}", str(pid)))
    start = subprocess.Popen

    def interrupted(*words: Any, **settings: Any) -> Any:
        process = start(*words, **settings)
        while not pid.exists() or not pid.read_text(encoding="utf-8"):
            time.sleep(0.01)
        signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(process.subprocess, "Popen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bng2.network_file("")
    assert not running(pid)


def test_nothing_is_left_running_after_ctrl_c(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    (tmp_path / "BNG2.pl").write_text(textwrap.dedent(SLEEPER.replace("{pid}", str(pid))))
    program = f"""
        from mtorules.network.bionetgen import bng2
        bng2.get_path = lambda _: {str(tmp_path / "BNG2.pl")!r}
        try:
            bng2.network_file("", progress=lambda *_: print("on", flush=True))
        except KeyboardInterrupt:
            print("off")
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "on\n"
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=20)[0] == "off\n"
    finally:
        if child.poll() is None:
            child.kill()
    assert not running(pid)


@pytest.mark.parametrize(
    ("output", "status", "said", "line"),
    [
        (
            "ERROR: Bad thing in 'x'\n  at line 7 of file 'model.bngl'\nABORT: Because of errors.",
            255,
            "BioNetGen refuses the model: Bad thing in 'x'",
            7,
        ),
        (
            "ABORT: Error in Some->thing(): odd at /usr/lib/Perl2/Some.pm line 12.\n  at line 3",
            255,
            "BioNetGen refuses the model: Error in Some->thing(): odd",
            3,
        ),
        (
            "ABORT: Found it.\n  more of it\n  at line 3 of file 'model.bngl'",
            0,
            "BioNetGen refuses the model: Found it. more of it",
            3,
        ),
        ("Died at last", 9, "BioNetGen refuses the model: Died at last", None),
        ("", 0, "BioNetGen refuses the model: it said nothing", None),
    ],
)
def test_the_first_error_is_the_message(
    stand_in: Stand, output: str, status: int, said: str, line: int | None
) -> None:
    stand_in(f"print <<'EOT';\n{output}\nEOT\nexit {status};\n")
    with pytest.raises(GenerationError) as caught:
        bng2.network_file("")
    assert (str(caught.value), caught.value.line) == (said, line)


def test_success_is_a_file_not_a_status(stand_in: Stand) -> None:
    stand_in("open(my $f, '>', 'model.net'); print $f \"whole\\n\"; close $f; print 'done';")
    assert bng2.network_file("") == "whole\n"


def test_a_warning_that_matters_is_kept(stand_in: Stand) -> None:
    stand_in("""
        open(my $f, '>', 'model.net'); print $f "whole\\n"; close $f;
        print "WARNING: BioNetGen doesn't know how to handle this.\\n";
        print "WARNING: writeFile(): Overwriting existing file.\\n";
    """)
    assert bng2.network_file("") == "whole\n# WARNING: BioNetGen doesn't know how to handle this.\n"


def test_temporary_folders_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(GenerationError):
        bng2.network_file("begin model\nend model\n")
    assert list(tmp_path.iterdir()) == []
