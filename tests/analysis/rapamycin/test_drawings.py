"""What is drawn is what was computed, and the tables beside the figures say the same."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from mtorules.analysis.rapamycin import drawings
from mtorules.analysis.rapamycin.question import (
    BATHS,
    CELLS,
    OBSERVABLES,
    USUAL_DOSE,
    Design,
    fractions,
    study,
)
from mtorules.simulation.results import figures
from mtorules.simulation.simulator import Simulator

Drawn = dict[str, tuple[Figure, pd.DataFrame]]

HOURS = ("15 min", "1 h", "4 h", "24 h", "72 h")


@pytest.fixture(scope="module")
def data() -> xr.Dataset:
    simulator = Simulator("rapamycin", OBSERVABLES)
    return study(simulator.run, Design(doses=(0.01, 0.1, 1.0, 10.0, 20.0, 1000.0), times=HOURS))


@pytest.fixture(scope="module")
def drawn(data: xr.Dataset) -> Drawn:
    return drawings.draw(data)


def curves(axes: Axes) -> dict[str, tuple[list[float], list[float]]]:
    return {
        str(line.get_label()): (
            np.asarray(line.get_xdata(), dtype=float).tolist(),
            np.asarray(line.get_ydata(), dtype=float).tolist(),
        )
        for line in axes.get_lines()
        if not str(line.get_label()).startswith("_")
    }


def test_every_panel_is_drawn_alone_and_with_the_others(drawn: Drawn) -> None:
    assert list(drawn) == [*drawings.PANELS, "rapamycin"]
    whole, table = drawn["rapamycin"]
    assert len(whole.axes) == len(drawings.PANELS)
    assert list(table.panel.unique()) == list(drawings.PANELS)
    for axes, name in zip(whole.axes, drawings.PANELS, strict=True):
        figure, own = drawn[name]
        assert curves(axes) == curves(figure.axes[0])
        assert axes.get_title(loc="left") == figure.axes[0].get_title(loc="left") != ""
        part = table[table.panel == name][list(own.columns)]
        pd.testing.assert_frame_equal(
            part.reset_index(drop=True), own.reset_index(drop=True), check_dtype=False
        )


def test_engagement(drawn: Drawn, data: xr.Dataset) -> None:
    figure, table = drawn["engagement"]
    left = fractions(data).mtorc1_intact.isel(time=-1)
    found = curves(figure.axes[0])
    assert set(found) == {
        "reference",
        "reference, boundless bath",
        "sequestration-prone",
        "without FKBP12",
    }
    for label, (doses, values) in found.items():
        cell, _, rest = label.partition(", ")
        bath = "boundless" if rest else "finite"
        assert doses == [0.01, 0.1, 1.0, 10.0, 20.0, 1000.0]
        assert values == left.sel(cell=cell, bath=bath).to_numpy().tolist()
        rows = table[(table.cell == cell) & (table.bath == bath)]
        assert rows["intact mTORC1"].tolist() == values
        assert rows.dose.tolist() == doses


def test_the_constant_in_the_figure_is_that_of_the_model() -> None:
    model = Simulator("rapamycin", ["MTORC1"]).model
    assert model.parameters["Kd_MTOR_FKBP1A_RAPA"].value == drawings.KD_FRB


def test_depletion(drawn: Drawn, data: xr.Dataset) -> None:
    figure, table = drawn["depletion"]
    found = curves(figure.axes[0])
    assert set(found) == {"1 h", "4 h", "24 h"}
    for label, (doses, values) in found.items():
        hours = float(label.removesuffix(" h"))
        at = data.RAPA_medium.sel(cell="reference", bath="finite", time=hours)[1:]
        assert values == pytest.approx((at / at.dose).to_numpy().tolist(), rel=1e-12)
        assert table[table.time == hours]["bath left"].tolist() == values
        assert table[table.time == hours].dose.tolist() == doses


def test_loss(drawn: Drawn, data: xr.Dataset) -> None:
    figure, table = drawn["loss"]
    found = curves(figure.axes[0])
    left = fractions(data).sel(bath="finite", dose=USUAL_DOSE)
    cells = [cell for cell in CELLS if cell != "without FKBP12"]
    assert set(found) == {*(f"mTORC2, {cell}" for cell in cells), "intact mTORC1, reference"}
    for cell in cells:
        hours, values = found[f"mTORC2, {cell}"]
        assert hours == [0.25, 1.0, 4.0, 24.0, 72.0]
        assert values == left.mtorc2.sel(cell=cell).to_numpy().tolist()
        rows = table[table.cell == cell]
        assert rows.mtorc2.tolist() == values
        assert (rows.dose == USUAL_DOSE).all()
    intact = left.mtorc1_intact.sel(cell="reference").to_numpy().tolist()
    assert found["intact mTORC1, reference"][1] == intact


def test_pools(drawn: Drawn, data: xr.Dataset) -> None:
    figure, table = drawn["pools"]
    at = data.sel(cell="reference", bath="finite", dose=USUAL_DOSE)
    assert table.time.tolist() == at.time.to_numpy().tolist()
    for column, name in (
        ("mTORC2", "MTORC2"),
        ("intact mTORC1", "MTORC1_intact"),
        ("mTORC1 with drug", "MTORC1_RAPA"),
        ("captured, in no complex", "MTOR_captured"),
        ("free", "MTOR_free"),
    ):
        assert table[column].tolist() == at[name].to_numpy().tolist()
    # All of mTOR is in the stack, whose top is the top of the panel.
    parts = table.drop(columns="time").sum(axis=1)
    assert figure.axes[0].get_ylim()[1] == pytest.approx(parts.iloc[-1])
    edges = [
        np.asarray(path.vertices)[:, 1]
        for each in figure.axes[0].collections
        for path in each.get_paths()
    ]
    top = max(float(edge.max()) for edge in edges)
    assert top == pytest.approx(parts.max())


def test_axes_say_what_they_show(drawn: Drawn) -> None:
    for name in ("engagement", "depletion"):
        axes = drawn[name][0].axes[0]
        assert axes.get_xlabel() == "rapamycin in the medium (nM)"
        assert axes.get_xscale() == "log"
        assert axes.get_xlim() == (0.01, 1000.0)
    for name in ("loss", "pools"):
        axes = drawn[name][0].axes[0]
        assert axes.get_xlabel() == "time in rapamycin (h)"
        assert axes.get_xlim() == (0.25, 72.0)
        shown = {label.get_text() for label in axes.get_xticklabels()}
        assert {"1", "24", "72"} <= shown
    assert drawn["pools"][0].axes[0].get_ylabel() == "mTOR (nM)"


def test_legends_hide_no_curve(drawn: Drawn) -> None:
    for figure, _ in drawn.values():
        figure.draw_without_rendering()
        for axes in figure.axes:
            legend = axes.get_legend()
            assert legend is not None
            assert legend.get_window_extent().y1 <= axes.get_window_extent().y0
            assert legend.get_window_extent().y0 >= 0


def test_the_same_study_gives_the_same_files(
    drawn: Drawn, data: xr.Dataset, tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        figures.save(*drawings.draw(data)["loss"], tmp_path / folder / "loss")
    for name in ("loss.svg", "loss.png", "loss.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    back = pd.read_csv(tmp_path / "one" / "loss.csv")
    assert back.mtorc2.tolist() == pytest.approx(drawn["loss"][1].mtorc2.tolist(), rel=1e-5)


def test_a_smaller_study_is_drawn_as_far_as_it_goes(data: xr.Dataset) -> None:
    part = data.sel(cell=["reference"], time=[1.0, 24.0])
    drawn = drawings.draw(part)
    assert set(curves(drawn["loss"][0].axes[0])) == {
        "mTORC2, reference",
        "intact mTORC1, reference",
    }
    assert all(math.isfinite(v) for v in drawn["engagement"][1]["intact mTORC1"])
    assert list(BATHS) == list(part.bath.to_numpy())
