"""Mappings: what is wrong in one is said with its file, its line and what would be right."""

import re
from pathlib import Path

import pytest
from mtorules.analysis.claims import reading as claims_reading
from mtorules.analysis.claims.mapping import loading, reading
from mtorules.analysis.claims.mapping.reading import Known, MappingError

from .conftest import MAPPING

PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "published_models"


@pytest.fixture(scope="module")
def names() -> Known:
    return reading.known(claims_reading.read())


def told(text: str, names: Known, tmp_path: Path, model: Path | None = None) -> list[str]:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        translation = reading.read(path, names)
        assert model is not None
        loading.loaded(model, translation)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ("S6K_pT389: Sp", "S6K_pT398: Sp", 8, "no claim knows a readout 'S6K_pT398'; did you mean"),
        ("GF10:", "GF11:", 13, "no claim knows a condition 'GF11'; did you mean"),
        ("  S6K_0:", "  S6K_1:", 17, "no claim knows a parameter 'S6K_1'; did you mean"),
        ("Torin1:", "Torin2:", 21, "no claim knows a compound 'Torin2'; did you mean 'Torin1'"),
        ("Sp / (S + Sp)", "Sp / (S + Sp", 8, "is no formula"),
        ("half_at: 2 nM", "half_at: 2", 20, "has no unit; write it like '5 nM'"),
        ("half_at: 2 nM", "half_at: 2 h", 20, "a time"),
        ("half_at: 2 nM", "half_at: 0 nM", 20, "is not above zero"),
        ("floor: 0.25", "floor: 1", 20, "less than 1"),
        ("half_at: 2 nM, floor", "half_ta: 2 nM, floor", 20, "did you mean 'half_at'?"),
        ("time: min", "time: fortnight", 5, "'fortnight' is no unit of time; use s, min, h or d"),
        ("until: steady", "until: 5", 6, "has no unit; write it like '24 h', or say 'steady'"),
        ("until: steady", "until: 5 nM", 6, "a concentration"),
        (", why: it has one", "", 6, "'why' is missing"),
        ("  citation: doi:10.0/none\n", "", 1, "'citation' is missing"),
        ("L: x 0.1", "L: x -1", 13, "is negative"),
        ("L: x 0.1", "L: x many", 13, "'many' is not a number"),
        ("L: x 0.1", "L: 10 nM", 13, "is no setting; write a number in the model's own unit"),
        ("L: x 0.1", "L: true", 13, "is no setting"),
        (", per_nM: 0.001", "", 23, "'per_nM' goes with 'sets' or 'adds_to'"),
        ("adds_to: D", "adds_to: D, sets: koff", 23, "leave out 'sets' or 'adds_to'"),
        (
            "{set: {koff: x 2}}",
            "{note: nothing}",
            24,
            "needs one of 'inhibits', 'sets', 'adds_to' and 'set'",
        ),
        (
            "metformin: {adds_to: D, per_nM: 0.001}",
            "metformin: {inhibits: kd}",
            23,
            "our tables know no IC50 of 'metformin'",
        ),
        ("readouts:", "readout:", 7, "there is no key 'readout' here; did you mean 'readouts'?"),
        ("  FED: {}", "  FED: {}\n  FED: {}", 12, "the key 'FED' stands twice"),
        ("  FED: {}", "\tFED: {}", 11, "cannot be read as YAML"),
        # Against the model.
        ("Sp / (S + Sp)", "Spp / (S + Sp)", 8, "the model has no 'Spp'; did you mean"),
        ("GF10: {set: {L", "GF10: {set: {Q", 13, "the model has no 'Q'"),
        (
            "HYPOXIA: {set: {L: x 0.5, koff",
            "HYPOXIA: {set: {L: x 0.5, twice",
            15,
            "'twice' follows a rule of the model",
        ),
        ("  S6K_0: S", "  S6K_0: decay", 17, "'decay' is a reaction, which cannot be set"),
        (
            "inhibits: [on_kon], half_at",
            "inhibits: [on_kno], half_at",
            20,
            "the model has no 'on_kno'; did you mean 'on_kon'",
        ),
        ("inhibits: [on_kon], half_at", "inhibits: [Sp], half_at", 20, "'Sp' moves by itself"),
        ("adds_to: D", "adds_to: kd", 23, "'kd' is no species"),
        (
            "time: min",
            "time: min\nwithout_events: staging",
            6,
            "There is no event 'staging'. Did you mean 'staged'?",
        ),
    ],
)
def test_a_fault_is_said_with_its_line(
    names: Known, tmp_path: Path, model: Path, good: str, bad: str, line: int, said: str
) -> None:
    assert good in MAPPING
    found = told(MAPPING.replace(good, bad, 1), names, tmp_path, model)
    assert any(each.startswith(f"mapping.yaml:{line}: ") and said in each for each in found), found


def test_all_faults_come_at_once(names: Known, tmp_path: Path, model: Path) -> None:
    text = MAPPING.replace("Sp / (S", "Spp / (S").replace("adds_to: D", "adds_to: E")
    assert len(told(text, names, tmp_path, model)) == 2


def test_a_file_that_is_none_is_told(names: Known, tmp_path: Path) -> None:
    assert "the file is empty" in told("", names, tmp_path)[0]
    assert "holds no 'model'" in told("- 1", names, tmp_path)[0]
    with pytest.raises(MappingError, match=r"Did you mean 'BIOMD000000058\d', which comes with"):
        reading.find("BIOMD000000058")
    with pytest.raises(MappingError, match="is a folder"):
        reading.find(str(tmp_path))
    assert reading.find("BIOMD0000000580").is_file()


def test_conditions_of_a_users_own_claims_are_known(tmp_path: Path, names: Known) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "claims:\n  - {id: a, statement: b, kind: dynamics, experiments: {x: SHIFTED}, "
        "checks: [{value: MY_OWN, of: x, expect: '>= 0'}]}\n"
    )
    more = reading.known(claims_reading.read([path]))
    assert "SHIFTED" in more.conditions - names.conditions
    assert "MY_OWN" in more.readouts - names.readouts


@pytest.mark.parametrize("path", reading.shipped().values(), ids=lambda path: path.stem)
def test_mappings_of_the_package_are_whole(path: Path, names: Known) -> None:
    translation = reading.read(path, names)
    about = translation.file.model
    assert about.file == f"{path.stem}.xml"
    assert re.fullmatch(r"(pubmed:\d+|doi:10\..+)", about.citation)
    assert re.fullmatch("[0-9a-f]{64}", about.sha256)
    assert len(translation.file.rest.why) > 40
    assert translation.file.notes


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published models are not here")
@pytest.mark.parametrize("path", reading.shipped().values(), ids=lambda path: path.stem)
def test_mappings_of_the_package_fit_their_models(path: Path, names: Known) -> None:
    translation = reading.read(path, names)
    file = PUBLISHED / translation.file.model.file
    loading.loaded(file, translation)  # which checks every id
    assert not reading.differs(translation, file)
