import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from mtorules.cli.commands.scan import _Rate
from mtorules.cli.progress import Bar
from mtorules.simulation.scans.running import Progress

Call = Callable[..., Any]

PROGRAM = str(Path(sys.executable).with_name("mtorules"))
DOSES = ("--dose", "RAPA_medium=0, 1..100 nM log 9")
WORDS = (
    "scan",
    "complexes",
    *DOSES,
    *("--cells", "cell=reference, FKBP1A_null"),
    *("--times", "1 h, 24 h"),
    *("--observable", "MTORC1", "--observable", "MTORC1_RAPA"),
    "--pre-equilibrate",
)


def bytes_of(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a scan on two workers, and its summary beside them."""
    path = tmp_path_factory.mktemp("scan") / "s.zarr"
    words = [*WORDS, "--workers", "2", "--json", "-o", str(path)]
    words += ["--csv", str(path.with_suffix(".csv"))]
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    path.with_suffix(".json").write_text(done.stdout)
    return path


def test_points_are_what_another_engine_gives_one_by_one(
    mtorules: Call, unbroken: Path, tmp_path: Path
) -> None:
    one = tmp_path / "one.csv"
    words = ("--pre-equilibrate", "--times", "1 h, 24 h", "--dose", "RAPA_medium=10 nM")
    done = mtorules("simulate", "complexes", *words, "--condition", "FKBP1A_null", "-o", one)
    assert done.status == 0
    course = pd.read_csv(one).pivot(index="time", columns="observable", values="value")
    with xr.open_zarr(unbroken) as data:
        point = data.sel(cell="FKBP1A_null").sel(dose_RAPA_medium=10.0, method="nearest")
        assert float(point["dose_RAPA_medium"]) == pytest.approx(10.0)
        for name in ("MTORC1", "MTORC1_RAPA"):
            np.testing.assert_allclose(point[name], course[name], rtol=1e-6, atol=1e-9)
            assert data[name].attrs["units"] == "nM"
        assert float(data["MTORC1_RAPA"].max()) > 10  # nM: the drug did bind


def test_the_summary_says_what_there_is(unbroken: Path) -> None:
    told = json.loads(unbroken.with_suffix(".json").read_text(encoding="utf-8"))
    assert (told["points"], told["done"], told["failed"], told["computed"]) == (20, 20, 0, 20)
    assert told["dimensions"] == {"cell": 2, "dose_RAPA_medium": 10}
    assert told["observables"] == {"MTORC1": "nM", "MTORC1_RAPA": "nM"}
    assert told["axes"][1]["last"] == 100.0
    assert told["times"] == [3600.0, 86400.0]


def test_the_table_holds_every_number_once(unbroken: Path) -> None:
    rows = pd.read_csv(unbroken.with_suffix(".csv"))
    assert len(rows) == 20 * 2 * 2
    assert set(rows["unit"]) == {"nM"}
    keys = ["cell", "dose_RAPA_medium", "time"]
    table = rows[rows["observable"] == "MTORC1"].set_index(keys)["value"].to_xarray()
    with xr.open_zarr(unbroken) as data:
        np.testing.assert_array_equal(table.reindex_like(data["MTORC1"]), data["MTORC1"])


def test_the_same_command_again_computes_nothing(mtorules: Call, unbroken: Path) -> None:
    before = bytes_of(unbroken)
    done = mtorules(*WORDS, "-o", unbroken)
    assert done.status == 0
    assert "All of them were there already" in done.out
    assert bytes_of(unbroken) == before


def test_killed_and_started_again_it_gives_the_same_bytes(
    mtorules: Call, unbroken: Path, tmp_path: Path
) -> None:
    path = tmp_path / "s.zarr"
    with subprocess.Popen([PROGRAM, *WORDS, "--workers", "1", "-o", str(path)]) as process:
        end = time.monotonic() + 120
        # What is still being written ends in ".partial" until it is there.
        while not list(path.glob("checksums/blocks/c.*[0-9]")) and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    time.sleep(0.5)  # its lock goes with its last child
    told = json.loads(mtorules(*WORDS, "--workers", "1", "--json", "-o", path).out)
    assert 0 < told["computed"] < 20
    assert bytes_of(path) == bytes_of(unbroken)


def test_a_folder_of_another_scan_is_left_alone(mtorules: Call, unbroken: Path) -> None:
    before = bytes_of(unbroken)
    done = mtorules(*WORDS, "--tolerance", "1e-6", "-o", unbroken)
    assert done.status == 1
    assert done.err.startswith("mtorules scan: ")
    assert "holds another scan: it differs in tolerances" in done.err
    assert bytes_of(unbroken) == before


def test_points_that_fail_are_told_with_their_reason(mtorules: Call, tmp_path: Path) -> None:
    words = ("--set", "V_cell=2, 0 pL", "--observable", "MTORC1", "--workers", "1")
    done = mtorules("scan", "complexes", *words, "-o", tmp_path / "s", "--csv", tmp_path / "s.csv")
    assert done.status == 0
    assert "failed: V_cell 0: " in done.err
    with xr.open_zarr(tmp_path / "s") as data:
        assert data["status"].values.tolist() == [1, 2]
        reason = str(data["message"].values[1])
    assert reason in done.err
    rows = pd.read_csv(tmp_path / "s.csv")
    assert rows["value"].isna().tolist() == [False, True]
    assert rows["message"].tolist()[1] == reason


def test_molecules_one_by_one_differ_between_replicates(
    mtorules: Call, tmp_path: Path, binding: Path
) -> None:
    words = ("scan", binding, "--set", "A_0=50, 100", "--replicates", "30", "--times", "100 s, 2 h")
    done = mtorules(*words, "--observable", "AB", "--workers", "1", "--json", "-o", tmp_path / "s")
    assert (done.status, json.loads(done.out)["dimensions"]) == (0, {"A_0": 2, "replicate": 30})
    with xr.open_zarr(tmp_path / "s") as data:
        bound = data["AB"].isel(time=-1)
        # A + B <-> AB with kf = kr: the root of the quadratic, and its scatter by chance.
        for free in (50.0, 100.0):
            total = free + 50.0 + 1.0
            expected = (total - np.sqrt(total**2 - 4 * free * 50.0)) / 2
            found = bound.sel(A_0=free)
            error = float(found.std(ddof=1)) / np.sqrt(30)
            assert float(found.std()) > 0
            assert float(found.mean()) == pytest.approx(expected, abs=4 * error + 0.05)
        assert (data["AB"] == data["AB"].round()).all()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Nothing is varied"),
        (("--dose", "RAPA_medum=1, 2 nM"), "Did you mean 'RAPA_medium'?"),
        (("--dose", "RAPA_medium=nan, 1 nM"), "not a finite number"),
        (("--dose", "RAPA_medium=-1, 1 nM"), "is negative"),
        (("--dose", "RAPA_medium=,"), "There are no values"),
        (("--set", "MTOR_1=1, 2 nM"), "has no parameter 'MTOR_1'. Did you mean 'MTOR_0'?"),
        (("--cells", "cell=FKBP1A_nul"), "Did you mean 'FKBP1A_null'"),
        ((*DOSES, "--observable", "MTORC3"), "has no observable 'MTORC3'"),
        ((*DOSES, "--limit", "0 s"), "nothing can be computed in 0 s"),
        ((*DOSES, "--limit", "5"), "has no unit"),
        ((*DOSES, "--workers", "0"), "0 is not in the range"),
        ((*DOSES, "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), "with --scheduler"),
        ((*DOSES, "--samples", "10"), "no range is left open"),
        ((*DOSES, "--replicates", "2", "--pre-equilibrate"), "never come to rest"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage_and_writes_nothing(
    mtorules: Call, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = mtorules("scan", "complexes", *words, "-o", tmp_path / "s")
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "s").exists()


def test_an_address_that_nobody_answers_at_is_told(
    mtorules: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mtorules.simulation.scans.cluster._PATIENCE", 1.0)
    done = mtorules(*WORDS, "--scheduler", "tcp://127.0.0.1:1", "-o", tmp_path / "s")
    assert done.status == 1
    assert "Nobody answers at 'tcp://127.0.0.1:1'" in done.err
    assert done.err.count("\n") == 1


def test_the_bar_tells_how_many_and_how_fast() -> None:
    said: list[str] = []
    advanced: list[tuple[int, int]] = []

    class Told(Bar):
        def say(self, detail: str) -> None:
            said.append(detail)

        def advance(self, done: int, total: int) -> None:
            advanced.append((done, total))

    clock = iter([100.0, 100.0, 104.0])
    rate = _Rate(Told("Scanning"), lambda: next(clock))
    rate(Progress(1000, 5000, 0))
    rate(Progress(1200, 5000, 3))
    assert said == ["1,000 of 5,000 points", "1,200 of 5,000 points, 50/s, 3 failed"]
    assert advanced == [(1000, 5000), (1200, 5000)]
    assert rate.computed == 200


def test_without_bngsim_libroadrunner_stands_in(
    mtorules: Call, binding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bngsim", None)  # as where it cannot be installed
    words = ("scan", binding, "--set", "kf=1e-3, 2e-3", "--times", "1 h", "--workers", "1")
    done = mtorules(*words, "--json", "-o", tmp_path / "s.zarr")
    assert (done.status, json.loads(done.out)["engine"]) == (0, "roadrunner")
    assert done.err.count("bngsim is not installed, so roadrunner runs") == 1


def test_bngsim_asked_for_by_name_is_missed(binding: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"  # from the processes of the scan as well
    hidden.mkdir()
    (hidden / "bngsim.py").write_text(
        "raise ModuleNotFoundError(name='bngsim')\n", encoding="utf-8"
    )
    code = "import sys; from mtorules.cli.main import main; sys.exit(main())"
    words = ("scan", binding, "--set", "kf=1e-3, 2e-3", "--engine", "bngsim", "-o", tmp_path / "s")
    line = [sys.executable, "-c", code, *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(hidden)}
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, "pip install bngsim brings it" in done.stderr) == (2, True)
    assert not (tmp_path / "s").exists()


WINDOW = """\
begin model
begin parameters
  k 1
end parameters
begin molecule types
  A()
  B()
end molecule types
begin seed species
  A() 1
  B() 0
end seed species
begin observables
  Species At A()
  Species Bt B()
end observables
begin reaction rules
  fall: A() -> 0 k
  make: 0 -> B() if((At>0.18)&&(At<0.18001),1e5,0)
end reaction rules
end model
"""


def test_it_does_not_step_over_a_window_of_the_state(mtorules: Call, tmp_path: Path) -> None:
    """While A falls as exp(-k t) through the window, 1e5 / k * ln(0.18001 / 0.18) of B are made."""
    (tmp_path / "m.bngl").write_text(WINDOW)
    words = ["--set", "k=1, 2", "--times", "5 s", "--observable", "Bt", "--workers", "1"]
    done = mtorules("scan", tmp_path / "m.bngl", *words, "--output", tmp_path / "o.zarr")
    assert done.status == 0, done.err
    assert "libRoadRunner stops" in done.err
    made = xr.open_zarr(tmp_path / "o.zarr")["Bt"].values.ravel()
    whole = 1e5 * math.log(0.18001 / 0.18)
    assert made == pytest.approx([whole, whole / 2], rel=1e-5)


TAKEN = """begin model
begin parameters
  k 1e-4
end parameters
begin seed species
  A() 8
end seed species
begin observables
  Molecules status A()
  Molecules cell A()
  Molecules cell_ A()
end observables
begin reaction rules
  fall: A() -> 0 k
end reaction rules
end model
"""


def test_an_observable_called_as_results_are_is_there_under_another_name(
    mtorules: Call, tmp_path: Path
) -> None:
    (tmp_path / "m.bngl").write_text(TAKEN)
    words = ["--cells", "cell=reference", "--set", "k=1e-4, 2e-4", "--times", "1 h"]
    words += ["--observable", "status", "--observable", "cell", "--observable", "cell_"]
    words += ["--observable", "k", "--workers", "1", "--csv", tmp_path / "o.csv"]
    done = mtorules("scan", tmp_path / "m.bngl", *words, "--output", tmp_path / "o.zarr")
    assert done.status == 0, done.err
    assert "Results call something else 'cell'; the observable is 'cell__' there." in done.err
    left = 8 * np.exp([-0.36, -0.72])
    with xr.open_zarr(tmp_path / "o.zarr") as data:
        for name in ("status_", "cell__", "cell_"):
            assert data[name].values.ravel() == pytest.approx(left, rel=1e-6)
        assert data["k_"].values.ravel() == pytest.approx([1e-4, 2e-4])
        assert data["status"].values.tolist() == [[1, 1]]
        assert data["cell"].values.tolist() == ["reference"]
    table = pd.read_csv(tmp_path / "o.csv")
    assert table[table.observable == "cell"].value.tolist() == pytest.approx(left, rel=1e-6)


def test_a_parameter_called_as_results_are_is_varied(mtorules: Call, tmp_path: Path) -> None:
    (tmp_path / "m.bngl").write_text(TAKEN.replace(" k", " message").replace("cell_", "seen"))
    words = ["--set", "message=1e-4, 2e-4", "--times", "1 h", "--observable", "seen"]
    done = mtorules("scan", tmp_path / "m.bngl", *words, "--output", tmp_path / "o.zarr")
    assert done.status == 0, done.err
    with xr.open_zarr(tmp_path / "o.zarr") as data:
        assert data["message_"].values.tolist() == [1e-4, 2e-4]
        left = 8 * np.exp(-3600 * data["message_"].values)
        assert data["seen"].values.ravel() == pytest.approx(left, rel=1e-6)


def test_a_parameter_may_be_below_zero_and_a_volume_not(
    mtorules: Call, antimony_sbml: Callable[[str], str], tmp_path: Path
) -> None:
    """A charge that settles at the voltage, as with 1 - exp(-t) of the way after t."""
    text = antimony_sbml("model m; compartment c = 1; V = 2; x = 0; x' = V - x; end")
    (tmp_path / "m.xml").write_text(text)
    words = [tmp_path / "m.xml", "--times", "1 s", "--observable", "x", "--quiet"]
    done = mtorules("scan", *words, "--set", "V=-70, 2", "--output", tmp_path / "o.zarr")
    assert done.status == 0, done.err
    with xr.open_zarr(tmp_path / "o.zarr") as data:
        assert data["V"].values.tolist() == [-70, 2]
        found = data["x"].values.ravel()
        assert found == pytest.approx(np.array([-70, 2]) * (1 - math.exp(-1)), rel=1e-6)
    ranged = [*words, "--set", "V=-70..2 lin 3", "--output", tmp_path / "r.zarr"]
    assert mtorules("scan", *ranged).status == 0
    done = mtorules("scan", *words, "--set", "c=1, -1", "--output", tmp_path / "v.zarr")
    assert (done.status, "'-1' is negative" in done.err) == (2, True)
    done = mtorules(
        "analyse", "dose-response", tmp_path / "m.xml", "--readout", "x", "--set", "V=-70, 2"
    )
    assert "'V' is varied from -70, and doses are not below zero" in done.err
