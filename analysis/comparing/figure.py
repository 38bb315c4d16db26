"""The observable on which simulators differ most: its courses, and how far apart they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ...simulation.results.figures import COLOURS, STYLE, panels

if TYPE_CHECKING:
    from .outcomes import Comparison

# Differences below this are those of rounding, and zero has no place on a logarithmic axis.
_LEAST: Final = 1e-16


def draw(comparison: Comparison) -> Figure:
    """Return the figure: courses above, relative deviations below.

    Raises
    ------
    ValueError
        If fewer than two tools ran, so that nothing differs.
    """
    worst = comparison.worst
    if worst is None or worst.deviation is None:
        raise ValueError("Fewer than two tools ran, so there is nothing to draw.")
    id = worst.deviation.observable
    column = comparison.observables.index(id)
    ran = comparison.ran
    with mpl.rc_context(STYLE):
        figure, (above, below) = panels(2, 1, width=6.0, height=2.6)
        below.sharex(above)
        colours = iter([COLOURS[c] for c in ("blue", "orange", "green", "vermilion", "purple")])
        for outcome in ran:
            assert outcome.numbers is not None
            course = outcome.numbers[:, column]
            label = f"{outcome.tool.title} {outcome.version}"
            if outcome.deviation is None:
                above.plot(comparison.times, course, color=COLOURS["grey"], lw=5, label=label)
                continue
            colour = next(colours)
            above.plot(comparison.times, course, color=colour, ls="--", lw=1.5, label=label)
            apart = np.clip(comparison.deviations(outcome)[:, column], _LEAST, None)
            below.plot(comparison.times, apart, color=colour, label=label)
        below.axhline(comparison.limit, color="black", lw=0.8, ls=":")
        below.set_yscale("log")
        above.set_title(f"{comparison.model}: {id}")
        above.set_ylabel(id)
        above.legend()
        below.set_ylabel("relative deviation")
        unit = "s" if comparison.seconds == 1.0 else "model's unit"
        below.set_xlabel(f"time ({unit}); dotted: limit")
    return figure
