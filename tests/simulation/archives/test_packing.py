"""What we write: read by libSEDML and libCombine, run by tellurium and COPASI, and by ourselves."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import libsbml
import numpy as np
import pytest
from mtorules.export.archive import container
from mtorules.export.archive.description import ArchiveError
from mtorules.models import catalogue
from mtorules.simulation.archives import named, packing, running, unpacking
from mtorules.simulation.archives.describing import Asked
from mtorules.simulation.experiments import from_text
from mtorules.simulation.experiments.experiments import Condition, Dose, Experiment, Period
from mtorules.simulation.experiments.from_text import Words
from mtorules.simulation.load import from_sbml, load

# In an order that tellurium and COPASI could get wrong: rest, a change of a number that others
# follow from, a dose, a wash-out, and a later change.
WORDS = Words(
    drugs=["everolimus=20 nM @ 1 h"],
    washouts=["everolimus=90 % @ 4 h"],
    settings=["MTOR_0=50 nM @ 6 h"],
    conditions=["sequestration_prone"],
    equilibrated=True,
)
READOUTS = ("MTORC1", "MTORC1_intact", "MTORC1_RAPA", "MTORC2", "RAPA_medium", "RAPA_cell_free")
HOURS = [900.0 * step for step in range(49)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = "complexes"
    asked = [
        Asked(
            "eventful",
            "rest & a lot",
            from_text.experiment(WORDS, HOURS, name="eventful", model=model),
            readouts=READOUTS,
        ),
        Asked(
            "unrested",
            "dose at once",
            from_text.experiment(Words(drugs=["everolimus=20 nM"]), HOURS, model=model),
            readouts=READOUTS,
        ),
        Asked(
            "doses",
            "a series",
            from_text.experiment(
                Words(drugs=["everolimus=10 nM"], equilibrated=True), HOURS, model=model
            ),
            (0.1, 1.0, 10.0),
            READOUTS,
        ),
    ]
    path = tmp_path_factory.mktemp("share") / "ours.omex"
    packed = packing.pack(load(model), asked, model, catalogue.build(model))
    container.write(path, packed.data)
    return path


def text(archive: Path, path: str) -> str:
    with zipfile.ZipFile(archive) as file:
        return file.read(path).decode()


def numbers(table: str) -> dict[str, np.ndarray]:
    rows = list(csv.reader(io.StringIO(table)))
    return dict(zip(rows[0], np.array(rows[1:], dtype=float).T, strict=True))


def deviations(archive: Path, theirs: dict[str, np.ndarray], name: str) -> Iterator[float]:
    for label, ours in numbers(text(archive, f"results/{name}.csv")).items():
        found = theirs[label][-len(ours) :]
        yield float(np.abs(found - ours).max() / np.abs(ours).max())


def test_it_holds_what_it_promises(archive: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        names = set(file.namelist())
    assert {"model.xml", "model.bngl", "model.py", "README.md", "metadata.rdf"} < names
    assert {"experiments/eventful.sedml", "results/eventful.csv", "figures/eventful.svg"} < names
    rdf = text(archive, "metadata.rdf")
    for said in ("foaf:name", "dcterms:license", "taxonomy:9606", "isDescribedBy", "2026-"):
        assert said in rdf


def test_the_model_by_itself_is_that_of_export(archive: Path) -> None:
    assert text(archive, "model.xml") == load("complexes").sbml


def test_libsedml_finds_no_error(archive: Path, sedml_errors: Callable[[str], list[str]]) -> None:
    for name in ("eventful", "unrested", "doses"):
        assert sedml_errors(text(archive, f"experiments/{name}.sedml")) == []


def test_libsbml_finds_no_error_in_models_with_handles(
    archive: Path, findings: Callable[..., list[str]]
) -> None:
    for number in (1, 2, 3):
        found = findings(text(archive, f"experiments/model_{number}.xml"))
        assert not [line for line in found if line.startswith(("Error", "Fatal"))]


_COMBINE = """
import libcombine, sys
archive = libcombine.CombineArchive()
assert archive.initializeFromArchive(sys.argv[1])
print(archive.getMasterFile().getLocation())
print(archive.getNumEntries())
"""


def test_libcombine_reads_it(archive: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COMBINE, str(archive)], capture_output=True, text=True, check=True
    )
    master, count = done.stdout.split()
    assert master == "./experiments/eventful.sedml"
    with zipfile.ZipFile(archive) as file:
        assert int(count) == len(file.namelist()) - 1  # the manifest is no entry of itself


_TELLURIUM = """
import matplotlib; matplotlib.use("Agg")
import json, sys, tempfile, warnings
warnings.simplefilter("ignore")
import numpy as np
from tellurium.sedml.tesedml import executeCombineArchive
with tempfile.TemporaryDirectory() as folder:
    done = executeCombineArchive(sys.argv[1], workingDir=folder, createOutputs=False)
found = {}
for result in done.values():
    for key, values in result["dataGenerators"].items():
        found[key] = np.asarray(values)[:, -1].tolist()
