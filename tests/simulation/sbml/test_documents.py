import gzip
import io
import zipfile
from pathlib import Path

import libsbml
import pytest
from mtorules.simulation.sbml.documents import NoSuchFileError, SbmlFileError, read, text

SBML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">\n'
    '  <model id="m" name="Größe"/>\n'
    "</sbml>\n"
)
PREFIXED = SBML.replace("<sbml xmlns=", "<s:sbml xmlns:s=").replace("</sbml", "</s:sbml")


def archive(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_", "."), content)
    return held.getvalue()


def name_of(found: str) -> str:
    """Return the model's name as libSBML reads it, which fails if a declaration lies."""
    return libsbml.readSBMLFromString(found).getModel().getName()


@pytest.mark.parametrize(
    "data",
    [
        SBML.encode(),
        b"\xef\xbb\xbf" + SBML.encode(),
        SBML.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        SBML.replace("UTF-8", "UTF-16").encode("utf-16"),
        SBML.replace(' encoding="UTF-8"', "").encode(),
        b"\n".join(SBML.encode().split(b"\n")[1:]),
        gzip.compress(SBML.encode()),
        archive(model_xml=SBML),
        archive(manifest_xml="<omexManifest/>", model_xml=SBML, readme_txt="about sbml"),
    ],
    ids=["plain", "mark", "latin", "utf16", "undeclared", "bare", "gzip", "zip", "omex"],
)
def test_the_same_model_in_any_wrapping(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(data)
    assert name_of(read(path)) == "Größe"


def test_a_prefix_for_sbml_is_as_good_as_none() -> None:
    assert text(PREFIXED.encode(), "m") == PREFIXED


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"begin model\nend model\n", "is no XML: it starts with 'begin model'"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is no XML: it starts with bytes that are no text"),
        (b"<html><body></body></html>", "its root is <html>, not <sbml>"),
        (SBML[: len(SBML) // 2].encode(), "is cut short: it ends in line 2"),
        (SBML[:-9].encode(), "is cut short: it ends in line 3"),
        (SBML.replace("/>", ">").encode(), "mismatched tag in line 4"),
        (gzip.compress(SBML.encode())[:-12], "gzip file that is cut short"),
        (archive(model_xml=SBML)[:60], "zip archive that cannot be unpacked"),
        (archive(readme_txt="no"), "should hold one SBML file, and holds none"),
        (archive(a_xml=SBML, b_xml=SBML), "holds a.xml, b.xml. Unpack the one you mean"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_what_is_no_sbml_is_told_apart(data: bytes, says: str) -> None:
    with pytest.raises(SbmlFileError, match=r"^'m\.xml' ") as raised:
        text(data, "m.xml")
    assert says in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "complexes.xml").write_text(SBML, encoding="utf-8")
    with pytest.raises(NoSuchFileError, match=r"Did you mean '.*complexes\.xml'") as raised:
        read(tmp_path / "complexs.xml")
    assert "There is no file" in str(raised.value)
    with pytest.raises(NoSuchFileError) as raised:
        read(tmp_path / "nowhere" / "at all.xml")
    assert "Did you mean" not in str(raised.value)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFileError, match="is a folder"):
        read(tmp_path)


def test_a_formula_too_deep_for_any_parser_is_refused() -> None:
    deep = "<apply>" * 2001 + "</apply>" * 2001
    with pytest.raises(SbmlFileError, match="more than 2,000 deep, in line 3"):
        text(SBML.replace("/>", f">{deep}</model>").encode(), "m.xml")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtorules.simulation.sbml.documents.LARGEST", 100)
    with pytest.raises(SbmlFileError, match="unpacks to more than"):
        text(gzip.compress(SBML.encode()), "m.xml")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SBML.replace("UTF-8", "utf-9").encode(), "its encoding is 'utf-9', which it is not"),
        (SBML.replace("UTF-8", "UTF-16").encode(), "its encoding is 'UTF-16', which it is not"),
        (SBML.replace("UTF-8", "rot13").encode(), "its encoding is 'rot13'"),
        (SBML.replace("UTF-8", "unicode_escape").encode(), "its encoding is 'unicode_escape'"),
        (SBML.replace("UTF-8", "").encode(), "its encoding is ''"),
        (SBML.encode("latin-1"), "no text in its encoding, UTF-8: the byte 0xf6 in line 3"),
        (SBML.replace("UTF-8", "ascii").encode(), "no text in its encoding, ASCII"),
    ],
)
def test_encodings_that_are_none(data: bytes, says: str) -> None:
    with pytest.raises(SbmlFileError, match=r"^'m\.xml' ") as raised:
        text(data, "m.xml")
    assert says in str(raised.value)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be", "iso-8859-15"])
def test_encodings_of_all_sorts(encoding: str) -> None:
    declared = SBML.replace("UTF-8", encoding.removesuffix("-le").removesuffix("-be"))
    assert name_of(text(declared.encode(encoding), "m.xml")) == "Größe"


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    many = SBML.replace("/>", ">" + "<a/>" * 200 + "</model>").encode()
    monkeypatch.setattr("mtorules.simulation.sbml.documents.MOST_ELEMENTS", 100)
    with pytest.raises(SbmlFileError, match="more than 100 elements"):
        text(many, "m.xml")
    monkeypatch.setattr("mtorules.simulation.sbml.documents.MOST_FILES", 1)
    with pytest.raises(SbmlFileError, match="an archive of more than 1 files"):
        text(archive(a_xml=SBML, b_xml=SBML), "m.omex")
    monkeypatch.setattr("mtorules.simulation.sbml.documents.LARGEST", 100)
    path = tmp_path / "large.xml"
    path.write_bytes(many)
    with pytest.raises(SbmlFileError, match="holds more than"):
        read(path)


def test_the_master_of_an_archive_is_taken() -> None:
    other = SBML.replace("Größe", "other")
    manifest = (
        '<omexManifest xmlns="http://identifiers.org/combine.specifications/omex-manifest">'
        '<content location="./a.xml" format="sbml"/>'
        '<content location="./b.xml" format="sbml" master="true"/></omexManifest>'
    )
    packed = archive(a_xml=SBML, b_xml=other, manifest_xml=manifest)
    assert name_of(text(packed, "m.omex")) == "other"
