"""Effects and shifts of knockouts, on numbers made by hand."""

import numpy as np
import pandas as pd
import xarray as xr
from mtorules.analysis.knockouts import effects, question


def hand_made() -> xr.Dataset:
    """Growth and a readout of three cells, untreated and treated."""
    return xr.Dataset(
        {
            # target: intact, A, B
            "R": (("treatment", "target"), np.array([[8.0, 4.0, 0.0], [4.0, 0.5, 0.0]])),
            "G": (("treatment", "target"), np.array([[2.0, 1.0, 2.0], [1.0, -1.0, 2.0]])),
            "message": (("treatment", "target"), np.full((2, 3), "")),
        },
        {
            "treatment": [effects.UNTREATED, "drug"],
            "target": [effects.INTACT, "A", "B"],
            "kind": ("target", ["intact", "protein", "protein"]),
        },
    ).expand_dims(cell=["reference"], share=[0.0], time=[3600.0])


def test_a_shift_is_the_drugs_effect_without_the_target_over_that_with_it() -> None:
    data = hand_made()
    effect, shift = effects.effects(data, "R")
    assert effect.sel(target="A").to_numpy().ravel().tolist() == [-1.0, -3.0]
    # 4 to 0.5 is three halvings, 8 to 4 is one.
    assert float(shift.sel(target="A", treatment="drug").squeeze()) == -2.0
    # Of nothing the drug takes no share.
    assert np.isnan(float(shift.sel(target="B", treatment="drug").squeeze()))


def test_what_has_a_sign_is_compared_by_differences() -> None:
    effect, shift = effects.effects(hand_made(), "G")
    # All lie between -1 and 2.
    assert float(effect.sel(target="A", treatment="untreated").squeeze()) == -1 / 3
    # The drug takes 2 instead of 1; without B it takes none.
    assert shift.sel(treatment="drug").to_numpy().ravel().tolist() == [0.0, -1 / 3, 1 / 3]


def test_the_answer_names_what_sensitises_and_what_protects() -> None:
    answer = question.answer(hand_made())
    said = " ".join(answer.said)
    assert "drug lowers R (reference) further after loss of A (-2)." in said
    assert "drug lowers G (reference) less after loss of B (+0.33)." in said
    ((figure, shown),) = answer.draw().values()
    assert {"effect", "shift"} == set(shown.what)
    assert len(figure.axes) == 3
    assert isinstance(answer.table, pd.DataFrame)
