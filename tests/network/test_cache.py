import os
from pathlib import Path

import pytest
from mtorules.network import cache


def test_what_is_kept_comes_back_and_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "folder/b"):
        cache.keep(tmp_path / name, b"one\n\0two")
        assert cache.fetch(tmp_path / name) == b"one\n\0two"
    before = (tmp_path / "a").read_bytes()
    cache.keep(tmp_path / "a", b"one\n\0two")
    assert (tmp_path / "a").read_bytes() == before
    assert cache.fetch(tmp_path / "c") is None
    assert cache.fetch(tmp_path / "folder") is None


def test_every_flipped_bit_and_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    cache.keep(path, b"0.1")
    content = path.read_bytes()
    for place in range(len(content)):
        for bit in range(8):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            path.write_bytes(bytes(damaged))
            assert cache.fetch(path) is None
        path.write_bytes(content[:place])
        assert cache.fetch(path) is None


def test_what_was_kept_under_another_name_is_not_taken(tmp_path: Path) -> None:
    cache.keep(tmp_path / "a", b"1")
    cache.keep(tmp_path / "b", b"2")
    (tmp_path / "a").replace(tmp_path / "b")
    assert cache.fetch(tmp_path / "b") is None


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_what_others_could_have_written_is_not_taken(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a"
    cache.keep(path, b"1")
    path.chmod(mode)
    assert cache.fetch(path) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only the system's keeper gives files away")
def test_what_belongs_to_somebody_else_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "a"
    cache.keep(path, b"1")
    os.chown(path, 12345, -1)
    assert cache.fetch(path) is None
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, -1)
    assert not cache.own_folder(tmp_path / "theirs")


def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    folder.chmod(0o777)
    assert cache.own_folder(folder)
    assert not folder.stat().st_mode & 0o022
    (tmp_path / "file").touch()
    assert not cache.own_folder(tmp_path / "file")
    assert not cache.own_folder(tmp_path / "file" / "below")


def test_a_seal_holds_for_one_file_as_it_was(tmp_path: Path) -> None:
    one, other = tmp_path / "one.so", tmp_path / "other.so"
    for path in (one, other):
        path.write_bytes(b"code")
        path.chmod(0o600)
        assert not cache.sealed(path)
        cache.seal(path)
        assert cache.sealed(path)
    one.write_bytes(b"c0de")
    assert not cache.sealed(one)
    other.with_name("other.so.seal").replace(other.with_name("one.so.seal"))
    one.write_bytes(b"code")
    assert not cache.sealed(one)
    assert not cache.sealed(other)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache.keep(tmp_path / "file" / "a", b"1")
    assert cache.fetch(tmp_path / "file" / "a") is None
