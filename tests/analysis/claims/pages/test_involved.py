"""The rules that matter for a claim, on a network small enough to name them by hand."""

from pathlib import Path

import pytest
from mtorules.analysis.claims import reading
from mtorules.analysis.claims.binding import Binder
from mtorules.analysis.claims.pages import involved
from mtorules.analysis.claims.pages.involved import DIFFERS, DOSED, READ, SHARED, Group, Rules
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load

MODEL = """
begin model
begin parameters
  A_0 100
  B_0 50
  D_0 1
  k 0.1
  Ki 3
  kd 0.2
  kdeg 0.01
  kmake kdeg*B_0
  kx 1
  kf 1e-3
  kr 1e-3
end parameters
begin molecule types
  A(b,s~u~p)
  B(a)
  C(x~u~p)
  D()
end molecule types
begin seed species
  A(b,s~u) A_0
  B(a) B_0
  C(x~u) 1
  D() D_0
end seed species
begin observables
  Molecules A_total A()
  Molecules pA A(s~p)
  Molecules D_free D()
end observables
begin functions
  active() 1/(1+D_free/Ki)
  rate() k*active()
end functions
begin reaction rules
  phosphorylates: A(s~u) -> A(s~p) rate()
  dephosphorylates: A(s~p) -> A(s~u) kd
  binds: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
  makes_B: 0 -> B(a) kmake
  removes_B: B(a) -> 0 kdeg
  removes_D: D() -> 0 kx
  changes_C: C(x~u) -> C(x~p) rate()
  returns_C: C(x~p) -> C(x~u) kr
end reaction rules
end model
"""
CLAIM = """
claims:
  - id: a-claim
    statement: It is so.
    review: A
    kind: dynamics
    experiments: {experiments}
    checks: [{check}]
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path = tmp_path_factory.mktemp("model") / "small.bngl"
    path.write_text(MODEL)
    return load(path)


def groups(tmp_path: Path, loaded: Loaded, experiments: str, check: str) -> list[Group]:
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIM.format(experiments=experiments, check=check))
    claims = reading.read([path])
    assert loaded.network is not None
    return Rules(loaded.network, loaded).of(next(iter(claims)), Binder(claims, loaded.model))


def named(found: list[Group]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {group.reason: {rule.name: rule.why for rule in group.rules} for group in found}


def test_rules_matter_for_what_they_change_and_for_what_is_set_or_dosed(
    tmp_path: Path, loaded: Loaded
) -> None:
    found = groups(
        tmp_path,
        loaded,
        "{base: {set: {kr: 0.002}}, more: {like: base, set: {Ki: 2, B_0: x 2}, doses: {D: 5 nM}}}",
        "{ratio: pA / A_total, of: more, to: base, at: 1 h, expect: <= 1}",
    )
    assert named(found) == {
        READ: {"phosphorylates": ("pA",), "dephosphorylates": ("pA",)},
        DIFFERS: {"makes_B": ("B_0",), "changes_C": ("Ki",)},
        DOSED: {"removes_D": ("D()",)},
        SHARED: {"binds": ("kr",), "returns_C": ("kr",)},
    }
    assert found[0].rules[0].sentence == "A is phosphorylated at s."


def test_a_value_of_the_models_own_sets_nothing(tmp_path: Path, loaded: Loaded) -> None:
    check = "{value: pA, of: base, expect: <= 1}"
    found = groups(tmp_path, loaded, "{base: {set: {kr: 0.001, Ki: 3}}}", check)
    assert set(named(found)) == {READ}


def test_an_expression_is_read_through_the_observables_below_it(
    tmp_path: Path, loaded: Loaded
) -> None:
    found = groups(tmp_path, loaded, "{base: []}", "{value: rate, of: base, expect: <= 1}")
    assert named(found) == {READ: {"removes_D": ("D_free",)}}


def test_a_pattern_is_read_through_the_species_that_hold_it(tmp_path: Path, loaded: Loaded) -> None:
    found = groups(tmp_path, loaded, "{}", '{exists: "A(b!1).B(a!1)"}')
    assert named(found) == {READ: {"binds": ("A(b!1).B(a!1)",)}}


def test_no_more_than_some_are_named_and_the_rest_counted(
    tmp_path: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(involved, "MOST", 3)
    found = groups(
        tmp_path,
        loaded,
        "{base: [], more: {set: {B_0: x 2, kr: x 2, kd: x 2}}}",
        "{ratio: pA, of: more, to: base, expect: <= 1}",
    )
    # READ is the two of pA; DIFFERS the three of B_0 and kr that are not among them.
    assert [(group.reason, len(group.rules), group.more) for group in found] == [
        (READ, 2, 0),
        (DIFFERS, 1, 2),
    ]
