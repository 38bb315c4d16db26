"""``mtorules simulate``: every good path, and one clear message for each mistake."""

import csv
import gzip
import io
import json
import math
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import antimony
import click
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.image import imread
from mtorules.cli import main as cli
from mtorules.cli.commands.simulate import ENGINES, command
from mtorules.models import catalogue

Call = Callable[..., Any]
Curves = dict[str, dict[float, float]]

DECAY = """
    model decay
    unit substance = 1e-21 mole; unit volume = 1e-12 litre; unit time_unit = second;
    compartment cell = 2; cell has volume;
    substanceOnly species A in cell; A = 20; base = 0.05; k = 2*base; A_seen := A;
    J: A => ; k*A;
    end
"""


def curves(text: str) -> Curves:
    """Read the tidy table: value by observable and time."""
    found: Curves = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["observable"], {})[float(row["time"])] = float(row["value"])
    return found


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    """Return an SBML file: A decays at 0.1/s from 10 nM in a cell of 2 pL."""
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(DECAY) >= 0, antimony.getLastError()
    path = tmp_path / "decay.xml"
    path.write_text(antimony.getSBMLString("decay"))
    return path


# -- what comes out --------------------------------------------------------------------------------


def test_the_course_is_printed_as_csv(mtorules: Call, decay: Path) -> None:
    done = mtorules("simulate", decay, "--until", "20 s", "--points", 4)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == "time,observable,value,unit"
    assert done.out.splitlines()[1] == "0.0,A_seen,10.0,nM"
    (seen,) = curves(done.out).values()
    assert list(seen) == [0.0, 5.0, 10.0, 15.0, 20.0]
    expected = [10 * math.exp(-0.1 * time) for time in seen]
    assert list(seen.values()) == pytest.approx(expected, rel=1e-6)


def test_a_day_in_two_hundred_steps_unless_told_otherwise(mtorules: Call, in_python: Path) -> None:
    (seen,) = curves(mtorules("simulate", in_python).out).values()
    assert len(seen) == 201
    assert max(seen) == 86400.0


def test_a_bngl_file_comes_to_the_equilibrium_of_the_quadratic(
    mtorules: Call, binding: Path
) -> None:
    """100 and 50 molecules and as much on as off: the complex solves a quadratic."""
    seen = curves(mtorules("simulate", binding, "--times", "0 s, 1 h, inf", "-q").out)
    bound = (151 - math.sqrt(151**2 - 4 * 100 * 50)) / 2
    assert seen["AB"][math.inf] == pytest.approx(bound, rel=1e-9)
    assert seen["AB"][3600.0] == pytest.approx(bound, rel=1e-6)
    assert seen["A_free"][math.inf] == pytest.approx(100 - bound, rel=1e-9)
    assert seen["AB"][0.0] == 0.0


@pytest.mark.parametrize("times", ["0, 10, 20 s", "0..20 s lin 3", "20 s, 0 s, 10 s"])
def test_times_are_written_as_those_of_scans_are(mtorules: Call, decay: Path, times: str) -> None:
    seen = curves(mtorules("simulate", decay, "--times", times).out)
    assert list(seen["A_seen"]) == [0.0, 10.0, 20.0]


def test_everything_that_can_be_done_to_a_model(mtorules: Call, decay: Path) -> None:
    done = mtorules(
        *("simulate", decay, "--times", "0 s, 10 s, 20 s, 25 s", "--set", "base=0.1 @ 20 s"),
        *("--set", "A=5 nM", "--dose", "A=20 nM @ 10 s", "--washout", "A=75 % @ 20 s"),
        *("--dose", "A=1 nM"),
    )
    assert done.status == 0
    at_ten = 6 * math.exp(-1) + 20
    at_twenty = at_ten * math.exp(-1) / 4
    expected = [6.0, at_ten, at_twenty, at_twenty * math.exp(-1)]
    assert list(curves(done.out)["A_seen"].values()) == pytest.approx(expected, rel=1e-6)


def test_what_is_recorded_can_be_chosen(mtorules: Call, decay: Path) -> None:
    chosen = ["--observable", "k", "--observable", "A@cell"]
    seen = curves(mtorules("simulate", decay, "--times", "0 s", *chosen).out)
    assert seen == {"k": {0.0: 0.1}, "A@cell": {0.0: 10.0}}


