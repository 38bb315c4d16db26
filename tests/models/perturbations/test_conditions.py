"""Conditions as data: complete, about parameters that exist, and combinable or refused."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from mtorules.models import catalogue
from mtorules.models.perturbations import compounds, conditions

with (Path(__file__).parent / "perturbations.csv").open(encoding="utf-8") as file:
    PERTURBATIONS = {row["name"]: row["conditions"].split() for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def parameters() -> dict[str, float]:
    """The parameters of the whole network."""
    return {p.name: p.value for p in catalogue.build("signalling").parameters}


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_every_perturbation_that_is_asked_for_exists(name: str) -> None:
    missing = [each for each in PERTURBATIONS[name] if each not in conditions.table()]
    assert not missing


def test_every_condition_sets_parameters_of_the_whole_network(parameters: dict[str, float]) -> None:
    for condition in conditions.table().values():
        assert condition.values.keys() <= parameters.keys(), condition.name


def test_every_condition_says_what_it_is() -> None:
    silent = [each.name for each in conditions.table().values() if not each.summary]
    assert not silent


def test_only_statements_of_the_reference_leave_the_reference_as_it_is(
    parameters: dict[str, float],
) -> None:
    standing = {"FED", "feedback_dominated", "REOXYGENATION", "WASH_OUT", "NO_E2"}
    for condition in conditions.table().values():
        changed = {k for k, v in condition.values.items() if v != pytest.approx(parameters[k])}
        if condition.kind != "compound":
            assert bool(changed) != (condition.name in standing), condition.name


def test_a_fold_is_a_multiple_of_the_reference(parameters: dict[str, float]) -> None:
    assert conditions.values("ERBB2_amp")["ERBB2_0"] == pytest.approx(10 * parameters["ERBB2_0"])
    assert conditions.values("PDPK1_5pct")["PDPK1_0"] == pytest.approx(parameters["PDPK1_0"] / 20)


def test_a_heterozygous_mutant_keeps_the_number_of_molecules(parameters: dict[str, float]) -> None:
    for name, wild, mutant in (
        ("PIK3CA_mut", "PIK3CA_0", "PIK3CA_H1047R_0"),
        ("KRAS_G12V", "KRAS_0", "KRAS_G12V_0"),
    ):
        values = conditions.values(name)
        assert values[wild] + values[mutant] == pytest.approx(parameters[wild])


def test_genotypes_and_environments_combine_freely() -> None:
    kinds = ("genotype", "environment")
    genotypes, environments = ([c.name for c in conditions.search(kind=kind)] for kind in kinds)
    for genotype in genotypes:
        for environment in environments:
            both = conditions.values(genotype, environment)
            assert both == {**conditions.values(genotype), **conditions.values(environment)}


PAIRS = [
    ("PTEN_null", "KRAS_G12V"),
    ("PTEN_null", "BRAF_V600E"),
    ("PIK3CA_mut", "KRAS_G12V"),
    ("PIK3CA_mut", "BRAF_V600E"),
    ("TSC2_null", "KRAS_G12V"),
    ("TSC2_null", "PTEN_null"),
    ("ERBB2_amp", "PTEN_null"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_double_mutants_are_both(one: str, other: str) -> None:
    assert conditions.values(one, other) == {**conditions.values(one), **conditions.values(other)}


def test_conditions_combine() -> None:
    both = conditions.values("sequestration_prone", "irreversible_rapalog")
    assert both["release_rapalog"] == 0
    assert both["FKBP1A_0"] == 9080


@pytest.mark.parametrize(
    "names",
    [
        ("FED", "GF0"),
        ("AA0", "AA50"),
        ("PTEN_null", "PTEN_het"),
        ("feedback_dominated", "sequestration_prone"),
        ("HYPOXIA", "REOXYGENATION"),
        *combinations(("Torin1", "PP242", "AZD8055"), 2),
    ],
)
def test_contradictory_conditions_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(conditions.ConditionError, match=r"both set .* cannot be combined"):
        conditions.values(*names)


def test_a_contradiction_names_both_values() -> None:
    with pytest.raises(
        conditions.ConditionError,
        match=r"'AA50' and 'AA0' both set 'amino_acids', to 0.5 and 0",
    ):
        conditions.values("AA0", "AA50")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PTEN-null", "PTEN_null"),
        ("pten null", "PTEN_null"),
        ("Torin 1", "Torin1"),
        ("CCI-779", "temsirolimus"),
        ("gedatolisib", "PF05212384"),
        ("MEK inhibitor (class)", "trametinib"),
    ],
)
def test_spelling_and_other_names_do_not_matter(written: str, meant: str) -> None:
    assert conditions.find(written).name == meant


def test_no_two_conditions_are_spelt_alike() -> None:
    owners: dict[str, str] = {}
    for name in conditions.table():
        compound = compounds.table().get(name)
        for each in (name, *(compound.aliases if compound else ())):
            plain = "".join(character for character in each.casefold() if character.isalnum())
            assert owners.setdefault(plain, name) == name


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("close_system", "closed_system"), ("TSC3_null", "TSC2_null"), ("torin", "Torin1")],
)
def test_an_unknown_condition_gets_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(conditions.ConditionError, match=f"Did you mean .*'{nearest}'"):
        conditions.values(wrong)


def test_a_model_that_lacks_the_molecule_is_told_which_has_it() -> None:
    with pytest.raises(
        conditions.ConditionError,
        match="'translation' cannot be put under 'PTEN_null', as it has no 'PTEN_0'; "
        "'insulin_mtor' and 'signalling' can",
    ):
        conditions.values_in("translation", "PTEN_null")


def test_a_part_of_the_network_takes_what_it_has_of_an_environment() -> None:
    assert conditions.values_in("insulin_mtor", "GF0") == {"IGF1_0": 0, "INS_0": 0}
    assert conditions.values_in("mapk_tsc", "GF0") == {"EGF_0": 0}
    with pytest.raises(conditions.ConditionError, match="'energy_stress' and 'signalling' can"):
        conditions.values_in("mapk_tsc", "HYPOXIA")


def test_parts_of_the_network_take_rapalogs_and_no_bisteric_compound() -> None:
    """What micromolar rapalogs do to mTOR itself stands in the tables; the other half of a
    bi-steric compound takes the kinase at once, and asks for a model that has it."""
    for model in ("complexes", "rapamycin"):
        for name in ("rapamycin", "everolimus", "temsirolimus", "ridaforolimus"):
            assert "Kd_FKBP1A_RAPA" in conditions.values_in(model, name)
        with pytest.raises(conditions.ConditionError, match="'Ki_RAPA_MTORC1'"):
            conditions.values_in(model, "RapaLink1")


def test_search_looks_in_names_notes_and_parameters() -> None:
    assert [c.name for c in conditions.search("S1101A")] == ["IRS1_S636A"]
    assert {"PTEN_null", "PTEN_het"} == {c.name for c in conditions.search("PTEN_0", "genotype")}
    assert [c.name for c in conditions.search("dactolisib")] == ["BEZ235"]


def test_a_faulty_table_lists_every_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ",".join(conditions.COLUMNS),
        "a,genotype,PTEN_O,0,fold,assumed,,a letter for a nought",
        "b,genotype,PTEN_0,none,fold,assumed,,no number",
        "c,genotype,PTEN_0,1,1/s,assumed,,a rate",
        "d,genome,PTEN_0,0,fold,assumed,,no such kind",
        "e,genotype,PTEN_0,0,fold,guessed,,no such evidence",
    ]
    (tmp_path / "conditions.csv").write_text("\n".join(rows) + "\n")
    conditions.reference()  # from the tables of the package
    monkeypatch.setattr(conditions, "_TABLE", tmp_path / "conditions.csv")
    with pytest.raises(conditions.ConditionError) as error:
        conditions.table.__wrapped__()
    found = str(error.value).splitlines()
    assert [line.partition(": ")[0] for line in found] == [
        f"conditions.csv:{line}" for line in range(2, 7)
    ]
    assert "Did you mean 'PTEN_0'" in found[0]
    assert "'PTEN_0' is in nM, not in 1/s" in found[2]
