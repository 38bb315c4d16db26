"""The laws of synergy against drugs that obey them by construction, and another library."""

import numpy as np
import pytest
from mtorules.analysis.dose_response.hill import Hill
from mtorules.analysis.synergy import references

ONE = np.append(0, np.geomspace(0.1, 100, 7))
OTHER = np.append(0, np.geomspace(1, 1000, 6))
FIRST = Hill(0.0, 0.9, 3.0, 1.4)
SECOND = Hill(0.0, 0.7, 40.0, 0.9)


def independent() -> np.ndarray:
    """Each drug spares cells by chance, whatever the other does."""
    return 1 - (1 - FIRST.at(ONE))[:, None] * (1 - SECOND.at(OTHER))[None, :]


def test_drugs_that_spare_independently_are_additive_by_bliss() -> None:
    expected = references.bliss(FIRST.at(ONE)[:, None], SECOND.at(OTHER)[None, :])
    assert expected == pytest.approx(independent(), abs=1e-12)


def test_drugs_that_spare_independently_keep_each_others_potency_by_zip() -> None:
    expected, smooth = references.zip_((ONE, OTHER), (FIRST, SECOND), independent())
    assert smooth - expected == pytest.approx(0, abs=1e-6)


def test_a_potency_that_doubles_is_seen_by_zip() -> None:
    stronger = Hill(0.0, 0.7, 20.0, 0.9)
    seen = 1 - (1 - FIRST.at(ONE))[:, None] * (1 - stronger.at(OTHER))[None, :]
    seen[0] = SECOND.at(OTHER)
    expected, smooth = references.zip_((ONE, OTHER), (FIRST, SECOND), seen)
    assert (smooth - expected)[1:, 1:].min() > 0


def test_a_drug_with_itself_is_additive_by_loewe() -> None:
    together = FIRST.at(ONE[:, None] + ONE[None, :])
    expected = references.loewe((ONE, ONE), (FIRST, FIRST))
    assert expected == pytest.approx(together, abs=1e-9)
    indices = references.indices((ONE, ONE), (FIRST, FIRST), together)
    assert indices[1:, 1:] == pytest.approx(1, abs=1e-6)
    assert np.isnan(indices[0]).all()


def test_a_dilution_of_a_drug_is_additive_by_loewe() -> None:
    dilution = Hill(0.0, 0.9, 30.0, 1.4)  # a tenth as strong
    expected = references.loewe((ONE, OTHER), (FIRST, dilution))
    assert expected == pytest.approx(FIRST.at(ONE[:, None] + OTHER[None, :] / 10), abs=1e-9)


def test_beyond_the_plateau_of_the_weaker_the_stronger_counts_alone() -> None:
    weak = Hill(0.0, 0.2, 1.0, 1.0)
    expected = references.loewe((ONE, OTHER), (FIRST, weak))
    assert expected[-1, -1] == pytest.approx(FIRST.at(100.0), rel=1e-9)


@pytest.mark.parametrize("inert", [Hill(0.0, 0.0, 1.0, 1.0), Hill(0.0, -0.3, 1.0, 1.0)])
def test_what_does_nothing_or_the_contrary_adds_nothing_by_loewe(inert: Hill) -> None:
    expected = references.loewe((ONE, OTHER), (FIRST, inert))
    assert expected[1:] == pytest.approx(np.tile(FIRST.at(ONE)[1:, None], OTHER.size), rel=1e-9)


def test_the_highest_single_agent_is_the_stronger_of_two() -> None:
    assert references.hsa(np.array([0.2, 0.5]), np.array([0.4, 0.1])).tolist() == [0.4, 0.5]


def test_another_library_expects_the_same() -> None:
    combination = pytest.importorskip("synergy.combination")
    single = pytest.importorskip("synergy.single")
    # That library counts what survives, and takes points one below the other.
    drugs = [single.Hill(E0=1, Emax=1 - h.plateau, h=h.slope, C=h.middle) for h in (FIRST, SECOND)]
    one, other = (each.ravel() for each in np.meshgrid(ONE[1:], OTHER[1:], indexing="ij"))
    for law, model in (("Bliss", combination.Bliss), ("HSA", combination.HSA)):
        theirs = 1 - model(drug1_model=drugs[0], drug2_model=drugs[1]).E_reference(one, other)
        function = {"Bliss": references.bliss, "HSA": references.hsa}[law]
        ours = function(FIRST.at(ONE)[1:, None], SECOND.at(OTHER)[None, 1:])
        assert ours.ravel() == pytest.approx(theirs, abs=1e-9)
    loewe = combination.Loewe(mode="delta_hsa", drug1_model=drugs[0], drug2_model=drugs[1])
    ours = references.loewe((ONE, OTHER), (FIRST, SECOND))[1:, 1:].ravel()
    theirs = 1 - loewe.E_reference(one, other)
    inside = theirs < 0.65  # near the plateau of the weaker their minimiser stops early
    assert ours[inside] == pytest.approx(theirs[inside], abs=2e-3)
