"""Compounds: complete for their class, true to the reference, and refused where they cannot act."""

import pytest
from mtorules.models import catalogue
from mtorules.models.perturbations import compounds, conditions

# The compound whose constants stand in the tables of the mechanisms, a class each.
REFERENCE = (
    "rapamycin",
    "Torin1",
    "BEZ235",
    "BKM120",
    "ipatasertib",
    "MK2206",
    "trametinib",
    "vemurafenib",
    "erlotinib",
    "lapatinib",
    "linsitinib",
    "crizotinib",
    "dasatinib",
    "lonafarnib",
    "tamoxifen",
    "fulvestrant",
    "MRT68921",
    "trastuzumab",
    "bevacizumab",
    "metformin",
)


def dosed() -> list[str]:
    return [each.name for each in compounds.table().values() if each.species]


@pytest.mark.parametrize("name", dosed())
def test_a_compound_sets_every_constant_of_its_class(name: str) -> None:
    compound = compounds.table()[name]
    own = {constant.parameter for constant in compound.constants}
    asked = {p for p in conditions.reference() if p.startswith(f"Ki_{compound.species}_")}
    if compound.drug_class == "rapalog":
        asked = set()  # what they do to the kinase itself is the table's, and alike
    assert own >= asked
    assert own


@pytest.mark.parametrize("name", REFERENCE)
def test_the_reference_of_a_class_has_the_constants_of_the_mechanisms(name: str) -> None:
    for parameter, value in conditions.values(name).items():
        assert value == conditions.reference()[parameter].value


def test_every_class_has_one_reference() -> None:
    classes = [compounds.table()[name].species for name in REFERENCE]
    assert sorted(classes) == sorted({compounds.table()[name].species for name in dosed()})


def test_every_class_is_a_molecule_that_is_dosed_in_the_medium() -> None:
    model = catalogue.build("signalling")
    outside = {
        str(initial.pattern).partition("(")[0]
        for initial in model.initials
        if initial.pattern.compartment is None and "medium" in str(initial.pattern)
    }
    assert {compounds.table()[name].species for name in dosed()} <= outside


def test_every_constant_has_a_source_or_says_that_it_is_assumed() -> None:
    for compound in compounds.table().values():
        for constant in compound.constants:
            assert constant.note if constant.evidence == "assumed" else constant.citation
            # What nobody read again is not to be trusted far.
            if "remembered" in constant.note and "read in the abstract" not in constant.note:
                assert constant.confidence == "low", (compound.name, constant.parameter)
            if constant.confidence == "high":
                assert constant.identifier or "abstract" in constant.note


def test_a_dose_is_in_the_medium_in_nanomolar() -> None:
    assert compounds.table()["AZD8055"].dose(100) == {"TORKI_0": 100}
    assert compounds.table()["everolimus"].dose() == {"RAPA_0": 20}


def test_a_negative_dose_is_refused() -> None:
    with pytest.raises(compounds.CompoundError, match="in nM was expected, not -1"):
        compounds.table()["AZD8055"].dose(-1)


def test_a_drug_on_an_input_takes_no_dose() -> None:
    assert compounds.table()["octreotide"].dose() == {}
    with pytest.raises(compounds.CompoundError, match="octreotide takes no dose: it sets IGF1_0"):
        compounds.table()["octreotide"].dose(10)


@pytest.mark.parametrize("name", ["paclitaxel", "vinorelbine", "bicalutamide"])
def test_a_compound_without_a_target_is_refused(name: str) -> None:
    with pytest.raises(compounds.CompoundError, match="which no model holds"):
        conditions.values(name)


def test_a_compound_without_a_target_in_a_part_is_told_which_model_has_it() -> None:
    with pytest.raises(conditions.ConditionError, match=r"Ki_PI3KI_PI3K.*'signalling' can"):
        conditions.values_in("translation", "BKM120")


def test_selective_compounds_are_selective() -> None:
    def ratio(name: str, drug: str) -> float:
        values = conditions.values(name)
        return values[f"Ki_{drug}_PI3K"] / values[f"Ki_{drug}_MTORC1"]

    assert ratio("AZD8055", "TORKI") > 1000  # as its abstract has it
    assert ratio("BKM120", "PI3KI") < 1 / 50
    assert 0.01 < ratio("BEZ235", "DUAL") < 100
