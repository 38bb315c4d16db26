"""Random rule sets through the whole export, with BioNetGen's own simulator as the judge."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.network.bionetgen.limits import Limits
from mtorules.network.mathematics.numerics import Values

Run = Callable[[Path, float, int], dict[str, np.ndarray]]
Courses = Callable[[str, np.ndarray, Sequence[str]], Mapping[str, np.ndarray]]
Findings = Callable[[str], list[str]]

NAMES = ("A", "B", "C")
PLACES = ("out", "skin", "in")
SIZES = st.sampled_from(["0.5", "2", "7.5", "scale", "2*scale", "scale^2/3"])
RATES = st.sampled_from(["k1", "k2", "k3", "2*k1", "k1*k2", "fast()", "slow()"])


@st.composite
def rule_sets(draw: st.DrawFn) -> str:
    """Return BNGL: molecules with bonds and states, maybe in compartments, expressions as rates."""
    names = NAMES[: draw(st.integers(1, 3))]
    spatial = draw(st.booleans())
    place = {name: draw(st.sampled_from(PLACES)) if spatial else "" for name in names}
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i:] if _near(place[a], place[b])]
    bonds = _finite(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)))
    sites: dict[str, list[str]] = {name: [] for name in names}
    rules: list[str] = []
    constant = st.sampled_from(["k1", "k2", "k3"])
    for number, (a, b) in enumerate(bonds):
        site = f"b{number}"
        for name in {a, b}:
            sites[name].append(site)
        left = f"{a}({site}) + {b}({site}) <-> {a}({site}!1).{b}({site}!1)"
        rules.append(f"bind{number}: {left} {draw(constant)},{draw(constant)}")
    modified = draw(st.lists(st.sampled_from(names), unique=True))
    for name in modified:
        context = "".join(f",{s}{draw(st.sampled_from(['', '!+', '!?']))}" for s in sites[name][:1])
        helper = draw(st.sampled_from(["", *(h for h in names if _near(place[h], place[name]))]))
        extra = f" + {helper}()" if helper else ""
        rate = draw(constant) if helper else draw(RATES)
        rules.append(f"on{name}: {name}(y~u{context}){extra} -> {name}(y~p{context}){extra} {rate}")
        rules.append(f"off{name}: {name}(y~p) -> {name}(y~u) {draw(RATES)}")
    types = {name: [*sites[name], *(["y~u~p"] if name in modified else [])] for name in names}
    seeds = {name: f"{name}({','.join(t.split('~p')[0] for t in types[name])})" for name in names}
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=2)):
        suffix = f"@{place[name]}" if spatial else ""
        rules.append(f"make{name}: 0 -> {seeds[name]}{suffix} {draw(constant)}")
        option = draw(st.sampled_from(["", " DeleteMolecules"]))
        rules.append(f"lose{name}: {name}() -> 0 {draw(constant)}{option}")
    if not rules:
        rules.append(f"lose: {names[0]}() -> 0 k1")
    sizes = [draw(SIZES) for _ in PLACES]
    lines = ["begin model", "begin parameters"]
    values = st.floats(0.01, 0.5, allow_subnormal=False)
    lines += [f"  k{i} {draw(values)!r}" for i in (1, 2, 3)]
    lines += [f"  scale {draw(st.floats(0.5, 3))!r}", "  start 12*scale", "end parameters"]
    if spatial:
        lines += [
            "begin compartments",
            f"  out 3 {sizes[0]}",
            f"  skin 2 {sizes[1]} out",
            f"  in 3 {sizes[2]} skin",
            "end compartments",
        ]
    lines += ["begin molecule types", *(f"  {n}({','.join(types[n])})" for n in names)]
    lines += ["end molecule types", "begin seed species"]
    lines += [f"  {f'@{place[n]}:' if spatial else ''}{seeds[n]} start" for n in names]
    lines += ["end seed species", "begin observables"]
    lines += [f"  Molecules all{n} {n}()" for n in names]
    lines += [f"  Molecules p{n} {n}(y~p)" for n in modified]
    lines += [f"  Species pair{i} {a}(b{i}!1).{b}(b{i}!1)" for i, (a, b) in enumerate(bonds)]
    lines += ["end observables", "begin functions"]
    lines += [f"  fast() k1*(1+all{names[0]}/(start+all{names[0]}))", "  slow() fast()/(2+k2)"]
    lines += ["end functions", "begin reaction rules", *(f"  {rule}" for rule in rules)]
    return "\n".join([*lines, "end reaction rules", "end model", ""])


def _finite(bonds: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the bonds without those that would let chains grow for ever.

    The bonds form a tree, of which one molecule may also bind its like: that doubles the tree.
    """
    trees = {name: frozenset({name}) for name in NAMES}
    doubled: set[str] = set()
    kept = []
    for a, b in bonds:
        tree = trees[a] | trees[b]
        if a == b:
            if tree & doubled:
                continue
            doubled.add(a)
        elif trees[a] == trees[b] or (trees[a] & doubled and trees[b] & doubled):
            continue
        trees.update(dict.fromkeys(tree, tree))
        kept.append((a, b))
    return kept


def _near(one: str, other: str) -> bool:
    """Whether BioNetGen lets two molecules meet: in one place, or on both sides of its border."""
    return not one or one == other or "skin" in (one, other)


def test_rule_sets_of_chance_are_valid_and_run_as_in_run_network(
    tmp_path: Path, run_network: Run, courses: Courses, findings: Findings
) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),  # shrinking takes a simulation a step
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(text=rule_sets(), irreversible=st.booleans())
    def agrees(text: str, irreversible: bool) -> None:
        path = tmp_path / "chance.bngl"
        path.write_text(text)
        network = generate.network(path, cache=False, limits=Limits(species=200))
        document = writer.document(network, irreversible=irreversible)
        assert findings(document.text) == []
        expected = run_network(path, 3, 3)
        ids = document.report.symbols
        assert ids is not None
        found = courses(document.text, expected["time"], [ids[g.name] for g in network.groups])
        size = max(Values(network).amounts)
        for group in network.groups:
            assert found[ids[group.name]] == pytest.approx(
                expected[group.name], rel=1e-6, abs=1e-8 * size
            ), f"{group.name} of:\n{text}"

    agrees()
