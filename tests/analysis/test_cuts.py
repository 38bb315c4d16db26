"""Claims without one mechanism: X is made at 2 per second and lost at 0.5 X, so it rests at 4."""

from pathlib import Path

import mtorules as mt
import pytest
from mtorules.analysis import cuts
from mtorules.analysis.claims import reading
from mtorules.analysis.claims.reading import Claims
from mtorules.simulation import load
from mtorules.simulation.engines import Loaded

MODEL = """
begin parameters
  make 2
  lose 0.5
  turn 3
end parameters
begin molecule types
  X()
  Y(s~u~p)
end molecule types
begin seed species
  X() 1
  Y(s~u) 1
end seed species
begin observables
  Molecules X X()
  Molecules Yp Y(s~p)
end observables
begin reaction rules
  made: 0 -> X() make
  lost: X() -> 0 lose
  turned: Y(s~u) <-> Y(s~p) turn, turn
end reaction rules
"""
CLAIMS = """
claims:
  - id: level
    statement: X rests at 4.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: X, of: cell, expect: 3.9 .. 4.1}]
  - id: little
    statement: There is hardly any X.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks: [{value: X, of: cell, expect: <= 1}]
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Claims, Loaded]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.bngl").write_text(MODEL, encoding="utf-8")
    (folder / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    loaded = load.load(mt.network(str(folder / "small.bngl")))
    return reading.read([folder / "claims.yaml"]), loaded


def test_a_cut_fails_the_claims_that_rest_on_it(
    small: tuple[Claims, Loaded], tmp_path: Path
) -> None:
    claims, loaded = small
    chosen = cuts.select(loaded, ["all"])
    options = {"store": tmp_path / "store", "workers": 1}
    found = cuts.cuts(claims, loaded, chosen, **options)
    assert (found.claims, found.held) == (2, 1)
    made, lost, turned = found.cuts
    assert (made.lost, made.won, made.unanswered) == (("level",), ("little",), {})
    assert turned.lost == turned.won == ()
    # What is made and never lost does not rest.
    assert lost.lost == ("level",)
    assert lost.unanswered["level"]
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir()}
    assert len(kept) == 4
    assert cuts.cuts(claims, loaded, chosen, **options) == found
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir()} == kept


def test_what_a_cut_leaves_unchanged_stays_where_it_began(
    small: tuple[Claims, Loaded], tmp_path: Path
) -> None:
    """And not where it rests in the whole model, or without what was cut before."""
    _, loaded = small
    claim = """
    claims:
      - id: half
        statement: Half of Y is phosphorylated.
        review: A
        kind: steady-state
        experiments: {cell: {}}
        checks: [{value: Yp, of: cell, expect: 0.4 .. 0.6}]
    """
    (tmp_path / "half.yaml").write_text(claim, encoding="utf-8")
    found = cuts.cuts(
        reading.read([tmp_path / "half.yaml"]),
        loaded,
        cuts.select(loaded, ["made", "turned"]),
        workers=1,
    )
    assert [one.lost for one in found.cuts] == [(), ("half",)]


def test_a_mechanism_is_asked_for_by_name(small: tuple[Claims, Loaded]) -> None:
    _, loaded = small
    assert [one.name for one in cuts.select(loaded, ["lost", "made", "lost"])] == ["lost", "made"]
    with pytest.raises(cuts.CutError, match=r"no mechanism 'losst'\. Did you mean 'lost'"):
        cuts.select(loaded, ["losst"])
    with pytest.raises(cuts.CutError, match="It has made, lost, turned"):
        cuts.select(loaded, ["zzz"])


def test_the_nearest_name_is_found_without_its_folder() -> None:
    with pytest.raises(cuts.CutError, match="Did you mean 'complexes/rapalog'"):
        cuts.select(load.load("rapamycin"), ["rapalogs"])
