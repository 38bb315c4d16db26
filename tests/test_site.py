"""The site: what its pages show is run, what they link to is there, what it lists exists."""

import importlib.util
import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from mtorules.analysis.calibration import priors
from mtorules.analysis.claims import reading
from mtorules.analysis.polling import chosen
from mtorules.models.numbers import fitted
from mtorules.network.mechanisms import mechanisms
from mtorules.simulation.load import load

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# Pages whose every block is run from top to bottom, as a reader would.
RUN = ("tutorial.md", "gallery.md", *(f"howto/{p.name}" for p in sorted(DOCS.glob("howto/*.md"))))


def loaded(name: str) -> ModuleType:
    """Return a script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


blocks = loaded("blocks")


# -- what pages show is run ------------------------------------------------------------------------


def test_a_page_becomes_what_its_reader_types() -> None:
    page = (
        "# A\n\n```bash\necho a >x\ncd sub\n```\n\n```console\nnot run\n```\n"
        '```python title="m.py"\nprint(1)\n```\n\n```python\nimport m\n```\n'
    )
    assert blocks.script(page) == (
        "set -euo pipefail\necho a >x\ncd sub\n"
        "cat >'m.py' <<'END_OF_BLOCK'\nprint(1)\nEND_OF_BLOCK\n"
        "python3 - <<'END_OF_BLOCK'\nimport m\nEND_OF_BLOCK\n"
    )


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the command and the Python that a reader has on the path."""
    folder = tmp_path_factory.mktemp("tools")
    entry = "import sys; from mtorules.cli.main import main; sys.exit(main())"
    for name, words in (("mtorules", f"-c '{entry}'"), ("python3", ""), ("dask", "-m dask")):
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("make"), reason="make is missing")
@pytest.mark.parametrize("name", RUN)
def test_what_a_page_shows_runs(name: str, tools: Path, tmp_path: Path) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    inherited = {key: value for key, value in os.environ.items() if "MAKE" not in key}
    done = subprocess.run(
        ["bash", "-c", blocks.script(page)],
        cwd=tmp_path,
        env=inherited | {"PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for figure in re.findall(r"\]\(figures/gallery/([\w-]+\.svg)\)", page):
        assert (tmp_path / figure).stat().st_size > 0, figure


# What the Python of a page takes for granted: a file that stands elsewhere on the page.
GRANTED = {
    "export.md": {
        "polymer.bngl": "begin model\nbegin parameters\nk 1\nend parameters\n"
        "begin molecule types\nA(l,r)\nend molecule types\n"
        "begin seed species\nA(l,r) 10\nend seed species\n"
        "begin reaction rules\nA(l)+A(r)<->A(l!1).A(r!1) k,k\nend reaction rules\nend model\n"
    },
    "scan.md": {
        "scan.sh": "mtorules scan rapamycin --dose 'RAPA_medium=0, 1..10 nM log 3' "
        "--cells 'cell=reference, FKBP1A_null' --times '1 h, 24 h' --observable MTORC1_RAPA "
        "--output doses.zarr --workers 1"
    },
}
BESIDES = [
    page
    for page in PAGES
    if str(page.relative_to(DOCS)) not in RUN and "\n```python\n" in page.read_text("utf-8")
]


@pytest.mark.slow
@pytest.mark.parametrize("page", BESIDES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_python_of_every_other_page_runs(page: Path, tools: Path, tmp_path: Path) -> None:
    """In order, in one folder; a block for software that is not here is passed over."""
    found = re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    for name, text in GRANTED.get(page.name, {}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "agg"}
    if (tmp_path / "scan.sh").exists():
        subprocess.run(["bash", "scan.sh"], cwd=tmp_path, env=os.environ | path, check=True)
    before = "import mtorules as mt\n"
    for block in found:
        tops = {
            name.partition(".")[0] for name in re.findall(r"^(?:import|from) (\S+)", block, re.M)
        }
        if not all(importlib.util.find_spec(top) for top in tops):
            continue
        done = subprocess.run(
            [sys.executable, "-c", before + block],
            cwd=tmp_path,
            env=os.environ | path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, block + done.stderr


# -- links -----------------------------------------------------------------------------------------


def text_of(page: Path) -> str:
    """Return a page without its code, in which nothing is a link or a heading."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$|`[^`\n]+`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as Markdown makes them."""
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", text), re.MULTILINE)
    return {
        re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) for title in titles
    }


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield file and anchor of each link within the repository."""
    for target in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", text_of(page)):
        path, _, anchor = target.partition("#")
        yield path, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


# -- what is listed --------------------------------------------------------------------------------


def configuration() -> dict:
    return yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def listed(entries: object) -> Iterator[str]:
    """Yield the pages of a navigation."""
    match entries:
        case list():
            for entry in entries:
                yield from listed(entry)
        case dict():
            yield from listed(list(entries.values()))
        case str():
            yield entries


def test_the_navigation_holds_every_page() -> None:
    named = [page for page in listed(configuration()["nav"]) if page.endswith(".md")]
    assert len(named) == len(set(named))
    missing = {str(page.relative_to(DOCS)) for page in PAGES} - set(named)
    assert missing == set()


def test_the_site_asks_nothing_of_the_net() -> None:
    settings = configuration()
    assert settings["theme"]["font"] is False
    assert not {"extra_javascript", "extra_css", "repo_url"} & settings.keys()


# -- what is said of the fit -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cuts", "ends", "least certain", "statements"])
def test_tables_that_are_filled_hold_what_they_would_now(name: str) -> None:
    """Each page that holds such a table holds what it says now."""
    made = loaded("tables")
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    holding = [text for text in pages if f"<!-- {name} -->" in text]
    assert holding
    for text in holding:
        assert made.fill(text) == text


def test_the_cuts_are_of_the_mechanisms_and_claims_that_there_are() -> None:
    record = json.loads((DOCS / "cuts.json").read_text(encoding="utf-8"))
    network = load(record["model"]).network
    assert network is not None
    assert [cut["mechanism"] for cut in record["cuts"]] == list(mechanisms(network))
    known = reading.read([reading.FOLDER])
    hold = {claim.id for claim in chosen(known) if not claim.fails}
    assert record["claims"] == len(chosen(known))
    assert record["held"] == len(hold)
    for cut in record["cuts"]:
        assert set(cut["unanswered"]) <= set(cut["lost"]) <= hold
    others = json.loads((DOCS / "cuts_cell.json").read_text(encoding="utf-8"))
    idle = [cut["mechanism"] for cut in record["cuts"] if not cut["lost"]]
    assert [cut["mechanism"] for cut in others["cuts"]] == idle
    cell = reading.read([reading.CELL])
    assert others["claims"] == len(chosen(cell))
    assert {name for cut in others["cuts"] for name in cut["lost"]} <= {
        claim.id for claim in chosen(cell) if not claim.fails
    }


def test_what_stands_at_an_end_of_its_range_is_told_of_the_set_itself() -> None:
    """The record names just those that moved to within 5 % of an end, by ranges and the set."""
    record = json.loads(fitted.FILE.with_suffix(".json").read_text(encoding="utf-8"))
    ranges = {one.name: one for one in priors.free(load("signalling").model)}
    near = set()
    for name, one in fitted.read(fitted.FILE).items():
        low, high = math.log(ranges[name].low), math.log(ranges[name].high)
        share = (math.log(one.value) - low) / (high - low)
        moved = abs(math.log(one.value / ranges[name].value)) / ranges[name].spread
        if not 0.05 <= share <= 0.95 and moved > 0.1:
            near.add(name)
    assert set(record["at_ends"]) == near
