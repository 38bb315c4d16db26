"""What the words of targets are in the model: every row of the mapping, and names of the model."""

import csv
from pathlib import Path

import pytest
from mtorules.analysis.validation import names, targets
from mtorules.analysis.validation.names import Names
from mtorules.analysis.validation.tables import TargetError
from mtorules.models.perturbations import conditions
from mtorules.network.units.quantities import convert
from mtorules.simulation.engines import Loaded

LOOKED_UP = Path(__file__).parents[4] / "shared" / "data" / "cell_lines.csv"


@pytest.fixture(scope="module")
def known(signalling: Loaded) -> Names:
    return Names(signalling.model)


@pytest.mark.parametrize("name", names.table("readouts"))
def test_each_readout_is_an_output_of_the_model(known: Names, name: str) -> None:
    assert known.readout(name).text in known.model.outputs


@pytest.mark.parametrize("name", names.table("lines"))
def test_each_line_is_made_of_genotypes(known: Names, name: str) -> None:
    row = names.table("lines")[name]
    assert row["how_known"] in ("checked", "remembered", "conflict")
    assert row["how_known"] != "conflict" or row["note"]
    held = known.line(name)
    assert all(conditions.find(each).kind == "genotype" for each in held)
    assert set(conditions.values(*held)) <= set(known.model.settable)


@pytest.mark.parametrize("name", names.table("drugs"))
def test_each_drug_is_a_species_of_the_medium_with_constants(known: Names, name: str) -> None:
    row = names.table("drugs")[name]
    assert bool(row["compound"]) != bool(row["species"] and row["constants"])
    given = known.drug(f"{name}=10 nM")
    (dose,) = given.doses
    assert len(known.model.species_of(dose.partition("=")[0])) == 1
    for constant in given.settings:
        parameter, _, value = constant.partition("=")
        unit = known.model.parameters[parameter].unit
        assert unit is not None
        assert (convert(value, unit) if parameter.startswith("Ki_") else float(value)) > 0
    assert row["class"] in names.table("below")
    if not row["compound"]:
        assert row["note"], "constants of one's own say where they are from"


@pytest.mark.parametrize("name", names.table("stimuli"))
def test_each_stimulus_is_a_parameter_or_a_condition(known: Names, name: str) -> None:
    row = names.table("stimuli")[name]
    given = known.stimulus(f"{name}=1 nM" if row["parameter"] else name)
    assert all(each.partition("=")[0] in known.model.settable for each in given.settings)
    assert bool(given.settings) != bool(given.conditions)


@pytest.mark.parametrize("name", names.table("media"))
def test_each_medium_is_made_of_conditions_and_settings(known: Names, name: str) -> None:
    medium = known.medium(name)
    assert bool(medium.hours) == bool(medium.starved)
    for each in (*medium.conditions, *medium.starved):
        assert conditions.find(each).kind == "environment"
    for each in medium.settings:
        assert each.partition("=")[0] in known.model.settable


def test_below_targets_stand_readouts() -> None:
    for row in names.table("below").values():
        assert set(row["readouts"].split()) <= set(names.table("readouts"))


def test_names_of_the_package_are_used_or_known_to_be_of_sets_that_do_not_ship() -> None:
    """What no target names is a slip, unless it is for a data set that does not ship."""
    used = targets.read()
    unused = set(names.table("readouts")) - {target.readout for target in used}
    assert unused <= {"pIRS1_Y", "pINSR_Y"}


@pytest.mark.skipif(not LOOKED_UP.exists(), reason="the rows that lines were looked up in are away")
def test_lines_agree_with_the_table_that_was_read() -> None:
    """PIK3CA, PTEN and HER2 of lines that are called checked; differences are called conflicts."""

    def plain(name: str) -> str:
        return name.replace("-", "").replace(" ", "").upper()

    with LOOKED_UP.open(encoding="utf-8") as file:
        rows = {plain(r["cell_line"]): r for r in csv.DictReader(file) if "seen" in r["how_known"]}
    for name, row in names.table("lines").items():
        read = rows.get(plain(name))
        if read is None or "No data" in read["PIK3CA"]:
            assert row["how_known"] != "checked", name
            continue
        own = row["conditions"]
        agree = (
            ("PIK3CA" in own) == (read["PIK3CA"] == "MUT")
            and ("PTEN" in own or name == "MDAMB453") == read["PTEN"].startswith("MUT")
            and ("ERBB2" in own) == ("HER2" in read["subtype"])
        )
        expected = {"checked"} if agree else {"conflict", "checked"}
        assert row["how_known"] in expected, name
        if not agree:
            assert row["note"], name


def test_names_of_the_model_do_where_the_tables_have_none(turnover: Loaded) -> None:
    known = Names(turnover.model)
    assert known.line("reference") == ()
    assert known.line("PTEN-null+KRAS_G12V") == ("PTEN_null", "KRAS_G12V")
    assert known.stimulus("s=2").settings == ("s=2",)
    assert known.drug("B()=3").doses == ("B()=3",)
    assert known.readout("A_level / B_level").names == {"A_level", "B_level"}


def test_drugs_together_have_their_classes_in_order(known: Names) -> None:
    assert known.drug_class("AZD8055=1 nM + trametinib=1 nM") == "MEK inhibitor + TOR-KI"
    assert known.drug_class("AZD8055=1e+3 nM+trametinib=1 nM") == "MEK inhibitor + TOR-KI"
    together = known.drug("AZD8055=1e+3 nM + trametinib=1 nM")
    assert together == known.drug("AZD8055=1e+3 nM+trametinib=1 nM")
    assert known.drug_class("RAD001=1 nM") == "rapalog"
    assert known.drug_class("") == "none"


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("line", "MCF-7", "there is no cell line 'MCF-7'. Did you mean 'MCF7'?"),
        ("line", "", "there is no cell line ''"),
        ("line", "GF0", "'GF0' is no cell line but what the dish offers"),
        ("line", "PTEN_null+AZD8055", "'AZD8055' is no cell line but the constants of one"),
        ("medium", "fulll", "there is no medium 'fulll'. Did you mean 'full'?"),
        ("stimulus", "EGFF=1 nM", "there is no stimulus 'EGFF'. Did you mean"),
        ("stimulus", "EGF", "the stimulus 'EGF' cannot be read; write 'EGF=10 nM'."),
        ("stimulus", "serum=10 nM", "cannot be read; write 'serum'."),
        ("drug", "AZD8056=1 nM", "there is no drug 'AZD8056'. Did you mean 'AZD8055'?"),
        ("drug", "AZD8055", "the drug 'AZD8055' has no dose; write 'AZD8055=10 nM'."),
        ("drug", "AZD8055=1", "the dose of 'AZD8055' cannot be read: '1' has no unit"),
        ("drug", "AZD8055=5 h", "the dose of 'AZD8055' cannot be read: '5 h' is a time"),
        ("drug", "carboplatin=1 nM", "takes no dose"),
        ("drug", "AZD8055=1 nM + Torin1=1 nM", "share 'TORKI_medium'"),
        ("readout", "pERKK", "there is no readout 'pERKK'. Did you mean 'pERK'?"),
    ],
)
def test_a_name_that_is_none_is_told_with_what_would_do(
    known: Names, kind: str, text: str, said: str
) -> None:
    with pytest.raises(TargetError) as caught:
        getattr(known, kind)(text)
    assert said in str(caught.value)
