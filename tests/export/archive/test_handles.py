"""Events of a model that is shared, run by libRoadRunner on its own."""

from collections.abc import Callable

import numpy as np
import pytest
from mtorules.export.archive.description import ArchiveError
from mtorules.export.archive.handles import Happening, with_handles

# In a compartment of 2: A as a concentration, B as an amount; both fall at 1.
MODEL = """
    model m
    compartment c = 2; species A in c; A = 3; substanceOnly species B in c; B = 6; k = 1
    JA: A -> ; c * k * A; JB: B -> ; k * B
    end
"""


def test_a_dose_a_washout_and_a_setting_in_their_order(
    antimony_sbml: Callable[[str], str], courses: Callable[..., dict[str, np.ndarray]]
) -> None:
    text = with_handles(
        antimony_sbml(MODEL),
        (
            Happening(1.0, washouts=(("A", 0.5), ("B", 0.5)), doses=(("A", "da"), ("B", "db"))),
            Happening(2.0, settings=(("k", 0.0), ("B", 8.0))),
        ),
        amounts={"B": "all_B"},
    )
    text = text.replace('id="da" value="0"', 'id="da" value="5"')
    text = text.replace('id="db" value="0"', 'id="db" value="5"')
    times = np.array([0.0, 0.5, 1.5, 2.5, 3.0])
    found = courses(text, times, ["[A]", "all_B"])
    late = (1.5 * np.exp(-1) + 5) * np.exp(-1)
    assert found["[A]"] == pytest.approx(
        [3, 3 * np.exp(-0.5), (1.5 * np.exp(-1) + 5) * np.exp(-0.5), late, late], rel=1e-6
    )
    assert found["all_B"][:3] == pytest.approx(2 * found["[A]"][:3], rel=1e-6)
    assert found["all_B"][3:] == pytest.approx([8.0, 8.0])


def test_nothing_asked_leaves_the_text(antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml(MODEL)
    assert with_handles(text, ()) == text


def test_what_is_freed_starts_with_its_number(
    antimony_sbml: Callable[[str], str], courses: Callable[..., dict[str, np.ndarray]]
) -> None:
    model = MODEL.replace("k = 1", "k0 = 1; k = 2 * k0")
    text = with_handles(antimony_sbml(model), (), {"k": 0.5, "B": 4.0})
    found = courses(text, np.array([0.0, 1.0]), ["B"])
    assert found["B"] == pytest.approx([4.0, 4 * np.exp(-0.5)], rel=1e-6)


def test_a_volume_and_what_is_in_it_do_not_change_at_once(
    antimony_sbml: Callable[[str], str],
) -> None:
    happening = Happening(1.0, settings=(("c", 3.0),), doses=(("A", "d"),))
    with pytest.raises(ArchiveError, match="let one happen later"):
        with_handles(antimony_sbml(MODEL), (happening,))
