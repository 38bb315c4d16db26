import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysb
import pytest
import sympy
from mtorules.models.building.drafting import drafting
from mtorules.network import generate
from mtorules.network.bionetgen import bng2
from mtorules.network.bionetgen.limits import Bounds, GenerationError, Limits
from mtorules.network.mathematics.numerics import Values
from mtorules.network.network import Network
from mtorules.network.sources import finding
from pysb.bng import generate_equations
from pysb.core import SelfExporter

CHAIN = """
begin model
begin parameters
  k 1
end parameters
begin seed species
  A(l,r) 10
end seed species
begin reaction rules
  grow: A(l) + A(r) <-> A(l!1).A(r!1) k,k
end reaction rules
begin observables
  Molecules As A()
end observables
end model
"""
BOUNDED = CHAIN + "generate_network({max_stoich=>{A=>3},overwrite=>1})\n"


def test_parameters_are_live(
    construct: Path,
    network_of: Callable[[Path], Network],
    scaled: Callable[[Path, random.Random], tuple[Network, dict[str, float]]],
) -> None:
    """Scaling in the model, before generation, and in the network, after it, must agree."""
    network = network_of(construct)
    factors = random.Random(construct.name)
    other, changes = scaled(construct, factors)
    assert [s.pattern for s in other.species] == [s.pattern for s in network.species]
    amounts = [factors.uniform(0.1, 20) for _ in network.species]
    ours = Values(network, amounts, time=2.0, changes=changes)
    theirs = Values(other, amounts, time=2.0)
    assert ours.rates() == pytest.approx(theirs.rates(), rel=1e-12)
    assert ours.sizes() == pytest.approx(theirs.sizes(), rel=1e-12)
    start = Values(network, changes=changes).amounts
    assert start == pytest.approx(Values(other).amounts, rel=1e-12)


def test_rates_are_those_of_pysb(example: str) -> None:
    """PySB parses the network file in its own way; its equations must be ours."""
    found = finding.load(example)
    model: Any = found.model
    network = generate.network(found)
    model.reset_equations()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # models without initial conditions
        generate_equations(model)
    assert len(network.species) == len(model.species)
    factors = random.Random(example)
    amounts = [factors.uniform(0.1, 20) for _ in network.species]
    values = Values(network, amounts, time=2.0)
    state = {sympy.Symbol(f"__s{i}"): amount for i, amount in enumerate(amounts)}
    expected = [
        float(flat(reaction["rate"]).subs({s: value_of(s, state) for s in free(reaction["rate"])}))
        for reaction in model.reactions
    ]
    assert sorted(values.rates()) == pytest.approx(sorted(expected), rel=1e-9)


def flat(rate: Any) -> Any:
    """Return a rate of PySB's over parameters and species alone."""
    for _ in range(10):
        inner = {a: a.expr for a in rate.atoms(pysb.Expression)}
        inner |= {a: a.expand_obs() for a in rate.atoms(pysb.Observable)}
        if not inner:
            return rate
        rate = rate.xreplace(inner)
    raise AssertionError("expressions in a circle")


def free(rate: Any) -> set[Any]:
    return flat(rate).free_symbols


def value_of(symbol: Any, state: dict[Any, float]) -> float:
    if isinstance(symbol, pysb.Parameter):
        return symbol.value
    return 2.0 if symbol.name == "time" else state[symbol]


def test_the_model_and_pysbs_export_are_left_alone() -> None:
    found = finding.load(Path(__file__).parents[1] / "constructs" / "energies.py")
    model: Any = found.model
    before = [repr(component) for component in model.all_components()]
    state = vars(SelfExporter).copy()
    generate.network(found, cache=False)
    assert [repr(component) for component in model.all_components()] == before
    assert {key: vars(SelfExporter)[key] for key in state} == state
    assert model.species == []
    assert model.reactions == []


