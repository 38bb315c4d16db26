import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from mtorules.export.sbml import writer
from mtorules.models import catalogue
from mtorules.network import cache, generate
from mtorules.simulation import load
from mtorules.simulation.sbml import reading
from mtorules.simulation.sbml.documents import NoSuchFileError
from mtorules.simulation.sbml.model import SbmlError


def test_whatever_names_a_model_gives_the_same_one() -> None:
    network = generate.network("rapamycin")
    text = writer.document(network).text
    for source in ("rapamycin", network, catalogue.build("rapamycin")):
        loaded = load.load(source)
        assert loaded.model.id == "rapamycin"
        assert loaded.network is not None
        assert loaded.report is not None
        assert loaded.model.state_ids == load.from_sbml(text).model.state_ids
    assert load.load(network).sbml == text


@pytest.mark.parametrize("name", catalogue.names())
def test_models_of_the_catalogue_pass_all_checks_that_they_are_let_off(name: str) -> None:
    loaded = load.load(name)
    assert reading.prepared(loaded.sbml) == (loaded.model, loaded.sbml)


def test_a_model_of_the_catalogue_is_kept_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path))
    first = load.load("rapamycin")
    (kept,) = (tmp_path / "catalogue").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(generate, "network", None)  # nobody asks for it again
        again = load.load("rapamycin")
    assert (again.sbml, again.network, again.report) == (first.sbml, first.network, first.report)
    content = kept.read_bytes()
    for broken in (b"", content[:-1], b"0" * 64 + content[64:], b"nonsense", pickle.dumps(1)):
        kept.write_bytes(broken)
        assert load.load("rapamycin").sbml == first.sbml
        assert kept.read_bytes() == content


def test_another_table_makes_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path))
    monkeypatch.setattr(load, "_made_from", lambda: "one")
    load.load("rapamycin")
    monkeypatch.setattr(load, "_made_from", lambda: "another")
    load.load("rapamycin")
    load.load("rapamycin", irreversible=True)
    assert len(list((tmp_path / "catalogue").iterdir())) == 3


def test_what_models_are_made_from_follows_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("models", "network", "export"):
        (tmp_path / folder / "inner").mkdir(parents=True)
        (tmp_path / folder / "inner" / "table.csv").write_text("a,1\n", encoding="utf-8")
    rooms = ("models", "network", "export")
    monkeypatch.setattr(load, "_SOURCES", tuple(tmp_path / room for room in rooms))
    told = [load._made_from()]
    (tmp_path / "models" / "inner" / "table.csv").write_text("a,2\n", encoding="utf-8")
    told.append(load._made_from())
    (tmp_path / "export" / "new.py").touch()
    told.append(load._made_from())
    (tmp_path / "export" / "new.pyc").touch()  # follows from the others
    assert load._made_from() == told[-1]
    assert len(set(told)) == 3


def test_both_ways_of_a_rule_apart() -> None:
    pairs = load.load("rapamycin").model
    single = load.load("rapamycin", irreversible=True).model
    assert pairs.reversible
    assert not single.reversible
    assert len(single.reactions) > len(pairs.reactions)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a.xml", True),
        ("A.XML", True),
        ("folder/b.sbml", True),
        ("b.xml.gz", True),
        ("b.omex", True),
        ("complexes", False),
        ("model.bngl", False),
        ("model.py", False),
        ("xml", False),
    ],
)
def test_sbml_files_are_known_by_their_names(name: str, is_one: bool) -> None:
    assert load.is_sbml_file(name) == is_one
    assert load.is_sbml_file(Path(name)) == is_one


def test_an_sbml_file_plain_and_packed(antimony_sbml: Callable[[str], str], tmp_path: Path) -> None:
    text = antimony_sbml("model tiny; species A; A = 1; J: A -> ; A; end")
    (tmp_path / "a.xml").write_text(text)
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(text.encode()))
    plain, packed = (load.load(tmp_path / name) for name in ("a.xml", "a.xml.gz"))
    assert plain.model == packed.model
    assert plain.model.id == "tiny"
    assert plain.network is None
    with pytest.raises(NoSuchFileError, match=r"Did you mean .*a\.xml"):
        load.load(tmp_path / "aa.xml")


def test_declarations_are_kept_and_a_damaged_file_is_read_anew(
    antimony_sbml: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path))
    text = antimony_sbml("model kept; species A; A = 1; k = 2; J: A -> ; k*A; end")
    first = load.from_sbml(text).model
    (path,) = (tmp_path / "declared").glob("*")
    told = json.loads(cache.fetch(path) or b"")
    cache.keep(path, json.dumps({**told, "id": "fetched"}).encode())
    assert load.from_sbml(text).model.id == "fetched"
    content = path.read_bytes()
    for damage in (b"", content[:50], b"no cache", content[:-1] + bytes([content[-1] ^ 1])):
        path.write_bytes(damage)
        assert load.from_sbml(text).model == first
    other = load.from_sbml(text.replace("kept", "another")).model
    assert other.id == "another"


def test_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(SbmlError, match="no SBML that can be read"):
        load.from_sbml("<html/>")
