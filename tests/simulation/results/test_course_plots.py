import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.lines import Line2D
from mtorules.simulation.experiments.experiments import Dose, Experiment, Period, exposure
from mtorules.simulation.results import course_plots, figures
from mtorules.simulation.simulator import Simulator

HOURS = np.array([0.0, 1.0, 2.0, 8.0])


def course(**curves: tuple[list[float], str]) -> xr.Dataset:
    return course_at(HOURS * 3600, **curves)


def course_at(times: np.ndarray, **curves: tuple[list[float], str]) -> xr.Dataset:
    return xr.Dataset(
        {name: ("time", np.array(v), {"units": unit}) for name, (v, unit) in curves.items()},
        coords={"time": ("time", times, {"units": "s"})},
        attrs={"model": "made up"},
    )


def lines(figure: object, panel: int = 0) -> dict[str, Line2D]:
    axes = figure.axes[panel]  # type: ignore[attr-defined]
    return {str(line.get_label()): line for line in axes.get_lines()}


def test_what_is_drawn_is_what_was_found_over_hours() -> None:
    simulator = Simulator("rapamycin", ["MTORC1", "MTORC2", "RAPA_total"])
    data = simulator.run(exposure(["0 s", "1 h", "24 h"], doses={"RAPA_medium": 20.0}))
    figure = course_plots.draw(data)
    assert [axes.get_ylabel() for axes in figure.axes] == ["nM", "zmol"]
    assert {name for panel in (0, 1) for name in lines(figure, panel)} == set(data.data_vars)
    for name, line in (*lines(figure, 0).items(), *lines(figure, 1).items()):
        assert np.asarray(line.get_xdata()).tolist() == [0.0, 1.0, 24.0]
        assert np.asarray(line.get_ydata()).tolist() == data[name].to_numpy().tolist()
    assert figure.axes[0].get_xlabel() == "time (h)"


def test_each_curve_looks_different() -> None:
    many = {f"curve {n}": ([0.0, 1.0 + n, 2.0, 3.0], "nM") for n in range(course_plots.MOST)}
    drawn = lines(course_plots.draw(course(**many)))
    looks = {(line.get_color(), line.get_linestyle()) for line in drawn.values()}
    assert len(drawn) == len(looks) == course_plots.MOST


def test_of_too_many_curves_those_that_change_most_are_drawn() -> None:
    many = {f"curve {n}": ([5.0, 5.0 + n, 5.0, 5.0], "nM") for n in range(course_plots.MOST + 6)}
    figure = course_plots.draw(course(**many))
    assert set(lines(figure)) == {f"curve {n}" for n in range(6, course_plots.MOST + 6)}
    assert f"{course_plots.MOST} of {course_plots.MOST + 6}" in figure.axes[0].get_title(loc="left")


def test_a_line_marks_each_period_that_begins_on_the_way() -> None:
    data = course(A=([0.0, 1.0, 2.0, 3.0], "nM"))
    starts = [Period(0.0), Period("2 h", doses=[Dose("A", 1.0)]), Period("9 h")]
    experiment = Experiment("e", starts, [0.0, "1 h", "2 h", "8 h", "10 h"])
    marks = [
        line for label, line in lines(course_plots.draw(data, experiment)).items() if label != "A"
    ]
    assert [list(map(float, np.asarray(line.get_xdata()))) for line in marks] == [[2.0, 2.0]]


def test_the_axis_begins_at_zero_unless_something_is_negative() -> None:
    figure = course_plots.draw(
        course(A=([5.0, 6.0, 7.0, 8.0], "nM"), B=([-1.0, 0.0, 1.0, 2.0], "mV"))
    )
    assert figure.axes[0].get_ylim()[0] == 0.0
    assert figure.axes[1].get_ylim()[0] < -1.0


def test_the_final_rest_has_no_place_on_the_axis() -> None:
    times = np.array([0.0, 3600.0, math.inf])
    drawn = lines(course_plots.draw(course_at(times, A=([1.0, 2.0, 3.0], ""))))
    assert np.asarray(drawn["A"].get_xdata()).tolist() == [0.0, 1.0]
    with pytest.raises(course_plots.DrawingError, match="none of the times is finite"):
        course_plots.draw(course_at(np.array([math.inf]), A=([3.0], "nM")))


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_course_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    data = course(A=([0.0, 1.0, 2.0, 3.0], "nM"))
    for name in ("one", "two"):
        figures.write(course_plots.draw(data), (tmp_path / name).with_suffix(suffix))
    first, second = ((tmp_path / name).with_suffix(suffix).read_bytes() for name in ("one", "two"))
    assert first == second
    if suffix == ".svg":
        assert re.search(r">\s*made up\s*<", first.decode())
