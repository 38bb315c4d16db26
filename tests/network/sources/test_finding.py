import sys
import textwrap
import warnings
from pathlib import Path

import pysb
import pytest
from mtorules.models import catalogue
from mtorules.network import generate
from mtorules.network.bionetgen.limits import GenerationError
from mtorules.network.sources import finding
from mtorules.network.sources.finding import Source, SourceError
from pysb.core import SelfExporter

CONSTRUCTS = Path(__file__).parents[2] / "constructs"
HEAD = "from pysb import Initial, Model, Monomer, Parameter, Rule\n"
DECAY = 'A = Monomer("A")\nk = Parameter("k", 1)\nRule("lose", A() >> None, k)\nInitial(A(), k)\n'


def python(tmp_path: Path, text: str, name: str = "decay.py") -> Path:
    path = tmp_path / name
    path.write_text(HEAD + textwrap.dedent(text))
    return path


def test_a_catalogue_name() -> None:
    name = catalogue.names()[0]
    found = finding.load(name)
    assert found.name == name
    assert isinstance(found.model, pysb.Model)


def test_a_module_and_its_attributes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_models"
    package.mkdir()
    (package / "__init__.py").write_text("")
    python(package, "model = Model('one')\n" + DECAY, "one.py")
    python(
        package,
        """
        first, second = Model("first", _export=False), Model("second", _export=False)
        def build():
            return Model("built", _export=False)
        number = 3
        def fail():
            raise RuntimeError("no model today")
        """,
        "several.py",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert finding.load("some_models.one").name == "one"
    assert finding.load("some_models.several:second").name == "second"
    assert finding.load("some_models.several:build").name == "built"
    for text, said in {
        "some_models.several": "holds several models: first, second",
        "some_models.several:secnd": "no 'secnd'. Did you mean 'second'?",
        "some_models.several:number": "is int, not a pysb.Model",
        "some_models.several:fail": "failed: RuntimeError: no model today",
        "some_models.two": "There is no module 'some_models.two'",
        "no_such_package.model": "There is no module 'no_such_package'",
        "json.decoder": "json.decoder holds no PySB model",
    }.items():
        with pytest.raises(SourceError) as caught:
            finding.load(text)
        assert said in str(caught.value)


def test_a_module_that_needs_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python(tmp_path, "import not_installed_here", "needs_more.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SourceError, match="needs the module 'not_installed_here'"):
        finding.load("needs_more:model")


def test_a_bngl_file() -> None:
    found = finding.load(CONSTRUCTS / "hill.bngl")
    assert (found.name, found.model) == ("hill", None)
    assert found.text is not None
    assert found.text.startswith("begin model")


def test_a_bngl_file_may_start_with_a_byte_order_mark_or_be_latin_or_utf_16(tmp_path: Path) -> None:
    text = (CONSTRUCTS / "hill.bngl").read_text(encoding="utf-8")
    path = tmp_path / "marked.bngl"
    path.write_text("# Modèle\n" + text, encoding="utf-8-sig")
    species = generate.network(finding.load(CONSTRUCTS / "hill.bngl")).species
    assert generate.network(finding.load(path)).species == species
    for coding in ("latin-1", "utf-16"):
        path.write_text("# Modèle\n" + text, encoding=coding)
        assert generate.network(finding.load(path)).species == species


def test_a_python_file_named_by_its_model_or_by_itself(tmp_path: Path) -> None:
    named = python(tmp_path, "model = Model('other')\n" + DECAY)
    assert finding.load(named).name == "other"
    unnamed = python(tmp_path, "model = Model()\n" + DECAY)
    found = finding.load(str(unnamed))
    assert (found.name, found.path) == ("decay", unnamed)
    assert generate.network(found).name == "decay"
    called_otherwise = python(tmp_path, "decaying = Model('x', _export=False)\n")
    assert finding.load(called_otherwise).name == "x"


def test_a_python_file_may_import_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "rates_of_the_neighbour.py").write_text("RATE = 4.0\n")
    path = python(
        tmp_path,
        "from rates_of_the_neighbour import RATE\nmodel = Model()\n" + DECAY.replace("1)", "RATE)"),
    )
    model = finding.load(path).model
    assert model is not None
    assert model.parameters["k"].value == 4


def test_loading_leaves_pysbs_export_alone(tmp_path: Path) -> None:
    path = python(tmp_path, "Model()\nMonomer('A')\nParameter('k', 1)\nRule('r', A() >> None, k)")
    before = vars(SelfExporter).copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = finding.load(path).model, finding.load(path).model
    assert first is not second
    assert {key: vars(SelfExporter)[key] for key in before} == before


def test_a_model_and_a_source_pass_through() -> None:
    model = pysb.Model("given", _export=False)
    found = finding.load(model)
    assert found == Source("given", model)
    assert finding.load(found) is found


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.bngl").write_text("")
    (tmp_path / "model.txt").write_text("")
    for text, said in {
        "complexs": "There is no model called 'complexs'. Did you mean 'complexes'?",
        "nothing_like_it": "A model may also be a module, a Python file or a .bngl file.",
        str(tmp_path): f"{tmp_path} is a folder",
        str(tmp_path / "modl.bngl"): f"Did you mean {tmp_path / 'model.bngl'}?",
        "nowhere.bngl": "There is no file nowhere.bngl.",
        str(tmp_path / "model.txt"): "is neither a .bngl nor a .py file",
    }.items():
        with pytest.raises(SourceError) as caught:
            finding.load(text)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = Model(\n", "decay.py:2: '(' was never closed."),
        ("x = 1\n\nmodel = Modell()\n", "decay.py:4: NameError: name 'Modell' is not defined"),
        ("Monomer('A', ['b', 3])\n", "decay.py:2: "),
        ("raise SystemExit('stop')\n", "decay.py:2: SystemExit: stop"),
        ("raise SystemExit(0)\n", "decay.py:2: SystemExit: 0"),
        ("import sys; sys.exit()\n", "decay.py:2: SystemExit: "),
        ("class Odd(BaseException): pass\nraise Odd('x')\n", "decay.py:3: Odd: x"),
        ("raise GeneratorExit\n", "decay.py:2: GeneratorExit: "),
        (
            "class Mute(Exception):\n def __str__(self): raise ValueError\nraise Mute\n",
            "decay.py:4: Mute, whose own text fails with ValueError",
        ),
        ("import sys; del sys.modules[__name__]; x = 1\n", "decay.py holds no PySB model."),
        ("import not_installed_here\n", "decay.py:2: ModuleNotFoundError: No module named"),
        ("x = 1\n", "decay.py holds no PySB model."),
        (
            "one, two = Model('a', _export=False), Model('b', _export=False)",
            "decay.py holds several models: one, two. Call one of them 'model'.",
        ),
    ],
)
def test_an_error_in_a_python_file_comes_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SourceError) as caught:
        finding.load(python(tmp_path, text))
    assert str(tmp_path / said) in str(caught.value)


