"""Descriptions, typeset by TeX where it is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from mtorules.export import latex
from mtorules.export.formats import FORMATS
from mtorules.network import generate

CONSTRUCTS = Path(__file__).parents[1] / "constructs"


def typeset(text: str, folder: Path) -> str:
    """Let TeX make a PDF; return what it says on the way."""
    (folder / "model.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "model.tex"],
        cwd=folder,
        capture_output=True,
        timeout=120,
    )
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    assert (folder / "model.pdf").read_bytes().startswith(b"%PDF")
    return said


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="TeX is not installed")
@pytest.mark.parametrize(
    "model",
    [
        "complexes",
        *(
            CONSTRUCTS / name
            for name in (
                "awkward_names.py",
                "built_in_functions.bngl",
                "relational_expressions.bngl",
            )
        ),
    ],
)
def test_tex_typesets_it(model: str | Path, tmp_path: Path) -> None:
    said = typeset(FORMATS["latex"].text(generate.network(model)), tmp_path)
    assert "Missing character" not in said


def test_it_lists_everything() -> None:
    network = generate.network("complexes")
    text = FORMATS["latex"].text(network)
    for title, things in (
        ("Molecules", network.molecules),
        ("Rules", network.rules),
        ("Species", network.species),
        ("Reactions", network.reactions),
    ):
        table = re.search(rf"\\section\*{{{title}}}.*?\\end{{longtable}}", text, re.DOTALL)
        assert table is not None
        assert table[0].count(r"\\") == len(things) + 1


def test_what_means_something_to_tex_is_escaped() -> None:
    assert latex.plain("50% of A_b & C~p") == r"50\% of A\_\allowbreak{}b \& C\textasciitilde{}p"
    assert latex.plain("α µ") == r"\ensuremath{\alpha} \ensuremath{\mu}"
    assert latex.plain("ΔG Ω Λ Ρ Χ") == (
        r"\ensuremath{\Delta}G \ensuremath{\Omega} \ensuremath{\Lambda} P X"
    )
