import io
import sys
import time

import pytest
from mtorules.cli.progress import progress


class Terminal(io.StringIO):
    """A text stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in place of standard error; no fixture, as pytest undoes it between phases."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_long_work_shows_a_bar_with_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("counting sheep", patience=0.01) as bar:
        time.sleep(0.5)
        bar.advance(1, 2)
        time.sleep(0.3)
    assert "counting sheep" in terminal.getvalue()


def test_a_bar_says_what_there_is_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("counting sheep", patience=0.01) as bar:
        bar.say("17 sheep")
        time.sleep(0.5)
    assert "17 sheep" in terminal.getvalue()


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("counting sheep") as bar:
        bar.advance(1, 2)
    time.sleep(0.1)
    assert terminal.getvalue() == ""


def test_the_bar_waits_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("counting sheep"):
        time.sleep(1.5)
        assert terminal.getvalue() == ""
        time.sleep(1.2)
        assert "counting sheep" in terminal.getvalue()


def test_quiet_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("counting sheep", quiet=True, patience=0) as bar:
        bar.advance(1, 2)
        time.sleep(0.3)
    assert terminal.getvalue() == ""


def test_a_file_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("counting sheep", patience=0) as bar:
        bar.advance(1, 2)
        time.sleep(0.3)
    assert capsys.readouterr() == ("", "")


def test_an_error_inside_passes_and_the_bar_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with pytest.raises(RuntimeError), progress("counting sheep", patience=0.01):
        time.sleep(0.4)
        raise RuntimeError
    drawn = terminal.getvalue()
    assert "counting sheep" in drawn
    time.sleep(0.3)
    assert terminal.getvalue() == drawn, "something still draws"
    assert drawn.endswith("\x1b[?25h") or "\x1b[?25h" in drawn, "the cursor is back"
