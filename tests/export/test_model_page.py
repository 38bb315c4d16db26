"""The page about the model: tables and names are those of the models."""

import re
from pathlib import Path

import pytest
from mtorules.export import model_page
from mtorules.models import catalogue
from mtorules.models.perturbations import compounds, conditions
from mtorules.network import generate

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- table.*?<!-- end -->", "", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(model_page.TABLES))
def test_every_table_is_up_to_date(name: str) -> None:
    stale = f"run: python -m {model_page.__name__} docs/model.md"
    assert f"<!-- table: {name} -->\n\n{model_page.TABLES[name]()}\n\n<!-- end -->" in PAGE, stale


def test_every_disagreement_has_its_decision() -> None:
    rows = re.findall(r"^\| (C\d+) \| .+\? \| .+\. \|$|^\| (C\d+) \| .+\. \| .+\. \|$", PROSE, re.M)
    assert [one or other for one, other in rows] == [f"C{number}" for number in range(1, 35)]


def test_every_name_in_the_text_is_a_name_of_the_models() -> None:
    network = generate.network("signalling")
    known = {
        *catalogue.names(),
        *conditions.table(),
        *compounds.table(),
        *conditions.reference(),
        *(molecule.name for molecule in network.molecules),
        *(group.name for group in network.groups),
        *(function.name for function in network.functions),
        *("fold", "y", "binding", "catalysed", "spontaneous", "renewal", "transcribed"),
        # a unit, a site, kinds of step
    }
    names = {
        name for name in re.findall(r"`([A-Za-z]\w*)`", PROSE) if not name.startswith("mtorules")
    }
    assert names <= known


def test_every_file_in_the_text_exists() -> None:
    for name in re.findall(r"`((?:models|tests|docs)/[\w./]*)`", PROSE):
        assert (ROOT / name).exists(), name


def test_the_whole_network_is_as_small_as_the_page_says() -> None:
    network = generate.network("signalling")
    assert len(network.species) <= 600
    assert len(network.reactions) <= 6000
    assert "below 600 species and 6,000 reactions" in PROSE


def test_a_table_that_there_is_not_is_refused() -> None:
    with pytest.raises(model_page.OverviewError, match="no table 'molecule'; there are enzymes"):
        model_page.fill("<!-- table: molecule -->\n<!-- end -->")


def test_filling_leaves_the_rest_of_a_page_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: perturbations -->\nold\n<!-- end -->\nafter\n")
    assert model_page.main([str(page)]) == 0
    filled = page.read_text(encoding="utf-8")
    assert filled.startswith("before\n")
    assert filled.endswith("<!-- end -->\nafter\n")
    assert "`PTEN_null`" in filled
    assert "old" not in filled
