"""The package: imports point one way, and what is installed is all that is needed."""

import ast
import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import networkx as nx
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
# What takes a tenth of a second or more to import.
HEAVY = {
    *("pysb", "sympy", "numpy", "scipy", "pandas", "xarray", "matplotlib", "dask", "zarr"),
    *("roadrunner", "libsbml", "tellurium", "antimony", "bngsim", "basico", "bionetgen", "rich"),
}


# The drawing of docs/architecture.md reads imports as these tests do.
_spec = importlib.util.spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
assert _spec is not None
assert _spec.loader is not None
architecture = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(architecture)
ROOMS, sources = architecture.ROOMS, architecture.sources


def settings() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    allowed = ROOMS[: ROOMS.index(room) + 1]
    found = ((line, name.partition(".")[0]) for line, name, _ in architecture.imports(path))
    wrong = [f"line {line}: {to}" for line, to in found if to in ROOMS and to not in allowed]
    assert not wrong, f"{room} may import only {allowed}"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_inside_the_package_are_relative(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    absolute = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and not node.level and node.module)
        and node.module.split(".")[0] in ("mtorules", *ROOMS)
    ]
    assert not absolute


def test_the_import_reader_sees_every_form(tmp_path: Path) -> None:
    file = tmp_path / "models" / "deep" / "er.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import mtorules.cli.main\n"
        "from ...export import sbml\n"
        "from ... import analysis\n"
        "from ..catalogue import names\n"
        "from . import other\n"
        "def late():\n    from mtorules import cli\n"
        "import os, json\n"
    )
    assert sorted(architecture.imports(file, tmp_path)) == [
        (1, "cli.main", True),
        (2, "export.sbml", True),
        (3, "analysis", True),
        (4, "models.catalogue.names", True),
        (5, "models.deep.other", True),
        (7, "cli", False),
    ]


def modules() -> dict[str, Path]:
    """Return every module by its dotted name."""
    names = (path.relative_to(ROOT).with_suffix("").parts for path in sources())
    return {
        ".".join(parts).removesuffix(".__init__"): path
        for parts, path in zip(names, sources(), strict=True)
    }


def test_no_file_imports_itself_through_others() -> None:
    known = modules()
    edges = [
        (module, target)
        for module, path in known.items()
        for _, name, _ in architecture.imports(path)
        for target in (name if name in known else name.rpartition(".")[0],)
        if target in known and target != module
    ]
    circles = [
        sorted(circle)
        for circle in nx.strongly_connected_components(nx.DiGraph(edges))
        if len(circle) > 1
    ]
    assert circles == []


LONGEST_FILE, LONGEST_CLASS = 400, 250


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_long_says_why(path: Path) -> None:
    """A file above 400 lines, or a class above 250, has a sentence that begins with "Long ..."."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    if len(text.splitlines()) > LONGEST_FILE:
        assert re.search(r"\bLong[,: ]", ast.get_docstring(tree) or ""), "say why, or split it"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_CLASS:
                assert re.search(r"\bLong[,: ]", ast.get_docstring(node) or ""), node.name


def test_what_docstrings_refer_to_exists() -> None:
    known: dict[str, set[str]] = {}
    for module, path in modules().items():
        names = known[module] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    wrong = []
    for module, path in modules().items():
        text = path.read_text(encoding="utf-8")
        for kind, named in re.findall(r":(mod|func|class|data|meth|attr):`~?([\w.]+)`", text):
            reference = named.lstrip(".").removeprefix("mtorules.")
            first, *rest = reference.split(".")
            if kind == "mod":
                found = any(f".{name}".endswith(f".{reference}") for name in known)
            elif not rest:
                found = first in known[module]
            elif first in known[module] and rest[-1] in known[module]:
                found = True
            else:
                found = any(
                    f".{name}".endswith("." + ".".join((first, *rest[:at])))
                    and all(part in known[name] for part in rest[at:])
                    for name in known
                    for at in range(len(rest))
                )
            if not found and named[0] == ".":
                wrong.append(f"{path.relative_to(ROOT)}: {named}")
    assert wrong == []


def test_the_drawing_shows_every_room() -> None:
    shown = (ROOT / "docs" / "figures" / "architecture.svg").read_text(encoding="utf-8")
    folders = {path.parent for path in sources()}
    missing = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if len(folder.relative_to(ROOT).parts) < 3 and f"{folder.name}/" not in shown
    ]
    assert missing == [], "run: make docs-figures"


def test_the_door_hands_on_what_it_names() -> None:
    code = (
        "import sys, mtorules as mt\n"
        f"heavy = sorted({HEAVY!r} & set(sys.modules))\n"
        "assert not heavy, heavy\n"
        "for name in mt.__all__:\n"
        "    assert callable(getattr(mt, name)), name\n"
        "assert set(mt.__all__) <= set(dir(mt))\n"
        "network = mt.network('rapamycin')\n"
        "assert len(network.species) == 13\n"
        "import mtorules.network.generate\n"
        "assert mt.network('rapamycin') == network\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_packages_listed_are_the_folders_that_hold_python() -> None:
    listed = settings()["options"]["packages"].split()
    folders = {path.parent.relative_to(ROOT) for path in sources()} | {Path()}
    assert sorted(listed) == sorted(".".join(("mtorules", *folder.parts)) for folder in folders)


def test_every_package_says_what_it_holds() -> None:
    """A folder without ``__init__.py`` would still install, but without a word about itself."""
    for folder in {path.parent for path in sources()}:
        init = folder / "__init__.py"
        assert init.exists(), folder
        assert ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))), init


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing of this checkout's own build is picked up."""
    copy = tmp_path_factory.mktemp("source")
    for name in (*ROOMS, "__init__.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, copy / name)
    out = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, copy],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = out.glob("*.whl")
    return file


