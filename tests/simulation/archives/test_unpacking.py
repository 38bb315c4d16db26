"""Names and sizes in archives are data."""

import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from mtorules.simulation.archives import unpacking
from mtorules.simulation.archives.unpacking import ArchiveFileError
from mtorules.simulation.sbml.documents import NoSuchFileError, SbmlFileError

MANIFEST = """<?xml version="1.0"?>
<omexManifest xmlns="http://identifiers.org/combine.specifications/omex-manifest">
{}
</omexManifest>
"""

Pack = Callable[..., Path]


def test_it_reads_the_manifest(pack: Pack) -> None:
    held = unpacking.read(pack({"m.xml": "<a/>", "e.sedml": "<b/>"}))
    assert [each.path for each in held.entries] == ["m.xml", "e.sedml"]
    assert held.experiments == ["e.sedml"]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../out.xml", "a/../../out.xml", "C:/x.xml", "a\\..\\x.xml"]
)
def test_names_that_lead_out_are_refused(pack: Pack, name: str) -> None:
    with pytest.raises(ArchiveFileError, match="no place inside an archive"):
        unpacking.read(pack({name: "x"}, MANIFEST.format("")))
    line = f'<content location="{name}" format="x"/>'
    with pytest.raises(ArchiveFileError, match="no place inside an archive"):
        unpacking.read(pack({}, MANIFEST.format(line)))


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.omex"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.xml", MANIFEST.format(""))
        link = zipfile.ZipInfo("model.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveFileError, match="holds a link"):
        unpacking.read(path)


def test_bombs_are_refused(pack: Pack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 10_000)
    path = tmp_path / "bomb.omex"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.xml", MANIFEST.format(""))
        for number in range(3):  # none is too large by itself
            archive.writestr(f"{number}.txt", b"0" * 6_000)
    with pytest.raises(ArchiveFileError, match="unpacks to more than"):
        unpacking.read(path)
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    with pytest.raises(ArchiveFileError, match="more than 2 files"):
        unpacking.read(path)


def test_two_files_of_one_name_are_refused_unless_they_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "twice.omex"
    for second, fine in ((b"a", True), (b"b", False)):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.xml", MANIFEST.format(""))
            archive.writestr("x.txt", b"a")
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("x.txt", second)
        if fine:
            assert unpacking.read(path).files["x.txt"] == b"a"
        else:
            with pytest.raises(ArchiveFileError, match="two files"):
                unpacking.read(path)


def test_what_is_no_archive_is_told(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "no.omex"
    with pytest.raises(NoSuchFileError, match="no file"):
        unpacking.read(path)
    path.write_text("hello")
    with pytest.raises(ArchiveFileError, match="no zip file"):
        unpacking.read(path)
    with pytest.raises(NoSuchFileError, match="a COMBINE archive is expected"):
        unpacking.read(tmp_path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(ArchiveFileError, match="without manifest"):
        unpacking.read(path)
    with pytest.raises(ArchiveFileError, match="not in the archive"):
        unpacking.read(pack({}, MANIFEST.format('<content location="./a.xml" format="sbml"/>')))
    for manifest in ("<omexManifest", "<other/>", "<!DOCTYPE a><omexManifest/>"):
        with pytest.raises(SbmlFileError):
            unpacking.read(pack({}, manifest))


def test_a_damaged_archive_is_told(pack: Pack) -> None:
    path = pack({"m.xml": "<a/>" * 1000})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ArchiveFileError, match="cannot be unpacked"):
        unpacking.read(path)


def test_whichever_byte_is_damaged_it_is_told_or_does_no_harm(pack: Pack) -> None:
    path = pack({"m.xml": "<a/>" * 20})
    whole = path.read_bytes()
    for place in range(len(whole)):
        for flipped in (0xFF, 0x80, 0x01):
            data = bytearray(whole)
            data[place] ^= flipped
            path.write_bytes(data)
            with suppress(ArchiveFileError, SbmlFileError):
                unpacking.read(path)