def test_cells_at_rest_in_a_condition_then_in_the_drug(mtorules: Call) -> None:
    """Only mTOR that is not in mTORC2 is within reach; FKBP12 has a part in it."""
    line = ["simulate", "rapamycin", "--pre-equilibrate", "--times", "0 s, 24 h"]
    dose = ["--dose", "RAPA_medium=20 nM"]
    usual = mtorules(*line, *dose)
    assert usual.status == 0
    assert usual.err.startswith("At rest no amount changes by more than ")
    null = mtorules(*line, *dose, "--condition", "FKBP1A_null", "--quiet")
    assert null.err == ""
    with_, without = curves(usual.out), curves(null.out)
    assert with_["RAPA_medium"][0.0] == without["RAPA_medium"][0.0] == pytest.approx(20.0)
    assert with_["MTORC1_intact"][86400.0] < 0.2 * with_["MTORC1_intact"][0.0]
    assert without["MTORC1_intact"][86400.0] > 0.95 * without["MTORC1_intact"][0.0]
    assert without["FKBP1A_total"][86400.0] < 1e-9


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_gives_the_same_course(mtorules: Call, binding: Path, engine: str) -> None:
    line = ["simulate", binding, "--until", "30 s", "--points", 6, "--tolerance", 1e-10]
    (free, bound) = curves(mtorules(*line, "--engine", engine).out).values()
    # A + B <-> AB with both constants 1e-3: the logistic between the roots of the quadratic.
    low, high = ((151 + sign * math.sqrt(151**2 - 20000)) / 2 for sign in (-1, 1))
    for time, value in bound.items():
        fall = math.exp(-1e-3 * (high - low) * time)
        assert value == pytest.approx(low * high * (1 - fall) / (high - low * fall), rel=1e-6)
        assert free[time] == pytest.approx(100 - value, rel=1e-7)


def test_molecules_one_by_one(mtorules: Call, binding: Path) -> None:
    line = ["simulate", binding, "--until", "1 h", "--points", 60, "--method", "ssa"]
    first, again, other = (mtorules(*line, "--seed", seed).out for seed in (1, 1, 2))
    assert first == again != other
    (free, bound) = curves(first).values()
    assert all(value.is_integer() for value in (*free.values(), *bound.values()))
    assert all(free[time] + bound[time] == 100 for time in free)
    late = [value for time, value in bound.items() if time > 600]
    assert np.mean(late) == pytest.approx(49.04, abs=1.0)  # where the quadratic has its root


def test_a_tighter_tolerance_is_nearer_the_truth(mtorules: Call, decay: Path) -> None:
    line = ["simulate", decay, "--times", "60 s", "--tolerance"]
    truth = 10 * math.exp(-6)
    errors = [
        abs(curves(mtorules(*line, tolerance).out)["A_seen"][60.0] - truth)
        for tolerance in (1e-3, 1e-11)
    ]
    assert errors[1] < 1e-8 < errors[0]


# -- what names a model ----------------------------------------------------------------------------


def test_an_sbml_file_may_be_packed(mtorules: Call, decay: Path) -> None:
    packed = decay.with_name("decay.xml.gz")
    packed.write_bytes(gzip.compress(decay.read_bytes()))
    line = ["--times", "0 s, 10 s"]
    assert mtorules("simulate", packed, *line).out == mtorules("simulate", decay, *line).out


def test_our_own_sbml_simulates_as_the_model_does(
    mtorules: Call, binding: Path, tmp_path: Path
) -> None:
    assert mtorules("export", binding, "--output", tmp_path / "b.xml").status == 0
    line = ["--until", "30 s", "--points", 3]
    assert (
        mtorules("simulate", tmp_path / "b.xml", *line).out
        == mtorules("simulate", binding, *line).out
    )


def test_what_a_model_file_prints_is_no_result(mtorules: Call, in_python: Path) -> None:
    in_python.write_text(
        in_python.read_text(encoding="utf-8") + "\nprint('made by hand')\n", encoding="utf-8"
    )
    done = mtorules("simulate", in_python, "--times", "0 s")
    assert done.out.splitlines() == ["time,observable,value,unit", "0.0,A_left,100.0,item"]
    assert "made by hand" in done.err


