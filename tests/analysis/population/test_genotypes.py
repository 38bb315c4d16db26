"""Frequencies of genotypes, and cells drawn with them."""

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.population import genotypes
from mtorules.models.perturbations import conditions


def test_the_table_names_genotypes_of_the_tables_with_a_source() -> None:
    found = genotypes.read()
    assert {conditions.find(name).kind for name in found} == {"genotype"}
    assert all(0 < share < 1 for share in found.values())


def test_cells_carry_genotypes_as_often_as_the_table_says_and_never_two_of_one_gene() -> None:
    found = {"PTEN_null": 0.3, "PTEN_het": 0.2, "KRAS_G12V": 0.5}
    cells = genotypes.draw(found, 4000, np.random.default_rng(0))
    for name, share in found.items():
        seen = np.mean([name in each for each in cells])
        assert seen == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 4000))
    assert not any({"PTEN_null", "PTEN_het"} <= set(each) for each in cells)
    both = np.mean([{"PTEN_null", "KRAS_G12V"} <= set(each) for each in cells])
    assert both == pytest.approx(0.15, abs=0.025)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("genotype\nPTEN_null\n", "columns"),
        ("genotype,frequency\nPTEN_nul,0.1\n", "t.csv:2"),
        ("genotype,frequency\nPTEN_null,often\n", "no frequency"),
        ("genotype,frequency\nPTEN_null,1.5\n", "between 0 and 1"),
        ("genotype,frequency\nPTEN_null,nan\n", "between 0 and 1"),
        ("genotype,frequency\nPTEN_null,0.1\nPTEN_null,0.1\n", "twice"),
        ("genotype,frequency\neverolimus,0.3\n", "'everolimus' is no genotype but a compound"),
        ("genotype,frequency\nFED,0.3\n", "'FED' is no genotype but an environment"),
    ],
)
def test_faults_of_a_table_are_told_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnalysisError, match=said):
        genotypes.read(path)


def test_genotypes_that_exclude_each_other_cannot_be_more_than_all() -> None:
    with pytest.raises(AnalysisError, match="exclude each other"):
        genotypes.draw({"PTEN_null": 0.7, "PTEN_het": 0.7}, 10, np.random.default_rng(0))
