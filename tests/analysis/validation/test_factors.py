"""Factors of cell lines: their tables, and what they do to the experiments of a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mtorules.analysis.validation import comparing, factors
from mtorules.analysis.validation.tables import TargetError
from mtorules.analysis.validation.targets import Target
from mtorules.models.perturbations import conditions
from mtorules.simulation.engines import Loaded


def table(folder: Path, *rows: str) -> Path:
    path = folder / "set_lines.csv"
    path.write_text("\n".join(["line,parameter,factor", *rows]) + "\n")
    return path


def test_what_varies_are_amounts_that_are_not_zero() -> None:
    assert {"EGFR_0", "PTEN_0", "TSC2_0"} <= factors.varying().keys()
    for each in factors.varying().values():
        assert each.parameter.endswith("_0")
        assert conditions.tables()[each.parameter].value > 0
        assert 0 < each.spread < 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("EFGR_0,1.2,assumed,", "no mechanism has a parameter 'EFGR_0'. Did you mean 'EGFR_0'?"),
        ("EGFR_0,0,assumed,", "the spread of 'EGFR_0' is 0, which is not above zero"),
        ("EGFR_0,1.2,hearsay,", "evidence.csv does not hold 'hearsay'"),
    ],
)
def test_faults_of_what_varies_are_told_with_their_line(
    tmp_path: Path, row: str, said: str
) -> None:
    path = tmp_path / "varying.csv"
    path.write_text(f"parameter,spread,evidence,note\n{row}\n")
    with pytest.raises(TargetError, match=re.escape(f"varying.csv:2: {said}")):
        factors.varying(path)


def test_what_is_written_is_read_and_ones_are_left_out(tmp_path: Path) -> None:
    path = factors.beside(tmp_path / "mine.csv")
    assert path.name == "mine_lines.csv"
    factors.write({"MCF7": {"EGFR_0": 0.123456789, "PTEN_0": 1.0}, "T47D": {"MET_0": 1.0}}, path)
    assert factors.read(path) == {"MCF7": {"EGFR_0": 0.123457}}
    assert factors.found_beside(tmp_path / "mine.csv") == factors.read(path)
    assert factors.found_beside(tmp_path / "yours.csv") == {}


def test_the_package_has_factors_beside_its_set() -> None:
    assert factors.beside(factors.fitted.FILE).exists()
    factors.package()


def test_every_fault_of_factors_is_told_with_its_line(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        *("MCF-7,EGFR_0,2", "MCF7,EFGR_0,2", "MCF7,EGFR_0,much", "MCF7,EGFR_0,-1", "MCF7,MET_0"),
    )
    with pytest.raises(factors.FactorsError, match=r"set_lines\.csv:6: 3 cells"):
        factors.read(path)
    path.write_text(path.read_text().replace("MCF7,MET_0\n", ""))
    with pytest.raises(factors.FactorsError) as caught:
        factors.read(path)
    told = str(caught.value).splitlines()
    for line, said in zip(
        told,
        (
            "2: mapping/lines.csv has no line 'MCF-7'. Did you mean 'MCF7'?",
            "3: 'EFGR_0' does not vary between lines. Did you mean 'EGFR_0'?",
            "4: the factor of 'EGFR_0' of 'MCF7' is 'much', which is not a number.",
            "5: 'EGFR_0' of 'MCF7' stands twice.",
            "5: the factor of 'EGFR_0' of 'MCF7' is -1, which is not above zero.",
        ),
        strict=True,
    ):
        assert line.startswith(f"set_lines.csv:{said}")


def test_a_factor_multiplies_the_reference_and_conditions_come_on_top(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    drugged = {"drug": "everolimus=20 nM", "readout": "pERK"}
    asked = [target(line=line, **drugged) for line in ("SKBR3", "MCF7", "BT549", "reference")]
    own = {
        "SKBR3": {"ERBB2_0": 0.5, "EGFR_0": 2.0},
        "MCF7": {"PIK3CA_0": 3.0},
        "BT549": {"PTEN_0": 2.0},
        "reference": {"EGFR_0": 9.0},
    }
    found = comparing.compare(asked, signalling.model, {"ERBB2_0": 3.0}, own)
    skbr3, mcf7, bt549, reference = (
        found.experiments[each.above.experiment].periods[0].values for each in found.comparisons
    )
    assert skbr3["ERBB2_0"] == pytest.approx(10 * 3.0 * 0.5)
    value = signalling.model.initial({})[0]
    assert skbr3["EGFR_0"] == pytest.approx(2 * value["EGFR_0"])
    # Both alleles follow.
    assert mcf7["PIK3CA_0"] == pytest.approx(1.5 * value["PIK3CA_0"])
    assert mcf7["PIK3CA_E545K_0"] == pytest.approx(1.5 * value["PIK3CA_0"])
    assert bt549["PTEN_0"] == 0
    # The reference is what factors are of.
    assert "EGFR_0" not in reference


def test_lines_of_one_genotype_share_experiments_unless_they_have_factors(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    asked = [
        target(line=line, drug="everolimus=20 nM", readout="pERK") for line in ("SKBR3", "AU565")
    ]
    assert len(comparing.compare(asked, signalling.model).plans) == 2
    own = {"SKBR3": {"EGFR_0": 2.0}}
    found = comparing.compare(asked, signalling.model, factors=own)
    assert len(found.plans) == 4
    rests = {plan.rest_key for plan in found.plans.values()}
    assert len(rests) == 2


def test_a_model_without_the_amount_is_told(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    asked = target(line="MCF10A", drug="B()=1")
    with pytest.raises(TargetError, match="has no parameter 'EGFR_0', of which 'MCF10A'"):
        comparing.compare([asked], turnover.model, factors={"MCF10A": {"EGFR_0": 2.0}})
    assert factors.held_by({"MCF10A": {"EGFR_0": 2.0}}, turnover.model) == {}
