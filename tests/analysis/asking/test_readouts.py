"""Readouts in words: on molecules that bind, and on the whole network."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis.asking import readouts
from mtorules.analysis.asking.readouts import ReadoutError
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load


def recorded(**values: float) -> xr.Dataset:
    return xr.Dataset(
        {name: ("time", np.array([value]), {"units": "nM"}) for name, value in values.items()}
    )


def test_outputs_and_formulas_of_them_come_in_the_order_asked(binding_loaded: Loaded) -> None:
    asked = ["share = AB / (AB + A_free)", "AB", "A_free + AB", "A_free * AB"]
    found = readouts.of(binding_loaded.model, asked)
    assert found.names == ("share", "AB", "A_free + AB", "A_free * AB")
    assert set(found.outputs) == {"AB", "A_free"}
    data = found.of(recorded(AB=30.0, A_free=10.0))
    assert [float(data[name][0]) for name in found.names] == [0.75, 30.0, 40.0, 300.0]
    assert [data[name].attrs["units"] for name in found.names] == ["1", "nM", "nM", ""]


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("AB / A_free * AB", "nM"),
        ("max(AB, A_free) - AB", "nM"),
        ("log(AB / A_free)", "1"),
        ("log(AB)", ""),
        ("AB + 1", ""),
        ("-AB", "nM"),
        ("1 - AB / A_free", "1"),
        ("AB ** 2", ""),
        ("1 / AB", ""),
    ],
)
def test_units_follow_the_arithmetic(binding_loaded: Loaded, formula: str, unit: str) -> None:
    found = readouts.of(binding_loaded.model, [f"x = {formula}"])
    data = found.of(recorded(AB=30.0, A_free=10.0))
    assert data["x"].attrs["units"] == unit


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("ABB", "Did you mean 'AB'"),
        ("nothing_like_it_at_all", "has no readout 'nothing_like_it_at_all'."),
        ("AB / CD", "there is no readout 'CD'"),
        ("AB +", "is no formula"),
        ("AB = A_free", "cannot be called 'AB'"),
        ("2 x = AB", "cannot be called '2 x'"),
        ("x = 3", "is a number, no readout"),
        ("", "A readout is empty"),
        ("x = exp(AB)", "cannot be read"),
    ],
)
def test_what_is_no_readout_is_said(binding_loaded: Loaded, word: str, said: str) -> None:
    with pytest.raises(ReadoutError, match=said.replace("(", r"\(")):
        readouts.of(binding_loaded.model, [word])


def test_an_output_can_be_given_another_name(binding_loaded: Loaded) -> None:
    assert readouts.of(binding_loaded.model, ["bound = AB"]).outputs == ("AB",)


def test_what_is_preferred_is_looked_at_where_it_can_be(binding_loaded: Loaded) -> None:
    chosen = readouts.default(binding_loaded, "x", preferred=("S6K_pT389", "share = AB / A_free"))
    assert chosen == ("share = AB / A_free",)


def test_a_name_twice_and_no_name_are_refused(binding_loaded: Loaded) -> None:
    with pytest.raises(ReadoutError, match="twice"):
        readouts.of(binding_loaded.model, ["AB", " AB "])
    with pytest.raises(ReadoutError, match="No readout"):
        readouts.of(binding_loaded.model, [])


def test_readouts_of_the_reviews_are_known_where_they_can_be_expressed(
    binding_loaded: Loaded, signalling: Loaded
) -> None:
    assert not readouts.known(binding_loaded.model)
    found = readouts.of(signalling.model, ["S6K_pT389"])
    # Not the species of that id, which is one of those that are phosphorylated.
    assert set(found.outputs) == {"pS6K_t389", "S6K_total"}
    data = found.of(recorded(pS6K_t389=2.0, S6K_total=8.0))
    assert float(data.S6K_pT389[0]) == 0.25
    assert data.S6K_pT389.attrs["units"] == "1"


def test_by_default_the_catalogue_says_or_all_are_looked_at(
    binding_loaded: Loaded, signalling: Loaded
) -> None:
    assert readouts.default(binding_loaded, "binding.bngl") == ("A_free", "AB")
    assert "pS6K_t389" in readouts.default(signalling, "signalling")


def test_an_output_called_as_results_are_gets_another_name(tmp_path: Path) -> None:
    path = tmp_path / "model.bngl"
    path.write_text(
        "begin parameters\n k 1\nend parameters\nbegin seed species\n A() 1\nend seed species\n"
        "begin observables\n Molecules dose A()\n Molecules a A()\nend observables\n"
        "begin reaction rules\n A() -> 0 k\nend reaction rules\n",
        encoding="utf-8",
    )
    loaded = load(path)
    words = tuple(map(readouts.apart, readouts.default(loaded, "model")))
    assert words == ("dose_ = dose", "a")
    readouts.check_apart(readouts.of(loaded.model, words))
    with pytest.raises(ReadoutError, match="'dose_ = dose'"):
        readouts.check_apart(readouts.of(loaded.model, ["dose"]))