# -- files -----------------------------------------------------------------------------------------


def test_the_file_is_what_standard_output_shows(
    mtorules: Call, decay: Path, tmp_path: Path
) -> None:
    line = ["simulate", decay, "--until", "10 s", "--points", 2]
    printed = mtorules(*line).out
    done = mtorules(*line, "--output", tmp_path / "course.csv")
    assert (tmp_path / "course.csv").read_text(encoding="utf-8") == printed
    last = 10 * math.exp(-1)
    assert done.out == f"At 10 s:\nA_seen  {last:.6g}  nM\n"
    quiet = mtorules(*line, "--output", tmp_path / "course.csv", "--quiet")
    assert (quiet.status, quiet.out, quiet.err) == (0, "", "")


def test_netcdf_holds_the_same_with_units(mtorules: Call, decay: Path, tmp_path: Path) -> None:
    line = ["simulate", decay, "--until", "10 s", "--points", 2]
    assert mtorules(*line, "-o", tmp_path / "course.nc").status == 0
    printed = curves(mtorules(*line).out)["A_seen"]
    with xr.open_dataset(tmp_path / "course.nc", decode_times=False) as data:
        assert data.A_seen.attrs["units"] == "nM"
        assert data.time.attrs["units"] == "s"
        held = dict(zip(data.time.to_numpy(), data.A_seen.to_numpy(), strict=True))
    assert held == printed


def test_a_picture_is_drawn(mtorules: Call, decay: Path, tmp_path: Path) -> None:
    line = ["simulate", decay, "--until", "1 h", "--points", 5, "--dose", "A=5 nM @ 30 min"]
    for name in ("a.svg", "b.svg", "a.png"):
        assert mtorules(*line, "--plot", tmp_path / name).status == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert ">A_seen<" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert imread(tmp_path / "a.png").ndim == 3


def test_json_for_programs(mtorules: Call, decay: Path) -> None:
    line = ["--pre-equilibrate", "--dose", "A=3 nM @ 10 s", "--times", "10 s, 20 s, inf"]
    done = mtorules("simulate", decay, *line, "--json")
    told = json.loads(done.out)
    assert told["time"] == {"unit": "s", "values": [10.0, 20.0, None]}
    assert told["observables"]["A_seen"]["units"] == "nM"
    values = told["observables"]["A_seen"]["values"]
    assert values == pytest.approx([3.0, 3 * math.exp(-1), 0.0], rel=1e-6, abs=1e-9)
    assert told["experiment"]["periods"][0]["start"] == "-inf"
    assert told["experiment"]["periods"][2]["doses"] == [{"species": "A", "nM": 3.0}]
    assert told["experiment"]["times"] == [10.0, 20.0, "inf"]
    assert told["attributes"]["model"] == "decay"
    assert told["attributes"]["rest"]["polished"] is True
    assert done.err.startswith("At rest ")


# -- mistakes --------------------------------------------------------------------------------------

