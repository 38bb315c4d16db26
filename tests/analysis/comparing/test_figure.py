from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from mtorules.analysis.comparing.compare import compare
from mtorules.analysis.comparing.figure import draw
from mtorules.analysis.comparing.outcomes import Comparison
from mtorules.simulation.engines.base import Loaded
from mtorules.simulation.results import figures


@pytest.fixture(scope="module")
def found(dimers: Loaded) -> Comparison:
    return compare(dimers, until=5, tools=("roadrunner", "bngsim", "run_network"))


def lines(panel: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_ydata()) for line in panel.get_lines()}


def test_the_worst_observable_is_drawn(found: Comparison) -> None:
    above, below = draw(found).get_axes()
    assert found.worst is not None
    assert found.worst.deviation is not None
    worst = found.worst.deviation
    assert above.get_title(loc="left") == f"dimers: {worst.observable}"
    assert len(lines(above)) == 3
    title = f"{found.worst.tool.title} {found.worst.version}"
    assert lines(below)[title].max() == pytest.approx(worst.relative)


def test_the_same_comparison_gives_the_same_file(found: Comparison, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        figures.write(draw(found), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_one_tool_is_not_enough(dimers: Loaded) -> None:
    with pytest.raises(ValueError, match="Fewer than two tools"):
        draw(compare(dimers, until=5, tools=("bngsim",)))
