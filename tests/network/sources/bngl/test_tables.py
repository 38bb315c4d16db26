"""Tables of time, of observables and of parameters, by NumPy and by closed forms."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.network.bionetgen.bng2 import GenerationError
from mtorules.network.mathematics import expressions
from mtorules.network.network import Network
from mtorules.network.sources import bngl

TEXT = """begin model
begin parameters
  dose 1.5
  scale 10
end parameters
begin molecule types
  X()
end molecule types
begin seed species
  X() 0
end seed species
begin observables
  Molecules Xtot X()
end observables
begin functions
  f() = TABLE
end functions
begin reaction rules
  0 -> X() f()
end reaction rules
end model
"""
X, Y = [-2.0, 0.5, 1.0, 3e1], [5.0, -1.0, 2.5, 0.25]
LISTS = "[-2,.5,1, 3e1 ],[5, -1,2.5,0.25]"
PLACES = [-9.0, -2.0, -1.0, 0.5, 0.7, 1.0, 12.3, 29.9, 30.0, 99.0]


def network(table: str, folder: Path | None = None) -> Network:
    return generate.from_bngl(TEXT.replace("TABLE", table), "table", folder=folder)


def at(found: Network, place: float) -> float:
    (function,) = (f for f in found.functions if f.name == "f")
    scope = {p.name: p.value for p in found.parameters} | {"Xtot": place}
    return expressions.parse(function.expression).evaluate(scope, time=place)


def linear(place: float) -> float:
    return float(np.interp(place, X, Y))


def stepped(place: float) -> float:
    return Y[max(int(np.searchsorted(X, place, side="right")) - 1, 0)]


@pytest.mark.parametrize("index", ["time", "time()", "t", "Xtot"])
def test_a_table_is_interpolated(index: str) -> None:
    lines, steps = (network(f"tfun({LISTS},{index}{m})") for m in ("", ', method=>"step"'))
    for place in PLACES:
        assert at(lines, place) == pytest.approx(linear(place))
        assert at(steps, place) == stepped(place)


def test_a_table_may_stand_inside_a_formula() -> None:
    found = network(f"(tfun({LISTS}, time) + 5)/scale + tfun({LISTS},dose,method=>'step')")
    for place in PLACES:
        assert at(found, place) == pytest.approx((linear(place) + 5) / 10 + 2.5)


def test_a_table_may_lie_beside_the_model(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = "".join(f"{x}  {y}\n" for x, y in zip(X, Y, strict=True))
    (tmp_path / "data" / "a.tfun").write_text(f"# time f\n\n{rows}")
    calls = ["tfun('data/a.tfun')", 'tfun("data/a.tfun",time)', "TFUN(time,'data/a.tfun')"]
    for call in calls:
        found = network(call, tmp_path)
        assert [at(found, p) for p in PLACES] == pytest.approx(list(map(linear, PLACES)))
        # What the network keeps of its text needs no file.
        again = generate.from_bngl(found.bngl, "again")
        assert at(again, 0.7) == pytest.approx(linear(0.7))


def test_a_file_names_its_tables_from_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "m.bngl").write_text(TEXT.replace("TABLE", "tfun('a.tfun',time)"))
    (tmp_path / "a.tfun").write_text("0 1\n1 3\n")
    assert at(generate.network(tmp_path / "m.bngl"), 0.5) == 2


def test_a_long_table_is_not_deep() -> None:
    """BNG2.pl stops at a depth of 500."""
    xs = np.arange(1000.0)
    lists = (",".join(map(repr, numbers.tolist())) for numbers in (xs, np.sin(xs)))
    found = network("tfun([{}],[{}],time)".format(*lists))
    for place in (0.25, 499.5, 998.75, 2000.0):
        assert at(found, place) == pytest.approx(float(np.interp(place, xs, np.sin(xs))))


@pytest.mark.parametrize(
    ("table", "course"),
    [
        # dX/dt = t up to 4, and 4 from there on
        ("tfun([0,1,2,3,4],[0,1,2,3,4],time)", lambda t: t**2 / 2 if t < 4 else 4 * t - 8),
        (
            'tfun([0,1,2,3],[1,2,3,4],time,method=>"step")',
            lambda t: np.interp(t, [0, 1, 2, 3, 6], [0, 1, 3, 6, 18]),
        ),
        # dX/dt = 1 + X/2 up to X = 10
        ("tfun([0,10],[1,6],Xtot)", lambda t: 2 * (np.exp(t / 2) - 1) if t < 3.5 else np.nan),
    ],
)
def test_the_course_in_sbml_is_the_integral(
    table: str,
    course: Callable[[float], float],
    courses: Callable[[str, np.ndarray, Sequence[str]], Mapping[str, np.ndarray]],
    findings: Callable[[str], list[str]],
) -> None:
    document = writer.document(network(table))
    assert findings(document.text) == []
    times = np.linspace(0, 6, 13)
    expected = np.array([course(t) for t in times])
    wanted = np.isfinite(expected)
    ids = document.report.symbols
    assert ids is not None
    found = courses(document.text, times, [ids["Xtot"]])[ids["Xtot"]]
    assert found[wanted] == pytest.approx(expected[wanted], rel=1e-6)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("tfun([0],[1],time)", "two points or more"),
        ("tfun([0,1,1],[1,2,3],time)", "must rise, but 1 follows 1"),
        ("tfun([0,1],[1,2,3],time)", "2 places but 3 values"),
        ("tfun([0,1],[1,2],time,method=>'cubic')", "'linear' or 'step'"),
        ("tfun([0,a],[1,2],time)", "A number was expected"),
        ("tfun([0,1e999],[1,2],time)", "too large"),
        ("tfun([0,1],[1,2],2*Xtot)", "What the table depends on"),
        ("tfun([0,1],[1,2],time", "')' was expected"),
        ("tfun([0,1],[1,2],nobody)", "nobody"),
        ("tfun('none.tfun',time)", "no file 'none.tfun' beside the model"),
        ("tfun('../out.tfun',time)", "outside the folder"),
        ("tfun('/etc/hostname',time)", "outside the folder"),
        ("tfun('link.tfun',time)", "outside the folder"),
        ("tfun('bad.tfun',time)", "line 2 of the table 'bad.tfun' is not two numbers"),
        ("tfun('large.tfun',time)", "more than 200,000 bytes"),
        ("tfun('a\0b',time)", "cannot be read"),
        ("tfun('.',time)", "no file '.'"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_line(
    table: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "out.tfun").write_text("0 1\n1 2\n")
    (folder / "link.tfun").symlink_to(tmp_path / "out.tfun")
    (folder / "bad.tfun").write_text("0 1\n1 two\n")
    (folder / "large.tfun").write_text("#" * 300_000)
    with pytest.raises(GenerationError) as caught:
        network(table, folder)
    assert said in str(caught.value)
    if table != "tfun([0,1],[1,2],nobody)":
        assert caught.value.line == 16


def test_a_text_without_a_folder_names_no_files() -> None:
    with pytest.raises(bngl.BnglError, match="this text has no folder"):
        bngl.read("begin functions\nf() tfun('a.tfun')\nend functions\n")
