from pathlib import Path

import pytest
from mtorules.models.building.drafting import drafting
from mtorules.models.numbers import parameters
from mtorules.models.perturbations import conditions
from pysb import Model

HEADER = ",".join(parameters.COLUMNS)
GOOD = "kf,1.92e6,1/(M*s),8e5,2e6,measured,KON_FRB_FKBPRAPA,"


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "rates.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


@pytest.mark.parametrize(
    ("row", "value", "unit"),
    [
        (GOOD, 1.92e-3, "1/(nM*s)"),
        ("kd,26,uM,25,27,measured,KD_FRB_RAPA,", 26_000, "nM"),
        ("thalf,37.4,h,12,112,transferred,HL_MTOR,", 37.4 * 3600, "s"),
        ("v,2e-9,L,1e-9,1e-8,assumed,,a guess", 2000, "pL"),
    ],
)
def test_values_come_out_in_the_units_of_the_model(
    tmp_path: Path, row: str, value: float, unit: str
) -> None:
    (quantity,) = parameters.read(table(tmp_path, row)).values()
    assert quantity.value == pytest.approx(value, rel=1e-14)
    assert quantity.low < quantity.value < quantity.high
    assert quantity.unit == unit


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("kf,abc,1/s,1,2,assumed,,why", "value 'abc', which is not a number"),
        ("kf,nan,1/s,1,2,assumed,,why", "not a number"),
        ("kf,-1,1/s,-2,2,assumed,,why", "a negative number"),
        ("kf,1_0,1/s,1,20,assumed,,why", "not a number"),
        ("kf,3,1/s,1,2,assumed,,why", "outside its range 1 to 2"),
        ("kf,1,1/(nM s),1,2,assumed,,why", "unknown unit '1/(nM s)'; did you mean '1/(nM*s)'?"),
        ("kf,1,1/s,1,2,guessed,,why", "evidence 'guessed'"),
        ("kf,1,1/s,1,2,assumed,,", "does not say why"),
        ("kf,1,1/s,1,2,measured,,", "names no source"),
        ("kf,1,1/s,1,2,measured,KD_FRB_RAPAS,", "'KD_FRB_RAPAS', which evidence.csv does not hold"),
        ("kf,1,1/s,1,2,measured,doi:11.1/a,", "no doi:, pubmed: or pmc: identifier"),
        ("kf,1,1/s,1,2,measured,pubmed:PMC12,", "no doi:, pubmed: or pmc: identifier"),
        ("k f,1,1/s,1,2,assumed,,why", "not a name"),
        ("kf,1,1/s,1,2,assumed", "8 cells were expected"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(parameters.ParameterError) as error:
        parameters.read(table(tmp_path, "k0,1,1/s,1,2,assumed,,why", row))
    assert fault in str(error.value)
    assert str(error.value).startswith("rates.csv:3: ")


def test_a_paper_is_cited_by_its_identifier_alone(tmp_path: Path) -> None:
    row = "kf,1,1/s,1,2,measured,doi:10.1126/science.abi6983 pubmed:18955708,"
    with drafting(Model("m", _export=False)) as model:
        component = parameters.read(table(tmp_path, row)).parameter("kf")
    found = {
        note.object
        for note in model.get_annotations(component)
        if note.predicate == "isDescribedBy"
    }
    assert found == {
        "https://identifiers.org/doi:10.1126/science.abi6983",
        "https://identifiers.org/pubmed:18955708",
    }


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    bad, worse = "a,x,1/s,1,2,assumed,,why", "b,1,furlong,1,2,,,"
    with pytest.raises(parameters.ParameterError) as error:
        parameters.read(table(tmp_path, bad, GOOD, GOOD, worse))
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["2", "4", "5", "5"]


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(parameters.ParameterError, match="columns are not name, value"):
        parameters.read(table(tmp_path, GOOD, header="name,value"))


def test_an_unknown_name_gets_the_nearest(tmp_path: Path) -> None:
    rates = parameters.read(table(tmp_path, GOOD.replace("kf,", "kf_MTOR_binds_RPTOR,")))
    with pytest.raises(parameters.ParameterError, match="Did you mean 'kf_MTOR_binds_RPTOR'"):
        rates["kf_MTOR_bind_RPTOR"]


def test_a_parameter_carries_what_its_row_says(tmp_path: Path) -> None:
    model = Model("m", _export=False)
    with drafting(model):
        component = parameters.read(table(tmp_path, GOOD + "by SPR")).parameter("kf")
    said = {note.predicate: note.object for note in model.get_annotations(component)}
    assert said == {
        "unit": "1/(nM*s)",
        "range": "0.0008 0.002",
        "evidence": "measured",
        "note": "measured; by SPR",
        "source": "KON_FRB_FKBPRAPA",
        "isDescribedBy": "https://identifiers.org/doi:10.1021/ja043277y",
    }


def test_what_notes_say_of_the_fed_cell_is_what_a_value_was_chosen_for() -> None:
    """A fit moves the fed cell, so no note claims how it is: the model is to be asked.

    Levels at which a part holds what it lacks are read off the whole network, and say so.
    """
    spoken = {
        name: quantity.note
        for name, quantity in conditions.tables().items()
        if "fed cell" in quantity.note and "of the whole network" not in quantity.note
    }
    assert spoken
    assert [name for name, note in spoken.items() if not note.startswith("chosen: ")] == []
