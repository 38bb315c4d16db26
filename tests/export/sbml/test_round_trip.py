"""Documents back to rules: PySB's importer, which lets BioNetGen's atomizer read SBML."""

from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pysb.importers.sbml
import pytest
from bionetgen.atomizer.atomizeTool import AtomizeTool
from mtorules.export.sbml import writer
from mtorules.network.network import Network
from pysb.simulator import ScipyOdeSimulator

TIMES = np.linspace(0, 5, 11)
ATOMIZER = "https://github.com/RuleWorld/PyBioNetGen/issues"
PYSB = "https://github.com/pysb/pysb/issues/455"

# What the importers cannot read, and why.
UNREAD: Mapping[str, str] = {
    name: reason
    for reason, names in {
        f"the atomizer stops at rules that refer to what other rules assign, see {ATOMIZER}": (
            *("annotated.py", "awkward_names.py", "built_in_functions.bngl", "keyword_names.bngl"),
            *("negative_powers.py", "nested_functions.bngl", "oscillating.py", "pi_and_e.py"),
            *("regulated.bngl", "rounding.py"),
        ),
        f"the atomizer loses reactions between compartments, see {ATOMIZER}": (
            *("compartment_expressions.bngl", "compartment_sizes.py", "membrane_spanning.bngl"),
            "nested_compartments.bngl",
        ),
        f"the atomizer cannot read comparisons, see {ATOMIZER}": (
            *("heaviside.py", "piecewise.py", "relational_expressions.bngl"),
        ),
        f"the atomizer calls the starting amount of A by the model's name A_0, see {ATOMIZER}": (
            *("energies.py", "local_rates.py"),
        ),
        f"PySB takes the species S in a formula for a function of SymPy, see {PYSB}": (
            *("hill.bngl", "michaelis_menten.bngl", "saturation.bngl"),
        ),
    }.items()
    for name in names
}


def translated(source: str, target: str, **_: object) -> str:
    """Do what PySB leaves to a program that only BioNetGen's own releases hold.

    The atomizer changes SymPy's names and Python's logging for whatever runs later, so it gets a
    process of its own.
    """
    options = {
        "input": source,
        "output": target,
        "molecule_id": True,
        "pathwaycommons": False,
        "bionetgen_analysis": None,
        "quiet_mode": True,
    }
    process = get_context("fork").Process(target=lambda: AtomizeTool(options_dict=options).run())
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the atomizer cannot read {source}")
    return target


@pytest.mark.filterwarnings("ignore")
def test_every_construct_survives_the_importer_of_pysb(
    request: pytest.FixtureRequest,
    construct: Path,
    network_of: Callable[[str | Path], Network],
    courses: Callable[[str, np.ndarray, Sequence[str]], Mapping[str, np.ndarray]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if construct.name in UNREAD:
        reason = UNREAD[construct.name]
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    monkeypatch.setattr(pysb.importers.sbml, "sbml_translator", translated)
    monkeypatch.chdir(tmp_path)
    document = writer.document(network_of(construct))
    (tmp_path / "model.xml").write_text(document.text, encoding="utf-8")
    model = pysb.importers.sbml.model_from_sbml("model.xml")
    run = ScipyOdeSimulator(
        model, TIMES, compiler="python", integrator_options={"rtol": 1e-10, "atol": 1e-12}
    ).run()
    ids = document.report.species
    expected = courses(document.text, TIMES, ids)
    names = [str(species).partition("(")[0] for species in model.species]
    assert set(ids) <= set(names)
    found = dict(zip(names, np.array(run.species).T, strict=True))
    size = max(max(course) for course in expected.values())
    for key in ids:
        assert found[key] == pytest.approx(expected[key], rel=1e-6, abs=1e-8 * size)
