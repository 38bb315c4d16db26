"""The fitted parameter set fits the tables that it stands before."""

from pathlib import Path

import pytest
from mtorules.models import catalogue
from mtorules.models.numbers import fitted
from mtorules.models.numbers.parameters import ParameterError, Quantity, Rates
from mtorules.models.perturbations import conditions


def test_the_parameter_set_belongs_to_the_tables_of_today() -> None:
    tables = conditions.tables()
    for name, found in fitted.table().items():
        quantity = tables[name]
        if quantity.evidence == "measured":  # counted in one line of cells
            assert name.endswith("_0"), name
            assert 0.5 <= found.value / quantity.value <= 2, name
        assert quantity.unit == found.unit, name
        assert quantity.value == found.prior, f"{name}: run 'make calibrate'"
        assert quantity.low <= found.value <= quantity.high, name


def test_it_says_how_it_was_found() -> None:
    about = fitted.about()
    assert {"seed", "objective", "versions", "starts", "checks", "failing_checks"} <= set(about)
    assert about["parameters"] == len(fitted.table())
    assert about["objective"] == min(start["objective"] for start in about["starts"])
    assert about.get("begun", about)["starts"]


def test_models_hold_the_fitted_values_and_say_that_they_were_fitted() -> None:
    model = catalogue.build("signalling")
    name, found = next(iter(fitted.table().items()))
    parameter = model.parameters[name]
    assert parameter.value == found.value
    told = {note.predicate: note.object for note in model.get_annotations(parameter)}
    assert told["evidence"] == "fitted"
    assert f"{found.prior:g}" in told["note"]
    assert conditions.reference()[name].value == found.value
    assert conditions.reference()[name].prior == found.prior


def test_conditions_multiply_what_was_fitted() -> None:
    moved = fitted.table()
    folds = [
        (condition, name, fold * moved[of].value)
        for condition in conditions.table().values()
        for name, (fold, of) in condition.folds.items()
        if of in moved
    ]
    assert folds
    for condition, name, value in folds:
        assert condition.values[name] == pytest.approx(value, rel=1e-9)


HEADER = "name,value,unit,prior,spreads\n"


def test_every_fault_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text(f"{HEADER}k,1,1/s,2,0\nk,0,1/s,2,0\nj,x,1/s,1,0\n", encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        fitted.read(path)
    assert str(error.value).splitlines() == [
        "set.csv:3: 'k' is not above zero.",
        "set.csv:3: 'k' stands twice.",
        "set.csv:4: 'j' has value 'x', which is not a number.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "set.csv:1: the columns are not name, value, unit, prior, spreads; 'name'"),
        ("name,value\nk,1\n", "'unit', 'prior', 'spreads' are missing"),
        ("name,value,prior,spreads\nk,1,1,0\n", "'unit' is missing"),
        (f"{HEADER[:-1]},note\nk,1,1/s,2,0,x\n", "there is also 'note'"),
        ("value,name,unit,prior,spreads\n1,k,1/s,2,0\n", "once each and in this order"),
        ("\ufeffvalue;name;unit\n", "the columns are not"),
        (f"{HEADER}k,1,parsec,2,0\n", "set.csv:2: 'k' has the unknown unit 'parsec'"),
        (f"{HEADER}k,1,nm,2,0\n", "unknown unit 'nm'"),
        (f"{HEADER}k,inf,1/s,2,0\n", "set.csv:2: 'k' has value 'inf', which is not a number"),
        (f"{HEADER}k,nan,1/s,2,0\n", "'k' has value 'nan', which is not a number"),
        (f"{HEADER}k,1e400,1/s,2,0\n", "'k' has value '1e400'"),
        (f"{HEADER}k,1e-400,1/s,2,0\n", "'k' has value '1e-400'"),
        (f"{HEADER}k,1_000,1/s,2,0\n", "'k' has value '1_000'"),
        (f"{HEADER}k,\uff11\uff10,1/s,2,0\n", "which is not a number"),
        (f"{HEADER}k,-1,1/s,2,0\n", "'k' is not above zero"),
        (f"{HEADER}k,,1/s,2,0\n", "'k' has value '', which is not a number"),
        (f"{HEADER},1,1/s,2,0\n", "there is no name"),
        (f"{HEADER}k,1,1/s,2\n", "5 cells were expected"),
        (f"{HEADER}k,1,1/s,2,0,7\n", "5 cells were expected"),
        (f"{HEADER}k,{'1' * 140_000},1/s,2,0\n", "set.csv:2: this is no CSV; field larger"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "set.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        fitted.read(path)
    assert said in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("0.1,uM", 100.0, "nM"),
        ("250,pM", 0.25, "nM"),
        ("3.6,1/h", 0.001, "1/s"),
        ("1.92e6,1/(M*s)", 0.00192, "1/(nM*s)"),
        ("2,h", 7200.0, "s"),
        ("0.1234567890123456,nM", 0.1234567890123456, "nM"),
        ("7,", 7.0, ""),
    ],
)
def test_units_are_obeyed(tmp_path: Path, written: str, value: float, unit: str) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(f"\ufeff{HEADER}k,{written},1,0\n".replace("\n", "\r\n").encode())
    found = fitted.read(path)["k"]
    assert (found.value, found.unit, found.where) == (value, unit, "set.csv:2")


def test_a_unit_that_changed_since_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own = fitted.Fitted("k", 2.0, "1/s", 1.0, 0.5)
    monkeypatch.setattr(fitted, "table", lambda: {"k": own})
    kept = Quantity("other", 1.0, "nM", 0.1, 10.0, "assumed", (), "why")
    moved = Quantity("k", 1.0, "1/s", 0.1, 10.0, "assumed", (), "why")
    rates = fitted.applied(Rates({"k": moved, "other": kept}, "a table"))
    assert rates["other"] is kept
    assert (rates["k"].value, rates["k"].prior, rates["k"].evidence) == (2.0, 1.0, "fitted")
    wrong = Quantity("k", 1.0, "nM", 0.1, 10.0, "assumed", (), "why")
    with pytest.raises(ParameterError, match="'k' is in nM, but was fitted in 1/s; run 'make"):
        fitted.applied(Rates({"k": wrong}, "a table"))


def test_another_set_sends_what_it_leaves_out_back_to_the_tables() -> None:
    first, second, *others = fitted.table()
    besides = conditions.unfitted({first}, {first, second, *others[1:]})
    assert besides[second] == conditions.tables()[second].value
    assert besides.keys() == {second, *others[1:]}
    assert conditions.unfitted(fitted.table(), fitted.table()) == {}


def test_what_is_no_text_is_no_parameter_set(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(b"\x8f\x00\xff")
    with pytest.raises(ParameterError, match="is no text in UTF-8"):
        fitted.read(path)