def test_networks_come_from_the_cache_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path))
    first = generate.from_bngl(BOUNDED, "chain")
    (kept,) = (tmp_path / "networks").iterdir()

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("BNG2.pl was run again")

    with monkeypatch.context() as patch:
        patch.setattr(bng2, "network_file", refuse)
        assert generate.from_bngl(BOUNDED, "chain") == first
        with pytest.raises(AssertionError, match="run again"):
            generate.from_bngl(BOUNDED, "chain", cache=False)
        with pytest.raises(AssertionError, match="run again"):
            generate.from_bngl(BOUNDED.replace("k 1", "k 2"), "chain")
        with pytest.raises(AssertionError, match="run again"):
            generate.from_bngl(BOUNDED.replace("A=>3", "A=>4"), "chain")

    # A damaged entry is made anew, whatever the damage.
    whole = kept.read_bytes()
    for damaged in (b"", whole[:50], b"x" + whole, whole[:-1]):
        kept.write_bytes(damaged)
        assert generate.from_bngl(BOUNDED, "chain") == first
        assert kept.read_bytes() == whole
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]  # nothing half-written


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path / "file"))
    assert len(generate.from_bngl(BOUNDED, "chain").species) == 3


def test_progress_is_reported_by_iteration() -> None:
    seen: list[tuple[int, int, int]] = []
    network = generate.from_bngl(
        BOUNDED, "chain", progress=lambda *report: seen.append(report), cache=False
    )
    assert seen[0] == (0, 1, 0)
    assert seen[-1][1:] == (len(network.species), len(network.reactions))


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(species=12), "more than 12 species"),
        (Limits(reactions=50), "more than 50 reactions"),
        (Limits(iterations=3), "new species still after 3 iterations"),
    ],
)
def test_an_infinite_network_is_given_up(limits: Limits, said: str) -> None:
    with pytest.raises(GenerationError, match=said):
        generate.from_bngl(CHAIN, "chain", limits=limits, cache=False)


def test_generation_ends_in_time() -> None:
    begun = time.monotonic()
    with pytest.raises(GenerationError, match=r"not ready after 1 s"):
        generate.from_bngl(CHAIN, "chain", limits=Limits(seconds=1), cache=False)
    assert time.monotonic() - begun < 5


def test_a_file_that_bounds_itself_is_taken_at_its_word() -> None:
    text = CHAIN + "generate_network({max_iter=>2})\n"
    network = generate.from_bngl(text, "chain", limits=Limits(iterations=1))
    assert [p.pattern.count("A(") for p in network.species] == [1, 2, 3, 4]
    assert network.warnings == ("The network is cut short by max_iter; more species would follow.",)


def test_rules_and_energies_keep_their_authors_words(
    network_of: Callable[[str], Network],
) -> None:
    network = network_of("energy_patterns.bngl")
    assert network.rules[0].bngl == ("A(b) + B(a) <-> A(b!1).B(a!1) Arrhenius(phi,(Ea+5)/RT)")
    assert [(e.name, e.energy) for e in network.energies] == [
        ("bound", "Gbind/RT"),
        ("coop", "(2*Gcoop)/RT"),
        ("state", "Gstate/RT"),
    ]
    loose = network_of("loose_layout.bngl")
    assert [(r.name, r.bngl) for r in loose.rules] == [
        ("1", "A(b) + B(a) <-> A(b!1).B(a!1) k,kr"),
        ("named", "A(y~u) -> A(y~p) k"),
        ("_R1", "0 -> B(a) kr"),
    ]


def test_total_rates_are_warned_of(network_of: Callable[[str], Network]) -> None:
    (warning,) = network_of("total_rate.bngl").warnings
    assert "on, off" in warning
    assert network_of("hill.bngl").warnings == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("A(r!1) k,k", "A(r!1) k,kk", 10, "Undefined parameter 'kk' is referenced in Ratelaw."),
        ("A(l) + A(r)", "A(l + A(r)", 10, "A(l"),
        ("k 1", "k 1 $", 4, "In: k 1 $"),
        (
            "  A(l,r) 10",
            "  A(l,,r!1) 10",
            7,
            "dangling edge not allowed in species graph! In: A(l,,r!1) 10",
        ),
        ("end reaction rules", "", 12, "'end reaction rules' was expected before 'begin obs"),
        (
            "end model",
            'end model\ngenerate_network({max_iter=>2})\nsetConcentration("B()",1)',
            17,
            'In: setConcentration("B()",1)',
        ),
    ],
)
def test_errors_of_bng2_come_with_their_line(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(GenerationError) as caught:
        generate.from_bngl(CHAIN.replace(old, new), "chain")
    assert said in str(caught.value)
    assert ".pm" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.line == line


def test_what_a_file_does_before_its_first_simulation_is_done() -> None:
    more = """generate_network({overwrite=>1})
setConcentration("A(l!1,r).A(l,r!1)","2*k")
setParameter("k",3)
simulate({method=>"ode",t_end=>1})
setParameter("k",4)
"""
    text = BOUNDED.replace("generate_network", "setConcentration('A(l,r)',7)\ngenerate_network")
    network = generate.from_bngl(text + more, "chain")
    values = Values(network)
    assert values.amounts == pytest.approx([7, 6, 0])
    assert network.warnings == (
        "Left out, because the model was simulated before: setParameter (line 22).",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  grow: A(l) + A(r) <-> A(l!1).A(r!1) k,k\n", "", "no reaction rules"),
        (
            "A(l) + A(r) <-> A(l!1).A(r!1) k,k",
            "A(l!1).A(r!1) -> A(l) + A(r) k",
            "no reactions: no rule applies to any seed species",
        ),
    ],
)
def test_models_without_rules_or_seeds_are_told_so(old: str, new: str, said: str) -> None:
    text = CHAIN.replace(old, new)
    with pytest.raises(GenerationError, match=said):
        generate.from_bngl(text, "chain")