def test_the_wheel_holds_every_module_and_every_table(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("mtorules/")}
    kinds = (".py", ".pm", ".csv", ".json", ".yaml", ".bngl", ".css", ".in", ".html", ".js")
    kinds += (".txt", ".md")
    wanted = {
        f"mtorules/{path.relative_to(ROOT)}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in kinds and "__pycache__" not in path.parts
    } | {"mtorules/__init__.py"}
    assert inside == wanted
    assert any(name.endswith(".csv") for name in wanted)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install into a bare folder, so that the editable install of this checkout is out of sight."""
    target = tmp_path_factory.mktemp("installed") / "site"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--disable-pip-version-check", "--target", target, wheel),
        ],
        check=True,
    )
    return target


def far_away(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder."""
    return subprocess.run(
        [sys.executable, installed / "bin" / "mtorules", *words],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_installed_command_works_far_from_the_sources(installed: Path, tmp_path: Path) -> None:
    where = "import mtorules.models as m; print(m.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)
    done = far_away(installed, tmp_path, "models", "rapamycin", "--json")
    assert done.returncode == 0, done.stderr
    assert '"MTOR"' in done.stdout


# Each command once, with what it must leave behind; what one writes, a later one may read.
JOURNEY = (
    ("models rapamycin --provenance", ()),
    ("conditions --kind compound", ()),
    ("network rapamycin --output r.net", ("r.net",)),
    ("draw rapamycin --output r.svg", ("r.svg",)),
    ("export rapamycin --output r.xml", ("r.xml",)),
    ("check r.xml --html r.html", ("r.html",)),
    ("compare rapamycin --until 10s --tool roadrunner --tool run_network", ()),
    ("simulate r.xml --output c.csv --plot c.svg", ("c.csv", "c.svg")),
    ("share rapamycin --until 6h --output a.omex", ("a.omex",)),
    ("open a.omex --output opened", ("opened",)),
    ("scan rapamycin --set MTOR_0=50,100 --output s.zarr --workers 1", ("s.zarr",)),
    ("analyse structure rapamycin --output structure", ("structure",)),
    ("report rapamycin --analyses structure --output report.html", ("report.html",)),
    ("init mine", ("mine/mine.py", "mine/.gitignore", "mine/tests/test_mine.py")),
    ("claims --file mine/claims.yaml --model mine/mine.py --output p", ("p/index.html",)),
    ("claims --core --list", ()),
    ("doctor", ()),
)


@pytest.mark.slow
def test_what_is_installed_does_all_that_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    commands = (ROOT / "cli" / "program.py").read_text(encoding="utf-8")
    (modules,) = re.findall(r"^MODULES = \((.*?)^\)", commands, re.MULTILINE | re.DOTALL)
    missing = set(re.findall(r'"(\w+)"', modules)) - {line.split()[0] for line, _ in JOURNEY}
    # Two take an hour, another serves until it is ended, and one needs an extra.
    assert missing <= {"calibrate", "explore", "petab", "uncertainty"}
    for line, left in JOURNEY:
        done = far_away(installed, tmp_path, *line.split())
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert [name for name in left if not (tmp_path / name).exists()] == [], line


def test_what_is_installed_serves_its_page(installed: Path, tmp_path: Path) -> None:
    words = [sys.executable, installed / "bin" / "mtorules", "explore", "rapamycin", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    with subprocess.Popen(
        words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        got = {}
        for path in ("", "page/app.js", "page/style.css", "page/vendor/d3.min.js"):
            with urllib.request.urlopen(url + path) as reply:
                got[path] = reply.read()
        server.terminate()
    assert server.returncode == 0
    assert b"mTORules" in got[""]
    assert all(got.values())


# -- other ways to install -------------------------------------------------------------------------

# Called otherwise by conda.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def test_the_conda_recipe_asks_for_what_setup_cfg_does() -> None:
    recipe = yaml.safe_load((ROOT / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe["context"]["version"] == settings()["metadata"]["version"]
    run = dict(line.partition(" ")[::2] for line in recipe["requirements"]["run"])
    assert run.pop("python") == settings()["options"]["python_requires"]
    assert run.pop("perl") == ""
    ours = {
        CONDA_NAMES.get(name, name): str(requirement.specifier)
        for name, requirement in requirements().items()
    }
    by_pip = (ROOT / "conda" / "environment.yml").read_text(encoding="utf-8")
    absent = ours.keys() - run.keys()
    assert all(name in by_pip for name in absent), "what no channel has is named there"
    assert run == {name: bound for name, bound in ours.items() if name not in absent}
    assert recipe["build"]["python"]["entry_points"] == [
        settings()["options.entry_points"]["console_scripts"].strip()
    ]
    host = dict(line.partition(" ")[::2] for line in recipe["requirements"]["host"])
    with (ROOT / "pyproject.toml").open("rb") as file:
        (needed,) = tomllib.load(file)["build-system"]["requires"]
    assert f"setuptools{host['setuptools']}" == needed


def test_the_image_is_of_the_oldest_python_and_no_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    oldest = settings()["options"]["python_requires"].removeprefix(">=")
    assert set(re.findall(r"^FROM python:([\d.]+)-slim", text, re.MULTILINE)) == {oldest}
    assert re.findall(r"^USER (\w+)", text, re.MULTILINE)[-1] not in ("root", "0")
    installed = re.findall(r"^  && apt-get install .* --no-install-recommends (.*?) \\", text, re.M)
    assert "perl" in installed[0].split()


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not installed")
def test_the_image_is_made_as_hadolint_wants() -> None:
    done = subprocess.run(
        ["hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_starting_and_help_import_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from mtorules.cli.main import MODULES, main\n"
        "def heavy(when):\n"
        f"    found = sorted({HEAVY!r} & set(sys.modules))\n"
        "    if found: sys.exit(f'{when}: {found}')\n"
        "heavy('the import')\n"
        "lines = [[], ['models'], ['models', '--json'], *([name, '-h'] for name in MODULES)]\n"
        "for words in lines:\n"
        "    assert main(words) == 0\n"
        "    heavy(words)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Usage: mtorules" in done.stdout


# -- what setup.cfg promises -----------------------------------------------------------------------


def requirements(*extras: str) -> dict[str, Requirement]:
    """Return what setup.cfg requires, by normal name."""
    config = settings()
    lines = config["options"]["install_requires"].splitlines()
    for extra in extras:
        lines += config["options.extras_require"][extra].splitlines()
    found = [Requirement(line) for line in lines if line.strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def extras() -> list[str]:
    """Return the extras that are installed here; the site has a step of its own, `make docs`."""
    return [name for name in settings()["options.extras_require"] if name != "docs"]


def test_every_dependency_has_a_lower_bound_that_exists_here() -> None:
    """What runs these tests is at least as new; an upper bound would need a reason beside it."""
    for name, requirement in requirements(*extras()).items():
        operators = [bound.operator for bound in requirement.specifier]
        assert operators == [">="], requirement
        assert requirement.specifier.contains(version(name), prereleases=True), requirement


def test_lower_bounds_agree_with_each_other() -> None:
    """Where the oldest version allowed is the one installed, what it requires is known here."""
    ours = requirements()
    oldest = {name: Version(next(iter(each.specifier)).version) for name, each in ours.items()}
    known = [name for name in ours if Version(version(name)) == oldest[name]]
    assert "pysb" in known
    for name in known:
        for line in requires(name) or ():
            wanted = Requirement(line)
            bound = oldest.get(canonicalize_name(wanted.name))
            if bound is not None and (wanted.marker is None or wanted.marker.evaluate()):
                assert wanted.specifier.contains(bound), f"{name} requires {wanted}"


def test_every_extra_is_part_of_dev() -> None:
    """So that whoever develops runs every test."""
    dev = requirements("dev")
    for extra in extras():
        assert requirements(extra).items() <= dev.items(), extra


# What a dependency of ours requires itself, and gives to its users to work with.
HANDED_ON = {
    "antimony": "tellurium",
    "python-copasi": "copasi-basico",
    "sympy": "pysb",
    "tornado": "distributed",
}


def test_everything_imported_is_a_dependency() -> None:
    providers = packages_distributions()
    allowed = set(requirements(*(extra for extra in extras() if extra != "dev")))
    for name, through in HANDED_ON.items():
        assert through in allowed
        assert name in {Requirement(line).name for line in requires(through) or ()}
        allowed.add(name)
    foreign: dict[str, set[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top != "__future__":
                    foreign.setdefault(top, set()).add(str(path.relative_to(ROOT)))
    for module, files in foreign.items():
        by = {canonicalize_name(name) for name in providers.get(module, [])}
        assert by & allowed, f"{module}, which {sorted(files)} import, is no dependency"


def test_one_version_and_one_python_everywhere() -> None:
    config = settings()
    number = config["metadata"]["version"]
    assert version("mtorules") == number
    assert f"version: {number}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(
        rf"^## {re.escape(number)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    oldest = config["options"]["python_requires"].removeprefix(">=")
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools = tomllib.load(file)["tool"]
    assert tools["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert tools["pyright"]["pythonVersion"] == oldest
    major, minor = oldest.split(".")
    assert f"({major}, {minor})" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_citation_file_reads() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= cited.keys()
    assert cited["license"] == settings()["metadata"]["license"]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "BSD" in licence or "Redistribution and use in source and binary forms" in licence
