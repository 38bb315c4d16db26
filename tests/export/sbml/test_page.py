"""What the page on SBML says of names and levels, held against the code."""

import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import libsbml
import numpy as np
import pytest
from mtorules.export.sbml import ids, writer
from mtorules.export.sbml.annotation import annotations
from mtorules.network import generate
from mtorules.network.network import Molecule, Network, Species
from mtorules.network.units import units

PAGE = Path(__file__).parents[3] / "docs" / "export.md"


@pytest.fixture(scope="module")
def page() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_every_level_and_all_that_it_loses_is_there(page: str) -> None:
    for name, level in writer.LEVELS.items():
        assert name in page or f"Level {level.level} Version {level.version}" in page
        for lost in level.lost:
            assert lost in page, lost


def test_the_names_shown_are_those_given(page: str) -> None:
    molecules = (
        Molecule("S6K", ("t389",), {"t389": ("u", "p")}),
        Molecule("RHEB", ("nucleotide",), {"nucleotide": ("gdp", "gtp")}),
    )
    species = [
        Species(pattern, "1")
        for pattern in (
            "MTOR(r!1).RPTOR(m!1)",
            "S6K(t389~p)",
            "RHEB(nucleotide~gtp)",
            "EGFR(d!1).EGFR(d!1)",
        )
    ]
    shown = ", ".join(f"`{name}`" for name in ids.species_names(species, molecules))
    assert shown in page
    registry = ids.Registry()
    for name in ("lambda", "time"):
        assert f"`{name}` becomes `{registry.claim(name, 'parameter')}`" in page
    assert f"Beyond {ids.LONGEST_REACTION} characters" in page
    assert f"`{ids.EVERYWHERE}`" in page


def test_every_owner_of_reserved_words_is_named(page: str) -> None:
    for owner in set(ids.RESERVED.values()):
        word = owner.partition(" ")[0].partition("'")[0]
        assert word in page, owner


@pytest.mark.parametrize("tool", ["basico", "tellurium"])
def test_the_file_opens_as_the_page_says(tool: str, tmp_path: Path) -> None:
    if not find_spec(tool):
        pytest.skip(f"{tool} is not installed")
    writer.write(generate.network("rapamycin"), tmp_path / "rapamycin.xml")
    text = PAGE.read_text(encoding="utf-8")
    code = re.search(rf"```python\nimport {tool}\n\n(.*?)```", text, re.S)
    assert code is not None
    *before, last = code[1].strip().splitlines()
    lines = [f"import {tool}", *before, f"table = {last}"]
    lines += ["import numpy", "numpy.save('table.npy', numpy.asarray(table))"]
    # Their bindings and libSBML's take each other's types for their own in one process.
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, check=True)
    table = np.load(tmp_path / "table.npy")
    assert len(table) > 50
    assert np.isfinite(table).all()


def test_the_rules_come_back_as_the_page_says(
    network_of: Callable[[str], Network], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = network_of("annotated.py")
    writer.write(network, tmp_path / "rapamycin.xml")
    code = re.search(
        r"## Getting the rules back.*?```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S
    )
    assert code is not None
    assert annotations.SOURCE in code[1]
    text = code[1].replace('"rapamycin.xml"', repr(str(tmp_path / "rapamycin.xml")))
    exec(text, {"libsbml": libsbml})
    assert capsys.readouterr().out.strip() == network.bngl.strip()


def test_a_model_without_units_counts_in_items(network_of: Callable[[str], Network]) -> None:
    assert units.BUILT_IN[units.parse("item")] == "item"
    assert 'substanceUnits="item"' in writer.text(network_of("tags.bngl"))