def test_an_error_in_a_pysb_model_shows_the_component() -> None:
    model = pysb.Model("m", _export=False)
    with drafting(model):
        outer = pysb.Compartment("outer", dimension=3)
        pysb.Compartment("inner", dimension=3, parent=outer)
        a = pysb.Monomer("A")
        pysb.Rule("lose", a() ** outer >> None, pysb.Parameter("k", 1))
    with pytest.raises(GenerationError, match=r"same dimension as compartment.*In: inner 3"):
        generate.from_pysb(model)


def test_public_door_takes_models_names_and_paths() -> None:
    path = Path(__file__).parents[1] / "constructs" / "annotated.py"
    model = finding.load(path).model
    assert model is not None
    assert generate.network(path) == generate.network(str(path))
    assert generate.network(model).species == generate.network(path).species
    assert len(generate.network("rapamycin").species) > 5


def polymer() -> pysb.Model:
    model = pysb.Model("polymer", _export=False)
    with drafting(model):
        a = pysb.Monomer("A", ["l", "r"])
        k = pysb.Parameter("k", 1)
        pysb.Rule("grow", a(l=None) + a(r=None) | a(l=1) % a(r=1), k, k)
        pysb.Initial(a(l=None, r=None), pysb.Parameter("A0", 10))
    return model


@pytest.mark.parametrize("road", ["bngl", "pysb"])
def test_both_roads_can_be_bounded(road: str) -> None:
    """Chains of up to n, and rings of two and more where two ends are in one species: none here."""
    source = polymer() if road == "pysb" else CHAIN

    def made(bounds: Bounds) -> Network:
        if isinstance(source, str):
            return generate.from_bngl(source, "chain", bounds=bounds, cache=False)
        return generate.from_pysb(source, bounds=bounds, cache=False)

    for longest in (2, 4):
        network = made(Bounds(max_stoich={"A": longest}))
        assert [s.pattern.count("A(") for s in network.species] == list(range(1, longest + 1))
        assert network.warnings == ()
    network = made(Bounds(max_iter=2))
    assert [s.pattern.count("A(") for s in network.species] == [1, 2, 3, 4]
    assert network.warnings == ("The network is cut short by max_iter; more species would follow.",)


def test_bounds_stand_instead_of_the_files_own() -> None:
    network = generate.from_bngl(BOUNDED, "chain", bounds=Bounds(max_stoich={"A": 2}))
    assert len(network.species) == 2
    assert len(generate.from_bngl(BOUNDED, "chain").species) == 3


def test_a_bound_on_no_molecule_is_refused() -> None:
    with pytest.raises(GenerationError, match="names 'a', which is no molecule type"):
        generate.from_pysb(polymer(), bounds=Bounds(max_stoich={"a": 2}))


def test_an_endless_network_is_known_by_its_species_within_an_iteration() -> None:
    """Twelve molecules come in the fourth round of doublings, whose end is not waited for."""
    with pytest.raises(GenerationError) as caught:
        generate.from_pysb(polymer(), limits=Limits(molecules=11), cache=False)
    said = str(caught.value)
    assert "a species of more than 11 molecules after 3 iterations" in said
    assert "rule 'grow' made most of it" in said
    assert "max_stoich" in said
    assert "--limit" in said
    network = generate.from_pysb(
        polymer(), limits=Limits(molecules=2), bounds=Bounds(max_stoich={"A": 5}), cache=False
    )
    assert len(network.species) == 5
