"""Programs in other languages, run by those languages, against libRoadRunner on our SBML."""

import csv
import io
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import roadrunner
import tree_sitter
import tree_sitter_julia
from mtorules.export.formats import FORMATS
from mtorules.export.odes import julia, matlab, python, r
from mtorules.export.odes.system import System, system
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.network.network import Network
from numpy.typing import NDArray

END = 5.0
CONSTRUCTS = Path(__file__).parents[2] / "constructs"
# What says most: compartments, functions, time, names that are words of a language.
CHOSEN = [
    "compartment_expressions.bngl",
    "built_in_functions.bngl",
    "keyword_names.bngl",
    "time_dependent.bngl",
    "relational_expressions.bngl",
    "fixed_species.bngl",
    "membrane_spanning.bngl",
    "awkward_names.py",
]


def reference(network: Network, found: System, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """What libRoadRunner makes of the SBML document: species, then outputs."""
    simulator = roadrunner.RoadRunner(writer.text(network))
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14
    species = [f"[{s.id}]" if s.volume else s.id for s in found.states]
    simulator.timeCourseSelections = [*species, *(each.id for each in found.outputs)]
    return np.array(simulator.simulate(times=times.tolist()))


def columns(found: System) -> list[str]:
    return [each.id for each in (*found.states, *found.outputs)]


def compare(got: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
    scale = np.abs(wanted).max(axis=0)
    np.testing.assert_allclose(got / np.where(scale, scale, 1), wanted / np.where(scale, scale, 1),
                               rtol=0, atol=1e-6)  # fmt: skip


def as_module(text: str) -> ModuleType:
    module = ModuleType("program")
    exec(compile(text, "program.py", "exec"), module.__dict__)
    return module


def test_python_does_what_libroadrunner_does(construct: Path) -> None:
    network = generate.network(construct)
    found = system(network)
    times = np.linspace(0, END, 5)
    course = as_module(python.text(found)).simulate(times)
    compare(np.array([course[name] for name in columns(found)]).T, reference(network, found, times))


def test_constants_of_a_python_program_can_be_changed() -> None:
    network = generate.network(CONSTRUCTS / "synthesis_degradation.bngl")
    program = as_module(FORMATS["python"].text(network))
    name, value = next(iter(program.CONSTANTS.items()))
    network = replace(
        network,
        parameters=tuple(
            replace(p, expression=repr(3 * p.value), value=3 * p.value) if p.name == name else p
            for p in network.parameters
        ),
    )
    found = system(network)
    times = np.linspace(0, END, 5)
    course = program.simulate(times, {name: 3 * value})
    compare(np.array([course[name] for name in columns(found)]).T, reference(network, found, times))
    with pytest.raises(KeyError, match="the model has no 'nothing'"):
        program.simulate([0.0, END], {"nothing": 1.0})


def read(text: str, found: System) -> NDArray[np.float64]:
    rows = list(csv.DictReader(io.StringIO(text)))
    return np.array([[float(row[name]) for name in columns(found)] for row in rows])


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("name", CHOSEN)
def test_r_does_what_libroadrunner_does(name: str, tmp_path: Path) -> None:
    network = generate.network(CONSTRUCTS / name)
    found = system(network)
    path = tmp_path / "program.R"
    path.write_text(r.text(found), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", path, str(END), "4"], capture_output=True, text=True, timeout=100
    )
    if "there is no package called" in done.stderr:
        pytest.skip("deSolve is not installed")
    assert done.returncode == 0, done.stderr
    compare(read(done.stdout, found), reference(network, found, np.linspace(0, END, 5)))


@pytest.mark.skipif(shutil.which("octave") is None, reason="GNU Octave is not installed")
@pytest.mark.parametrize("name", CHOSEN)
def test_octave_does_what_libroadrunner_does(name: str, tmp_path: Path) -> None:
    network = generate.network(CONSTRUCTS / name)
    found = system(network)
    (tmp_path / f"{found.id}.m").write_text(matlab.text(found), encoding="utf-8")
    code = f"""
        [course, names] = {found.id}(linspace(0, {END}, 5));
        printf('%s,', names{{1:end-1}}); printf('%s\\n', names{{end}});
        for row = 1:5
            printf('%.17g,', course(row, 1:end-1)); printf('%.17g\\n', course(row, end));
        end
    """
    done = subprocess.run(
        ["octave", "--no-gui", "-q", "--eval", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    compare(read(done.stdout, found), reference(network, found, np.linspace(0, END, 5)))


OWN_WORDS = [
    "v0",
    "v1",
    "v2",
    "changed",
    "every",
    "get",
    "map",
    "rate",
    "constants",
    "zeros",
    "given",
    "CONSTANTS",
    "SPECIES",
    "OBSERVABLES",
]


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A decays by rates whose sum is 1 / 2, and every parameter has the name of a program's own."""
    rates = "".join(f"{name} {1 / 2 / len(OWN_WORDS)!r}\n" for name in OWN_WORDS)
    rules = "".join(f"A() -> 0 {name}\n" for name in OWN_WORDS)
    path = tmp_path_factory.mktemp("worded") / "worded.bngl"
    path.write_text(
        f"begin model\nbegin parameters\n{rates}end parameters\n"
        "begin molecule types\nA()\nend molecule types\n"
        "begin seed species\nA() 8\nend seed species\n"
        f"begin reaction rules\n{rules}end reaction rules\nend model\n",
        encoding="utf-8",
    )
    return generate.network(path)


def test_a_python_program_keeps_its_own_words_from_those_of_the_model(worded: Network) -> None:
    course = as_module(FORMATS["python"].text(worded)).simulate([0.0, 2.0])
    assert course["A"][-1] == pytest.approx(8 * np.exp(-1), rel=1e-6)
    every = dict.fromkeys(OWN_WORDS, 0.1)
    course = as_module(FORMATS["python"].text(worded)).simulate([0.0, 2.0], every)
    assert course["A"][-1] == pytest.approx(8 * np.exp(-0.2 * len(OWN_WORDS)), rel=1e-6)


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("julia", r"^    ((changed|get) = |v\d = (?!k\[|get\())"),
        ("matlab", r"^    (changed|given|zeros) = (?!struct)"),
        ("r", r"^  (changed|constants) <- "),
    ],
)
def test_words_of_a_program_have_one_meaning(language: str, other: str, worded: Network) -> None:
    assert not re.search(other, FORMATS[language].text(worded), re.MULTILINE)


def test_matlab_tells_long_names_apart_by_what_it_reads_of_them(tmp_path: Path) -> None:
    long = "binding_of_" + "x" * 60
    path = tmp_path / "long.bngl"
    path.write_text(
        f"begin model\nbegin parameters\n{long}_kf 1\n{long}_kr 2\nend parameters\n"
        "begin molecule types\nA()\nB()\nend molecule types\n"
        "begin seed species\nA() 8\nend seed species\n"
        f"begin reaction rules\nA() <-> B() {long}_kf,{long}_kr\nend reaction rules\nend model\n",
        encoding="utf-8",
    )
    code = re.sub(r"%.*", "", FORMATS["matlab"].text(generate.network(path)))
    names = set(re.findall(r"\b[A-Za-z]\w*", code))
    assert len({name[:63] for name in names}) == len(names)
    assert sum(name.startswith("xbinding_of_") for name in names) == 2


def test_julia_does_not_multiply_whole_numbers_past_their_end(tmp_path: Path) -> None:
    path = tmp_path / "large.bngl"
    path.write_text(
        "begin model\nbegin parameters\nn 2\nk 1/(n*10000000000*10000000000)\nend parameters\n"
        "begin molecule types\nA()\nend molecule types\n"
        "begin seed species\nA() 8*10000000000*10000000000\nend seed species\n"
        "begin reaction rules\nA() -> 0 k\nend reaction rules\nend model\n",
        encoding="utf-8",
    )
    # 10000000000 * 10000000000 is 7766279631452241920 there.
    assert not re.search(r"\b10000000000\b(?!\.)", FORMATS["julia"].text(generate.network(path)))


def test_julia_takes_the_syntax(construct: Path) -> None:
    # Julia itself comes from neither PyPI nor Debian; its grammar does.
    text = julia.text(system(generate.network(construct)))
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_julia.language()))
    assert not parser.parse(text.encode()).root_node.has_error


def test_a_program_runs_on_its_own(tmp_path: Path) -> None:
    network = generate.network(CONSTRUCTS / "synthesis_degradation.bngl")
    found = system(network)
    path = tmp_path / "program.py"
    FORMATS["python"].write(network, path)
    done = subprocess.run(
        [sys.executable, path, str(END), "4"], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    compare(read(done.stdout, found), reference(network, found, np.linspace(0, END, 5)))