WRONG: list[tuple[str, int, str]] = [
    ("{decay} --wide --json", 2, "--json has a form of its own"),
    ("{decay} --long --output x.nc", 2, "netCDF has a form of its own"),
    ("{decay} --table --output x.csv", 2, "a file is written with --long or --wide"),
    ("complexes --drug everolimu='1 nM'", 2, "no compound called 'everolimu'. Did you mean 'ever"),
    ("complexes --drug everolimus", 2, "write 'everolimus=20 nM', as cells are usually treated"),
    ("complexes --drug Torin1='1 nM'", 2, "'signalling' can"),
    ("complexes --condition bicalutamide", 2, "which no model holds"),
    ("", 2, "Missing argument 'MODEL'"),
    ("nothing", 2, "There is no model called 'nothing'"),
    ("rapamicin", 2, "Did you mean 'rapamycin'?"),
    ("{folder}", 2, "is a folder"),
    ("{folder}/bindin.bngl", 2, "Did you mean"),
    ("{folder}/none.py", 2, "There is no file"),
    ("{folder}/dekay.xml", 2, "decay.xml'?"),
    ("{folder}/folder.xml", 2, "is a folder; an SBML file is expected"),
    ("{folder}/broken.bngl", 1, "broken.bngl:"),
    ("{folder}/syntax.py", 2, "syntax.py:1"),
    ("{folder}/empty.py", 2, "no PySB model"),
    ("{folder}/cut.xml", 1, "is cut short"),
    ("{folder}/page.xml", 1, "its root is <html>, not <sbml>"),
    ("{folder}/valueless.xml", 1, "'k' has no finite start value"),
    ("{folder}/mute.xml", 2, "Nothing in model 'mute' varies"),
    ("{decay} --units uM", 2, "'--units': 'uM' is not one of 'own', 'nM'"),
    ("{binding} extra", 2, "extra"),
    ("{decay} --until 24", 2, "'--until': '24' has no unit. Write it like '90 s', '15 min'"),
    ("{decay} --until '5 nM'", 2, "'--until': '5 nM' is a concentration, not a time"),
    ("{decay} --until '0 s'", 2, "'--until': nothing happens in 0 s"),
    ("{decay} --until=-1h", 2, "'-1h' is negative"),
    ("{decay} --points 0", 2, "'--points': 0 is not in the range"),
    ("{decay} --points many", 2, "'--points'"),
    ("{decay} --times '1 h, x'", 2, "'--times': The output times cannot be read: 'x' is not a num"),
    ("{decay} --times '1 h, 5'", 2, "'5' has no unit"),
    ("{decay} --times '1 h, 60 min'", 2, "lists 3600 twice"),
    ("{decay} --times '1..2 h'", 2, "needs a number of output times, as in '1..2 h lin 25'"),
    ("{decay} --times 'inf, 1 h'", 2, "'inf', the steady state, does not stand last"),
    ("{decay} --times ''", 2, "'--times'"),
    ("{decay} --times inf --plot {folder}/a.svg", 2, "none of --times is finite"),
    ("{decay} --dose A", 2, "says no concentration; write 'NAME=10 nM'"),
    ("{decay} --dose A=10", 2, "is 10 without a unit; write it like '10 nM'"),
    ("{decay} --dose 'A=1 ng/ml'", 2, "measures mass"),
    ("{decay} --dose 'B=1 nM'", 2, "has no species 'B'"),
    ("{decay} --dose 'k=1 nM'", 2, "'k' is a parameter of model 'decay'"),
    ("{decay} --dose 'A=1 nM @ noon'", 2, "The time of 'A=1 nM @ noon' cannot be read"),
    ("{binding} --dose 'A=1 nM'", 2, "give the plain number that is added, as in '10'"),
    ("{decay} --washout A", 2, "does not say when; add '@ 24 h'"),
    ("{decay} --washout 'A=2 @ 1 h'", 2, "not a share between 0 and 1"),
    ("{decay} --set k", 2, "sets no value"),
    ("{decay} --set kk=3", 2, "no parameter or species 'kk'. Did you mean 'k'?"),
    ("{decay} --set A=-3", 2, "it is negative"),
    ("{decay} --set 'A=3 h'", 2, "is a time, not a concentration"),
    ("{decay} --set A_seen=3", 2, "'A_seen' is computed from others"),
    ("{decay} --set k=1 --set k=2", 2, "both set 'k'"),
    ("{decay} --set k=nan", 2, "'nan' is not a finite number"),
    ("{decay} --set k=inf", 2, "'inf' is not a finite number"),
    ("{decay} --set k=-100 --times '1 d'", 1, "Check the rate constants"),
    ("{decay} --condition FKBP1A_nul", 2, "Did you mean 'FKBP1A_null'"),
    ("{decay} --condition FKBP1A_null", 2, "no parameter or species 'FKBP1A_0'"),
    ("{decay} --observable A_sen", 2, "Did you mean 'A_seen'?"),
    ("{decay} --engine roadruner", 2, "'--engine'"),
    ("{decay} --engine scipy", 2, "roadrunner"),
    ("{decay} --method nfsim", 2, "'--method'"),
    ("{binding} --method ssa --engine scipy", 2, "cannot do 'ssa'; it can ode"),
    ("{binding} --method ssa --pre-equilibrate", 2, "never come to rest"),
    ("{binding} --method ssa --times '1 s, inf'", 2, "has no steady state"),
    ("{decay} --seed -1", 2, "'--seed'"),
    ("{decay} --seed x", 2, "'--seed'"),
    ("{decay} --tolerance 0", 2, "'--tolerance'"),
    ("{decay} --tolerance 2", 2, "'--tolerance'"),
    ("{decay} --tolerance 1e-17 --times '0 s, 1 h'", 1, "more digits than a number has"),
    ("{folder}/drift.xml --pre-equilibrate", 1, "no steady state that it comes to: 'A' grows"),
    ("{decay} --output {folder}", 2, "is a folder; name a file"),
    ("{decay} --output {folder}/a.txt", 2, ".csv or .nc"),
    ("{decay} --output {folder}/missing/a.csv", 2, "there is no folder"),
    ("{decay} --output {binding}/a.csv", 2, "is not a folder"),
    ("{decay} --output /proc/a.csv", 2, "cannot write '/proc/a.csv'"),
    ("{decay} --plot {folder}/a.gif", 2, ".svg or .png"),
    ("{decay} --plot {folder}/missing/a.svg", 2, "there is no folder"),
    ("{decay} --plot /proc/a.svg", 2, "cannot write '/proc/a.svg'"),
]


