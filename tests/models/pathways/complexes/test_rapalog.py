from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mtorules.models import catalogue
from mtorules.models.building.compartments import add_compartments
from mtorules.models.building.composing import compose
from mtorules.models.pathways.complexes.mtor import add_mtor
from mtorules.models.pathways.complexes.mtorc1 import add_mtorc1
from mtorules.models.pathways.complexes.rapalog import add_rapalog
from mtorules.models.pathways.complexes.uptake import add_uptake
from pysb import Model
from pysb.bng import generate_equations


@pytest.fixture(scope="module")
def model() -> Model:
    model = catalogue.build("complexes")
    generate_equations(model)
    return model


@pytest.fixture(scope="module")
def capture() -> Model:
    """mTOR, Raptor, FKBP12 and the drug, without turnover."""
    return compose("capture", (add_compartments, add_mtor, add_mtorc1, add_rapalog, add_uptake))


def test_fkbp12_and_drug_reach_the_equilibrium_of_the_quadratic(
    capture: Model, integrate: Callable
) -> None:
    # A membrane that nothing crosses but a bath as small as the cell: all in one pot.
    one_pot = {"MTOR_0": 0, "RPTOR_0": 0, "V_medium": 1e-9, "RAPA_0": 2e9 * 3000}
    course = integrate(capture, [0, 1e6, 2e6], **one_pot)
    fkbp, drug = course["FKBP1A_total"][-1], course["RAPA_cell"][-1]
    assert drug == pytest.approx(3000, rel=1e-6)
    total = fkbp + drug + capture.parameters["Kd_FKBP1A_RAPA"].value
    expected = (total - np.sqrt(total**2 - 4 * fkbp * drug)) / 2
    assert course["FKBP1A_RAPA"][-1] == pytest.approx(expected, rel=1e-7)


def test_the_ternary_complex_is_at_equilibrium_with_its_parts(
    capture: Model, integrate: Callable
) -> None:
    course = integrate(capture, [0, 1e9], RPTOR_0=0, RAPA_0=3)
    end = {name: values[-1] for name, values in course.items()}
    # Nearly every drug on mTOR carries FKBP12, as the fourth side of the square is 9e-5 nM.
    pair = end["FKBP1A_RAPA"] - end["RAPA_MTOR"]
    constant = end["MTOR_free"] * pair / end["MTOR_captured"]
    assert constant == pytest.approx(capture.parameters["Kd_MTOR_FKBP1A_RAPA"].value, rel=1e-3)


@pytest.mark.parametrize("name", catalogue.names()[:2])
def test_detailed_balance_holds_round_every_cycle(name: str) -> None:
    """Energies of the species exist that explain the equilibrium constant of every reaction.

    That is the case exactly if the product of the constants round each closed path is one.
    """
    model = catalogue.build(name)
    generate_equations(model)
    value = {parameter.name: parameter.value for parameter in model.parameters}

    def number(expression: Any) -> float:
        """Evaluate at one unit of every species."""
        names = expression.free_symbols
        return float(expression.subs({name: value.get(name.name, 1.0) for name in names}))

    for expression in model.expressions:
        value[expression.name] = number(expression.expand_expr())

    rates: dict[tuple, float] = {}
    for reaction in model.reactions:
        if any(rule.endswith(("_decay", "_synthesis")) for rule in reaction["rule"]):
            continue
        ends = tuple(sorted(reaction["reactants"])), tuple(sorted(reaction["products"]))
        rates[ends] = rates.get(ends, 0.0) + number(reaction["rate"])
    rows, logs = [], []
    for (left, right), forward in rates.items():
        assert (right, left) in rates, f"{left} -> {right} has no way back"
        if left < right:
            row = np.zeros(len(model.species))
            np.add.at(row, list(right), 1)
            np.add.at(row, list(left), -1)
            rows.append(row)
            logs.append(np.log(forward / rates[right, left]))
    matrix, logs_ = np.array(rows), np.array(logs)
    assert len(rows) > np.linalg.matrix_rank(matrix), "no cycle to test"
    energies = np.linalg.lstsq(matrix, logs_, rcond=None)[0]
    assert matrix @ energies == pytest.approx(logs_, abs=1e-8)


def test_no_mtor_holds_raptor_and_rictor(model: Model) -> None:
    for species in model.species:
        names = [pattern.monomer.name for pattern in species.monomer_patterns]
        assert not {"RPTOR", "RICTOR"} <= set(names), species
        assert names.count("MTOR") <= 1, species


def test_assembled_mtorc2_is_out_of_the_drugs_reach(model: Model) -> None:
    for species in model.species:
        names = {pattern.monomer.name for pattern in species.monomer_patterns}
        assert not {"RAPA", "MTOR", "RICTOR"} <= names, species


def test_drug_is_neither_made_nor_lost(model: Model, integrate: Callable) -> None:
    hours = np.array([0, 0.25, 1, 4, 24, 72]) * 3600
    course = integrate(model, hours, RAPA_0=1)
    medium_in_nm_of_cell = model.parameters["V_medium"].value / model.parameters["V_cell"].value
    assert course["RAPA_total"] == pytest.approx(medium_in_nm_of_cell, rel=1e-8)
    assert course["RAPA_medium"] + course["RAPA_cell"] == pytest.approx(
        course["RAPA_total"], rel=1e-8
    )


def test_without_fkbp12_micromolar_drug_is_needed(model: Model, integrate: Callable) -> None:
    course = integrate(model, [0, 24 * 3600], FKBP1A_0=0, RAPA_0=20)
    assert course["RAPA_MTOR"][-1] < 0.01 * course["MTOR_total"][-1]


def test_a_drug_that_never_lets_go_takes_more(model: Model, integrate: Callable) -> None:
    day = [0, 24 * 3600]
    measured = integrate(model, day, RAPA_0=1)["RAPA_MTOR"][-1]
    stuck = integrate(model, day, RAPA_0=1, release_rapalog=0)["RAPA_MTOR"][-1]
    assert stuck > 1.1 * measured
