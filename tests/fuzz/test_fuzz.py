"""A small budget of damaged input for every command; ``make fuzz`` has a large one."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

import commands
import running
from running import Case

LIMIT = 60.0  # seconds; other tests run beside
BUDGET = 160
SHARE = 8


@pytest.mark.parametrize("first", range(0, BUDGET, SHARE))
def test_damaged_input_gets_a_message_and_leaves_nothing(first: int) -> None:
    wrong = {
        number: fault
        for number in range(first, first + SHARE)
        if (fault := _alone(commands.case(number)))
    }
    assert not wrong, "\n".join(f"campaign.py --only {n}: {text}" for n, text in wrong.items())


def _alone(case: Case) -> str:
    """Run a case from a process of its own, which has no other children to mistake for its."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        running.adopt_orphans()
        with os.fdopen(write, "w", encoding="utf-8", errors="replace") as told:
            told.write(running.run(case, LIMIT))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        found = told.read()
    os.waitpid(child, 0)
    return found


def test_a_fault_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(argv: list[str]) -> int:
        if argv[0] == "bug":
            raise KeyError("nobody expects this")
        if argv[0] == "leaves":
            Path("other").write_text("left", encoding="utf-8")
        if argv[0] == "crashes":
            os.abort()
        if argv[0] == "hangs":
            while True:
                pass
        return 0

    monkeypatch.setattr(running, "main", fails)
    assert _alone(Case(["bug"])).startswith("traceback: KeyError")
    assert _alone(Case(["leaves"], {"m.xml": b""})).startswith("left: other")
    assert _alone(Case(["crashes"])).startswith("crash: signal 6")
    assert running.run(Case(["hangs"]), 0.5).startswith("hang")
    assert _alone(Case(["fine"])) == ""


def test_the_same_number_is_the_same_case() -> None:
    for number in (1, 17, 300):
        assert commands.case(number) == commands.case(number)
