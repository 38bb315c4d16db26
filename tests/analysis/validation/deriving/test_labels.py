"""What labels mean: a name that the mapping knows, or a reason why none."""

import pytest
from mtorules.analysis.validation import names, targets
from mtorules.analysis.validation.deriving import labels
from mtorules.analysis.validation.tables import TargetError

KINDS = {"line": "lines", "drug": "drugs", "stimulus": "stimuli", "readout": "readouts"}


@pytest.mark.parametrize(
    ("kind", "dataset", "label", "name"),
    [
        ("readout", "hpn_dream", "MAPK_pT202_Y204", "pERK"),
        ("readout", "hpn_dream", "EGFR_pY1068", "pEGFR_Y"),
        ("readout", "bosdriesz2022", "EGFR", "pEGFR_Y"),
        ("readout", "korkola2015", "EGFR(V)", "EGFR"),
        ("readout", "hms20218", "pMEK(S217/221)", "pMEK"),
        ("line", "niepel2014", "MDA-MB-453", "MDAMB453"),
        ("drug", "korkut2015", "PLX4720(BRAFi)", "PLX4720"),
        ("stimulus", "niepel2014", "IGF-I", "IGF1"),
    ],
)
def test_labels_of_studies_have_names(kind: str, dataset: str, label: str, name: str) -> None:
    assert labels.meaning(kind, dataset, label) == (name, "")


def test_what_has_no_name_has_a_reason() -> None:
    found = labels.meaning("readout", "hpn_dream", "STAT3_pY705")
    assert not found.name
    assert found.reason == "readout none: the epitope or protein is not in the model"
    assert labels.meaning("line", "hass2017", "332M").reason.startswith("line cut: ")


def test_each_name_is_one_that_the_mapping_knows() -> None:
    for row in labels._rows():
        if ": " in row["name"] or not row["name"]:
            continue
        for part in row["name"].split(" + "):
            assert part.partition("=")[0] in names.table(KINDS[row["kind"]]), row
        assert row["dataset"] in ("", *targets.datasets()), row


def test_a_label_that_nobody_met_is_told() -> None:
    with pytest.raises(
        TargetError, match=r"labels\.csv does not say what the line 'HeLa' of imoto"
    ):
        labels.meaning("line", "imoto2022", "HeLa")
