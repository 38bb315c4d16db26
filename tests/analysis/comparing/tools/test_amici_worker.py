import json
import subprocess
import sys
from pathlib import Path

from mtorules.analysis.comparing.tools import amici_worker


def test_what_goes_wrong_is_told_in_the_answer(tmp_path: Path) -> None:
    """In an environment without AMICI the worker fails, and says of what."""
    wanted, given = tmp_path / "task.json", tmp_path / "course.json"
    wanted.write_text(json.dumps({"sbml": "", "name": "m", "folder": str(tmp_path)}))
    script = amici_worker.__file__
    done = subprocess.run([sys.executable, "-I", script, wanted, given], check=False)
    assert done.returncode == 0
    assert "amici" in json.loads(given.read_text(encoding="utf-8"))["error"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["course.json", "task.json"]
