"""Tables, put together again by pandas and Antimony, against libRoadRunner on our SBML."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import antimony
import numpy as np
import pandas as pd
import pytest
import roadrunner
from mtorules.export.formats import FORMATS
from mtorules.network import generate


def opened(content: bytes) -> dict[str, pd.DataFrame]:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        assert whole.testzip() is None
        return {
            Path(name).stem: pd.read_csv(whole.open(name), keep_default_na=False)
            for name in whole.namelist()
        }


def rebuilt(tables: dict[str, pd.DataFrame]) -> str:
    """Return Antimony with an equation for each row, as a reader of the tables would write it."""
    lines = [
        f"{c.id} = {c.formula or repr(float(c.value))}" for c in tables["constants"].itertuples()
    ]
    change: dict[str, list[str]] = {}
    for place, one in enumerate(tables["reactions"].itertuples()):
        lines.append(f"flux_{place}__ := {one.rate}")
        net = Counter(one.products.split(" + "))
        net.subtract(one.reactants.split(" + "))
        for name, number in net.items():
            if name and number:
                change.setdefault(name, []).append(f"{number}*flux_{place}__")
    for s in tables["species"].itertuples():
        lines.append(f"{s.id} = {s.formula or repr(float(s.start))}")
        if not s.fixed:
            total = " + ".join(change.get(s.id, ["0"]))
            lines.append(f"{s.id}' = ({total}){'/' + s.divided_by if s.divided_by else ''}")
    lines += [f"{o.id} := {o.formula}" for o in tables["observables"].itertuples()]
    return "\n".join(lines)


def renamed(text: str) -> str:
    """Spare Antimony the name of a distribution of its own."""
    return re.sub(r"\bgamma\b", "gamma_of_model", text)


def test_tables_hold_the_whole_model(construct: Path, agrees: Callable[..., None]) -> None:
    network = generate.network(construct)
    tables = opened(FORMATS["csv"].content(network))
    assert list(tables["species"].pattern) == [
        re.sub("^@[^:]*:", "", each.pattern) for each in network.species
    ]
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(renamed(rebuilt(tables))) >= 0, antimony.getLastError()
    simulator = roadrunner.RoadRunner(antimony.getSBMLString(None))
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14
    simulator.integrator.maximum_num_steps = 200_000

    def run(names: list[str], times: np.ndarray) -> np.ndarray:
        simulator.timeCourseSelections = list(map(renamed, names))
        return np.array(simulator.simulate(times=times.tolist()))

    agrees(network, run)


def test_the_same_model_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    network = generate.network("complexes")
    first = FORMATS["csv"].content(network)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert FORMATS["csv"].content(network) == first


def test_tables_carry_units_and_notes() -> None:
    tables = opened(FORMATS["csv"].content(generate.network("complexes")))
    constants = tables["constants"].set_index("name")
    assert constants.loc["MTOR_0", "unit"] != ""
    assert constants.loc["MTOR_0", "notes"] != ""