print("\\n" + json.dumps(found))
"""


@pytest.mark.slow
def test_tellurium_gives_the_same(archive: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TELLURIUM, str(archive)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    # It runs the master alone where there is one.
    names = [name for name in ("eventful", "unrested", "doses") if f"{name}_time" in found]
    assert "eventful" in names
    for name in names:
        theirs = {
            key.removeprefix(f"{name}_").removeprefix("amount_"): np.array(values)
            for key, values in found.items()
            if key.startswith(f"{name}_")
        }
        assert max(deviations(archive, theirs, name)) < 1e-6


def test_copasi_gives_the_same(archive: Path, tmp_path: Path) -> None:
    import COPASI

    with zipfile.ZipFile(archive) as file:
        file.extractall(tmp_path)
    for name in ("eventful", "unrested"):
        data = COPASI.CRootContainer.addDatamodel()
        assert data.importSEDML(str(tmp_path / "experiments" / f"{name}.sedml"))
        task = data.getTask("Time-Course")
        assert task.process(True)
        series = task.getTimeSeries()
        titles = {
            series.getTitle(place)
            .removeprefix("Values[amount_")
            .removeprefix("Values[")[:-1]: place
            for place in range(series.getNumVariables())
        }
        count = series.getRecordedSteps()
        volumes = {"RAPA_medium": 2000.0}
        theirs = {
            label: np.array(
                [series.getConcentrationData(row, titles[label]) for row in range(count)]
            )
            / volumes.get(label, 2.0)
            for label in READOUTS
        }
        theirs["time"] = numbers(text(archive, f"results/{name}.csv"))["time"]
        assert max(deviations(archive, theirs, name)) < 1e-6
        COPASI.CRootContainer.removeDatamodel(data)


def test_it_comes_back_the_same(archive: Path) -> None:
    held = unpacking.read(archive)
    assert held.experiments[0] == "experiments/eventful.sedml"
    for path in held.experiments:
        results = running.run(held, path)
        assert results.refused == []
        (columns,) = results.reports.values()
        theirs = {label: rows[-1] for label, rows in columns.items()}
        name = path.rpartition("/")[2].removesuffix(".sedml")
        assert max(deviations(archive, theirs, name)) < 1e-6
    series = running.run(held, "experiments/doses.sedml")
    (columns,) = series.reports.values()
    assert [rows[0] for rows in columns["RAPA_medium"]] == pytest.approx([0.1, 1.0, 10.0])


def test_the_same_input_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load("rapamycin")
    asked = named.experiments("rapamycin")[:1]
    first, second = (packing.pack(loaded, asked, "rapamycin").data for _ in range(2))
    assert first == second
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    with zipfile.ZipFile(io.BytesIO(packing.pack(loaded, asked, "rapamycin").data)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2001, 9, 9)}


# A decays at .5 and is given 10 at 2, all of it in the file's own units: a closed form.
DECAY = """
    model decay
    compartment c = 4; species A in c; A = 3; k = 0.5
    J: A -> ; c * k * A
    end
"""


def test_a_dose_of_amounts_in_others_units_is_exact(
    antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    loaded = from_sbml(antimony_sbml(DECAY))
    times = [0.5 * step for step in range(13)]
    experiment = Experiment(
        "decay",
        (
            Period(0.0, [Condition("quick", {"k": 1.0})]),
            Period(2.0, doses=[Dose("A", amount=40.0)]),
        ),
        times,
    )
    path = tmp_path / "decay.omex"
    container.write(path, packing.pack(loaded, [Asked("decay", "", experiment)], "decay").data)
    (columns,) = running.run(unpacking.read(path), "experiments/decay.sedml").reports.values()
    at = np.array(times)
    exact = 3 * np.exp(-at) + np.where(at >= 2, 10 * np.exp(-np.clip(at - 2, 0, None)), 0)
    assert columns["A"][0] == pytest.approx(exact, rel=1e-7)
    assert columns["time"][0] == pytest.approx(at)


def test_a_dose_at_the_time_of_an_event_comes_before_it(
    antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    """As events of one instant, each would compute with what was before both."""
    doubled = DECAY.replace("end", "at time >= 2: A = 2*A\n    end")
    loaded = from_sbml(antimony_sbml(doubled))
    periods = (Period(0.0), Period(2.0, doses=[Dose("A", amount=40.0)]))
    asked = Asked("decay", "", Experiment("decay", periods, [0.0, 1.0, 2.0, 3.0]))
    path = tmp_path / "decay.omex"
    container.write(path, packing.pack(loaded, [asked], "decay").data)
    (columns,) = running.run(unpacking.read(path), "experiments/decay.sedml").reports.values()
    exact = 2 * (3 * np.exp(-1.0) + 10) * np.exp(-0.5)
    assert columns["A"][0][-1] == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("model", catalogue.names())
def test_every_named_experiment_makes_sense(model: str) -> None:
    asked = named.experiments(model)
    names = [each.name for each in asked]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_times_that_are_not_even_are_refused() -> None:
    experiment = from_text.experiment(Words(), [0.0, 1.0, 5.0], name="odd", model="rapamycin")
    with pytest.raises(ArchiveError, match="not equally far apart"):
        packing.pack(load("rapamycin"), [Asked("odd", "", experiment)], "rapamycin")


def test_rest_is_refused_where_time_tells(antimony_sbml: Callable[[str], str]) -> None:
    loaded = from_sbml(antimony_sbml(DECAY.replace("k = 0.5", "k := 0.5 + 0 * time")))
    experiment = from_text.experiment(Words(equilibrated=True), [0.0, 1.0], name="timed")
    with pytest.raises(ArchiveError, match="without pre-equilibration"):
        packing.pack(loaded, [Asked("timed", "", experiment)], "timed")


def test_the_rules_in_pysb_make_the_same_model(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.py"
    path.write_text(text(archive, "model.py"))
    again = libsbml.readSBMLFromString(load(path).sbml).getModel()
    model = libsbml.readSBMLFromString(load("complexes").sbml).getModel()
    assert again.getNumReactions() == model.getNumReactions()
    assert again.getNumSpecies() == model.getNumSpecies()