@pytest.fixture
def folder(binding: Path, decay: Path) -> Path:
    """Return a folder of models that cannot be used, beside two that can."""
    folder = binding.parent
    (folder / "syntax.py").write_text("Model(\n")
    (folder / "empty.py").write_text("x = 1\n")
    text = binding.read_text(encoding="utf-8")
    (folder / "broken.bngl").write_text(text.replace("A(b) + B(a) <->", "A(b) + C(a) <->"))
    sbml = decay.read_text(encoding="utf-8")
    (folder / "folder.xml").mkdir()
    (folder / "cut.xml").write_text(sbml[: len(sbml) // 2])
    (folder / "page.xml").write_text("<html></html>")
    antimony.clearPreviousLoads()
    for name, body in (
        ("valueless", "species A; A = 1; var k; seen := A; J: A => ; k*A;"),
        ("mute", "k = 1;"),
        ("drift", "species A; A = 1; seen := A; J: => A; 1;"),
    ):
        assert antimony.loadAntimonyString(f"model {name}\n{body}\nend") >= 0
        (folder / f"{name}.xml").write_text(antimony.getSBMLString(name))
    return folder


@pytest.mark.parametrize(("line", "status", "said"), WRONG, ids=[line for line, *_ in WRONG])
def test_a_mistake_gets_one_message(
    mtorules: Call, binding: Path, decay: Path, folder: Path, line: str, status: int, said: str
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    words = shlex.split(line.format(binding=binding, decay=decay, folder=folder))
    done = mtorules("simulate", *words)
    assert said in done.err
    assert done.status == status
    assert done.out == ""
    assert done.err.startswith("mtorules simulate: ")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert sorted(path.name for path in folder.iterdir()) == before


def test_every_option_has_its_mistake_in_the_table() -> None:
    tried = {word.partition("=")[0] for line, *_ in WRONG for word in shlex.split(line)}
    options = {
        max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.is_flag
    }
    assert options <= tried


def test_the_engines_offered_exist() -> None:
    from mtorules.simulation import engines

    assert [engines.engine_named(name).name for name in ENGINES] == list(ENGINES)
    assert "simulate" in cli.MODULES


# What the engines, the pictures, the tables and the making of models need, and a course does not.
SPARED = (
    "bngsim",
    "dask",
    "libsbml",
    "matplotlib",
    "networkx",
    "pandas",
    "pysb",
    "sympy",
    "xarray",
    "zarr",
)


@pytest.mark.parametrize(
    "done",
    [
        ("--dose", "RAPA_medium=10 nM"),
        ("--drug", "everolimus=10 nM"),
        ("--condition", "temsirolimus @ 30 min"),
    ],
)
def test_a_model_that_is_kept_starts_without_what_made_it(
    mtorules: Call, done: tuple[str, str]
) -> None:
    words = ["simulate", "rapamycin", "--until", "1 h", *done]
    first = mtorules(*words)  # from here on it is kept
    program = f"""
import sys
from mtorules.cli.main import main
status = main({words!r})
print(sorted(set(sys.modules) & set({SPARED!r})), file=sys.stderr)
sys.exit(status)
"""
    again = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert again.stdout == first.out
    assert again.stderr.splitlines()[-1] == "[]"


# -- drugs -----------------------------------------------------------------------------------------


def test_a_drug_gives_the_numbers_of_its_condition_and_its_dose(mtorules: Call) -> None:
    asked = ("simulate", "complexes", "--times", "1 h, 6 h", "--observable", "MTORC1_RAPA")
    short = mtorules(*asked, "--drug", "everolimus=20 nM @ 1 h")
    long = mtorules(*asked, "--condition", "everolimus", "--dose", "RAPA_medium=20 nM @ 1 h")
    assert (short.status, short.err) == (0, "")
    assert short.out == long.out
    other = mtorules(*asked, "--dose", "RAPA_medium=20 nM @ 1 h")
    assert curves(other.out)["MTORC1_RAPA"][21600.0] != curves(short.out)["MTORC1_RAPA"][21600.0]


def test_a_compound_without_a_dose_is_remarked(mtorules: Call) -> None:
    asked = ("simulate", "complexes", "--times", "1 h", "--condition", "everolimus")
    assert mtorules(*asked).err == (
        "everolimus is set but nothing of it is added; --drug 'everolimus=20 nM' does both.\n"
    )
    assert mtorules(*asked, "--quiet").err == ""
    assert mtorules(*asked, "--dose", "RAPA_medium=1 nM").err == ""


# -- at a glance -----------------------------------------------------------------------------------


def on_terminal(*words: str | Path) -> str:
    """Run the program with a terminal as standard output; return what it printed there."""
    ours, theirs = pty.openpty()
    line = [sys.executable, "-c", PROGRAM, *map(str, words)]
    process = subprocess.Popen(line, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # the end of a terminal
        while part := os.read(ours, 4096):
            seen += part
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return seen.decode().replace("\r\n", "\n")


PROGRAM = "import sys; from mtorules.cli.main import main; sys.exit(main())"


def test_a_terminal_sees_a_short_table_and_a_pipe_every_number(mtorules: Call) -> None:
    asked = ("simulate", "complexes", "--until", "24 h")
    seen = on_terminal(*asked).splitlines()
    assert seen[0].split() == ["0", "s", "6", "h", "12", "h", "18", "h", "24", "h", "unit"]
    assert [line.split()[0] for line in seen[1:]] == list(catalogue.entry("complexes").readouts)
    piped = mtorules(*asked)
    assert len(piped.out.splitlines()) == 1 + 26 * 201
    table = mtorules(*asked, "--table")
    assert table.out.splitlines() == seen
    assert table.err.startswith("These are 12 of 26 readouts at 5 of 201 times; --output")
    assert on_terminal(*asked, "--wide").count("\n") == 202


def test_wide_has_a_column_for_each_readout(mtorules: Call, tmp_path: Path) -> None:
    asked = ("simulate", "complexes", "--times", "0 s, 1 h, inf")
    wide = pd.read_csv(io.StringIO(mtorules(*asked, "--wide", "--quiet").out), index_col="time")
    long = curves(mtorules(*asked, "--long", "--quiet").out)
    assert wide.shape == (3, 26)
    assert {name: column.to_dict() for name, column in wide.items()} == long
    file = tmp_path / "wide.csv"
    assert mtorules(*asked, "--wide", "--output", file).status == 0
    pd.testing.assert_frame_equal(pd.read_csv(file, index_col="time"), wide)


def test_a_model_of_others_shows_what_changes_most(mtorules: Call, tmp_path: Path) -> None:
    rows = "\n".join(f"  Molecules m{n} A()" if n != 40 else "  Molecules b B()" for n in range(50))
    text = (
        "begin model\nbegin molecule types\n A()\n B()\nend molecule types\n"
        "begin seed species\n A() 1e6\n B() 5\nend seed species\n"
        f"begin observables\n{rows}\nend observables\n"
        "begin reaction rules\n B() -> 0 1\n A() -> A() + A() 1e-9\nend reaction rules\n"
        "end model\n"
    )
    (tmp_path / "many.bngl").write_text(text)
    shown = mtorules("simulate", tmp_path / "many.bngl", "--until", "10 s", "--table", "-q").out
    assert len(shown.splitlines()) == 13
    assert " b " in shown.replace("\n", " ")
