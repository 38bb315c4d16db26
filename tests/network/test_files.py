import os
import subprocess
import sys
from pathlib import Path

import pytest
from mtorules.network.files import replacing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with replacing(target) as scratch:
        scratch.write_text("half")
        assert not target.exists()
        assert scratch.suffix == ".csv"
        scratch.write_text("whole")
    assert target.read_text(encoding="utf-8") == "whole"
    assert names(tmp_path) == ["result.csv"]


def test_a_file_that_failed_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as scratch:
        scratch.write_text("half")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["result.csv"]


def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    far, near, dangling = tmp_path / "far" / "a.csv", tmp_path / "a.csv", tmp_path / "b.csv"
    far.write_text("old")
    near.symlink_to(far)
    dangling.symlink_to("far/b.csv")
    for link in (near, dangling):
        with replacing(link) as scratch:
            assert scratch.name == link.name
            scratch.write_text("new")
        assert link.is_symlink()
        assert link.read_text(encoding="utf-8") == "new"
    assert names(tmp_path / "far") == ["a.csv", "b.csv"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "secret.csv"
    target.touch(mode=0o600)
    with replacing(target) as scratch:
        scratch.write_text("new")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    target = tmp_path / ("a" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    with replacing(target) as scratch:
        scratch.write_text("new")
    assert target.read_text(encoding="utf-8") == "new"


def test_devices_and_pipes_are_written_into(tmp_path: Path) -> None:
    null, pipe, full = (tmp_path / name for name in ("null", "pipe", "full"))
    null.symlink_to("/dev/null")
    full.symlink_to("/dev/full")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    for path in (null, pipe):
        with replacing(path) as scratch:
            scratch.write_text("whole")
    assert os.read(reader, 100) == b"whole"
    os.close(reader)
    assert Path("/dev/null").is_char_device()
    assert pipe.is_fifo()
    with pytest.raises(OSError, match="No space left"), replacing(full) as scratch:
        scratch.write_text("whole")
    assert names(tmp_path) == ["full", "null", "pipe"]


def test_standard_output_in_a_file_is_not_replaced(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from mtorules.network.files import replacing\n"
        "with replacing(Path('/dev/stdout')) as scratch: scratch.write_text('whole')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, check=True)
        assert (tmp_path / "out").read_text(encoding="utf-8") == "whole"
        assert os.fstat(out.fileno()).st_ino == (tmp_path / "out").stat().st_ino