def test_an_error_in_a_bngl_file_comes_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.bngl"
    path.write_text(
        (CONSTRUCTS / "hill.bngl")
        .read_text(encoding="utf-8")
        .replace("Hill(k,K,n)", "Hill(k,K,m)", 1)
    )
    with pytest.raises(GenerationError, match=r"wrong\.bngl:22: .*Hill\(k,K,m\)") as caught:
        generate.network(finding.load(path))
    assert caught.value.line == 22


def test_a_model_called_model_wins_over_others(tmp_path: Path) -> None:
    path = python(
        tmp_path, "part = Model('part', _export=False)\nmodel = Model('whole', _export=False)"
    )
    assert finding.load(path).name == "whole"


def test_a_model_file_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    modules, places = dict(sys.modules), list(sys.path)
    text = "model = Model('m', _export=False)\nimport sys\nsys.path.clear()\nsys.modules.clear()\n"
    assert finding.load(python(tmp_path, text)).name == "m"
    assert sys.path == places
    assert {name: sys.modules.get(name) for name in modules} == modules


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "raise GeneratorExit", "1 / 0"])
def test_a_function_that_makes_a_model_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    (tmp_path / "failing_maker.py").write_text(f"def make():\n    {end}\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SourceError, match="failing_maker:make failed: "):
        finding.load("failing_maker:make")
    (tmp_path / "failing_module.py").write_text(f"{end}\n")
    with pytest.raises(SourceError, match="Cannot import failing_module: "):
        finding.load("failing_module:model")
