"""``mtorules analyse rapamycin`` on the least model, which takes seconds."""

import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xarray as xr
from matplotlib.image import imread
from mtorules.analysis.rapamycin import question
from mtorules.analysis.rapamycin.drawings import PANELS
from mtorules.cli.main import main


@dataclass(frozen=True)
class Done:
    """What one study left behind."""

    folder: Path
    out: str
    err: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Return a study with all its files, written into a folder that holds one already."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "mine.txt").write_text("kept")
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        assert main(["analyse", "rapamycin", "rapamycin", "--output", str(folder)]) == 0
    return Done(folder, out.getvalue(), err.getvalue())


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    capsys.readouterr()
    status = main(["analyse", "rapamycin", *map(str, arguments)])
    return status, *capsys.readouterr()


def test_our_sbml_file_gives_the_same_answers_as_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, done: Done
) -> None:
    path = tmp_path / "model.xml"
    assert main(["export", "rapamycin", "--output", str(path), "--quiet"]) == 0
    status, told, err = call(capsys, path, "--json")
    assert (status, err) == (0, "")
    answers = json.loads(told)
    header, *rows = done.out.splitlines()
    assert header.split() == ["question", "cell", "value", "unit"]
    for row, answer in zip(rows, answers, strict=True):
        assert row.startswith(answer["question"])
        assert f"  {answer['cell']}  " in row
        if answer["value"] is None:  # beyond the last dose or time
            assert "> 1000 " in row or "> 72 " in row
        else:
            assert f"{answer['value']:.3g}" in row.split()
    by_name = {(answer["question"], answer["cell"]): answer["value"] for answer in answers}
    half = "dose that halves intact mTORC1 at 72 h, finite bath"
    assert by_name[half, "reference"] < 1.0
    assert by_name[half, "without FKBP12"] is None


def test_every_figure_comes_with_its_table(done: Done) -> None:
    names = {*PANELS, "rapamycin"}
    expected = {f"{name}{suffix}" for name in names for suffix in (".png", ".svg", ".csv")}
    found = {path.name for path in done.folder.iterdir()}
    assert found == {*expected, "rapamycin.nc", "mine.txt"}
    for name in names:
        assert imread(done.folder / f"{name}.png").ndim == 3
        assert "</svg>" in (done.folder / f"{name}.svg").read_text(encoding="utf-8")
        assert len(pd.read_csv(done.folder / f"{name}.csv")) > 10


def test_the_folder_is_named_and_what_was_in_it_stays(done: Done) -> None:
    assert done.err == f"Figures and tables are in '{done.folder}'.\n"
    assert (done.folder / "mine.txt").read_text(encoding="utf-8") == "kept"


def test_all_numbers_are_in_one_file(done: Done) -> None:
    with xr.open_dataset(done.folder / "rapamycin.nc") as data:
        assert set(data.data_vars) == set(question.OBSERVABLES)
        assert data.dose.attrs["units"] == "nM"
        assert list(data.cell.to_numpy().astype(str)) == list(question.CELLS)
        drawn = pd.read_csv(done.folder / "pools.csv")
        at = data.sel(cell="reference", bath="finite", dose=20.0)
        assert drawn["mTORC2"].to_numpy() == pytest.approx(at.MTORC2.to_numpy(), rel=1e-5)


WRONG: list[tuple[list[str], int, str]] = [
    (["nothing"], 2, "There is no model called 'nothing'"),
    (["{folder}"], 2, "is a folder"),
    (["{folder}/none.bngl"], 2, "There is no file"),
    (["{folder}/none.xml"], 2, "There is no file"),
    (["{folder}/broken.bngl"], 1, "broken.bngl:"),
    (["{folder}/binding.bngl"], 2, "is no model of rapamycin: Model 'binding' has no observable"),
    (
        ["{folder}/named.bngl"],
        2,
        "no model of rapamycin: Model 'named' does not say in which unit",
    ),
    (["rapamycin", "extra"], 2, "extra"),
    (["rapamycin", "--engine", "scipy"], 2, "'--engine'"),
    (["rapamycin", "--output", "{folder}/binding.bngl"], 2, "is a file; name a folder"),
    (["rapamycin", "--output", "{folder}/binding.bngl/new"], 2, "is not a folder"),
    (["rapamycin", "--output", "/proc/new"], 2, "cannot write '/proc/new'"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of models of which none holds both complexes and the drug."""
    seen = "\n".join(f"  Molecules {name} A(b)" for name in question.OBSERVABLES)
    text = (
        "begin parameters\n  k 1\nend parameters\n"
        "begin molecule types\n  A(b)\nend molecule types\n"
        "begin seed species\n  A(b) 10\nend seed species\n"
        "begin observables\n  Molecules A_all A()\nend observables\n"
        "begin reaction rules\n  decay: A() -> 0 k\nend reaction rules\n"
    )
    (tmp_path / "binding.bngl").write_text(text)
    (tmp_path / "named.bngl").write_text(text.replace("  Molecules A_all A()", seen))
    (tmp_path / "broken.bngl").write_text(text.replace("A() -> 0", "C() -> 0"))
    return tmp_path


@pytest.mark.parametrize(("words", "status", "said"), WRONG, ids=[" ".join(w[0]) for w in WRONG])
def test_a_mistake_gets_one_message(
    capsys: pytest.CaptureFixture[str], folder: Path, words: list[str], status: int, said: str
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    found, out, err = call(capsys, *(word.format(folder=folder) for word in words))
    assert said in err
    assert found == status
    assert out == ""
    assert err.startswith("mtorules analyse")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_folder_that_cannot_be_made_any_more(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parent goes away while the study runs."""
    parent = folder / "parent"
    parent.mkdir()
    study = question.study

    def run(*arguments: Any, **named: Any) -> Any:
        design = question.Design(doses=(1.0, 20.0), times=("1 h", "4 h", "24 h", "72 h"))
        done = study(arguments[0], design, **named)
        shutil.rmtree(parent)
        parent.touch()
        return done

    monkeypatch.setattr(question, "study", run)
    status, _, err = call(capsys, "rapamycin", "--output", parent / "new")
    assert status == 1
    assert err.startswith("mtorules analyse")
    assert "Not a directory" in err
    assert err.count("\n") == 1
