import re
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from mtorules.simulation.results import figures

TABLE = pd.DataFrame({"dose": [1.0, 1 / 3], "kept": [0.123456789, 2.0]})


def drawn() -> Figure:
    with mpl.rc_context(figures.STYLE):
        figure, (axes, other) = figures.panels(1, 2)
        axes.plot([0, 1], [1, 0], label="a curve")
        axes.legend()
        other.set_title("the other panel")
    return figure


@pytest.mark.parametrize("suffix", [".png", ".svg", ".SVG"])
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    figures.write(drawn(), first)
    figures.write(drawn(), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_figure_comes_as_a_pair_with_its_table(tmp_path: Path) -> None:
    paths = figures.save(drawn(), TABLE, tmp_path / "figure")
    assert [path.name for path in paths] == ["figure.png", "figure.svg", "figure.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(p.name for p in paths)
    pixels = imread(paths[0])
    assert pixels.shape[:2] == (3.0 * 160, 8.0 * 160)
    assert pixels[..., :3].min() < 0.5  # something is drawn
    back = pd.read_csv(paths[2])
    assert list(back) == ["dose", "kept"]
    assert back.to_numpy() == pytest.approx(TABLE.to_numpy(), rel=1e-5)


def test_text_in_an_svg_stays_text(tmp_path: Path) -> None:
    figures.write(drawn(), tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert re.search(r">\s*a curve\s*<", text)
    assert re.search(r">\s*the other panel\s*<", text)
    assert "dc:date" not in text


def test_panels_come_row_by_row() -> None:
    figure, axes = figures.panels(2, 3, width=2.0, height=1.0)
    assert len(axes) == 6
    assert figure.get_size_inches().tolist() == [6.0, 2.0]
    figure.draw_without_rendering()
    corners = [(panel.get_position().x0, -panel.get_position().y0) for panel in axes]
    assert corners == sorted(corners, key=lambda corner: (round(corner[1], 2), corner[0]))


def test_drawing_changes_no_setting_of_others(tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    figures.save(drawn(), TABLE, tmp_path / "figure")
    assert dict(mpl.rcParams) == before


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file or directory"):
        figures.save(drawn(), TABLE, tmp_path / "missing" / "figure")
    (tmp_path / "figure.svg").write_text("old")
    with pytest.raises(ValueError, match="jpgx"):
        figures.write(drawn(), tmp_path / "figure.jpgx")
    assert [path.name for path in tmp_path.iterdir()] == ["figure.svg"]


def test_colours_can_be_told_apart_in_grey_too() -> None:
    """By their lightness as the eye weighs it, no two are the same."""
    weights = (0.2126, 0.7152, 0.0722)
    light = sorted(
        sum(w * c**2.2 for w, c in zip(weights, to_rgb(colour), strict=True))
        for colour in figures.COLOURS.values()
    )
    assert len(set(light)) == len(figures.COLOURS)
