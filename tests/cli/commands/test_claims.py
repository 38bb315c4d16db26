import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import antimony
import pytest
from mtorules.analysis.claims import reading

Call = Callable[..., Any]

FILE = """
claims:
  - id: drug-engages
    statement: The drug engages mTORC1.
    review: A
    kind: dynamics
    experiments:
      vehicle: [closed_system]
      drug: {like: vehicle, doses: {RAPA: 20 nM}}
    checks:
      - {value: MTORC1_RAPA / MTORC1, of: drug, at: 24 h, expect: ">= 0.5"}
      - {ratio: MTORC1 - MTORC1_RAPA, of: drug, to: vehicle, at: 24 h, to_at: rest, expect: <= 1}
  - id: out
    statement: Patients fare well.
    review: B
    kind: clinical
    scope: out-of-scope
    why: there are no patients in it
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(FILE)
    return path


def test_claims_are_checked_on_any_model(mtorules: Call, file: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    done = mtorules(*common, "--output", pages)
    assert done.status == 0, done.err
    assert "1 of 1 claims pass." in done.out
    assert sorted(path.name for path in pages.iterdir()) == ["drug-engages.html", "index.html"]
    assert "there are no patients in it" in (pages / "index.html").read_text(encoding="utf-8")
    told = json.loads(mtorules(*common, "--json").out)
    (claim,) = told["claims"]
    assert claim["passed"]
    assert [check["passed"] for check in claim["checks"]] == [True, True]


def test_a_model_without_units_takes_doses_as_plain_numbers(mtorules: Call, tmp_path: Path) -> None:
    """Births and deaths rest at 20; 100 more decay from 2 s on, by exp(-0.5 t)."""
    model, asked = tmp_path / "m.bngl", tmp_path / "claims.yaml"
    model.write_text(
        "begin parameters\n kin 10\n kout 0.5\nend parameters\n"
        "begin seed species\n A() 0\nend seed species\n"
        "begin observables\n Molecules A_tot A()\nend observables\n"
        "begin reaction rules\n 0 -> A() kin\n A() -> 0 kout\nend reaction rules\n"
    )
    asked.write_text(
        "claims:\n  - id: a\n    statement: x\n    kind: dynamics\n"
        "    experiments: {e: {doses: {A(): 100 @ 2 s}}}\n"
        "    checks: [{value: A_tot, of: e, at: 4 s, expect: 56.78 .. 56.79}]\n"
    )
    done = mtorules("claims", "--model", model, "--file", asked, "--json")
    assert done.status == 0, done.err
    (check,) = json.loads(done.out)["claims"][0]["checks"]
    assert check["value"] == pytest.approx(20 + 100 * math.exp(-1), rel=1e-6)


def test_a_claim_that_fails_sets_the_status_unless_it_is_known_to(
    mtorules: Call, file: Path
) -> None:
    file.write_text(FILE.replace(">= 0.5", "<= 0.1"), encoding="utf-8")
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    done = mtorules(*common)
    assert done.status == 1
    assert "FAIL" in done.out
    known = "kind: dynamics\n    fails: the bound is absurd"
    file.write_text(
        file.read_text(encoding="utf-8").replace("kind: dynamics", known), encoding="utf-8"
    )
    assert mtorules(*common).status == 0


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("claims: []\n", (), "There is no claim of"),
        (FILE, ("out",), "None of the 1 claims of"),
        (FILE, ("--core",), "is of the core; leave out --core"),
    ],
)
def test_what_asks_nothing_is_refused(
    mtorules: Call, file: Path, content: str, options: tuple[str, ...], said: str
) -> None:
    file.write_text(content, encoding="utf-8")
    done = mtorules("claims", *options, "--file", file, "--model", "rapamycin")
    assert done.status == 2
    assert said in done.err


def test_claims_are_listed_without_running(mtorules: Call, file: Path) -> None:
    assert "drug-engages" in mtorules("claims", "--file", file, "--list").out
    told = json.loads(mtorules("claims", "--list", "--json").out)
    assert len(told) == len(reading.read())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("drug-engage",), "Did you mean 'drug-engages'"),
        (("--kind", "dynamic"), "Did you mean 'dynamics'"),
        (("--engine", "matlab"), "'roadrunner'"),
        (("--workers", "0"), "0"),
        (("--model", "nothing"), "no model called 'nothing'"),
        (("--model", "rapamycin", "--cut", "rapalogs"), "Did you mean 'complexes/rapalog'"),
        (("--cut", "all", "--engine", "bngsim"), "leave out --engine"),
        (("--model", "{folder}"), "is a folder"),
        (("--file", "{folder}/none.yaml"), "No such file"),
        (("--output", "{folder}/claims.yaml"), "is a file"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_a_mistake_gets_one_message(
    mtorules: Call, file: Path, words: tuple[str, ...], said: str
) -> None:
    given = [word.format(folder=file.parent) for word in words]
    done = mtorules("claims", "--file", file, *given)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_every_fault_of_a_file_is_listed_and_nothing_run(mtorules: Call, file: Path) -> None:
    text = FILE.replace("review: A", "review: C").replace(">= 0.5", "2 .. 1")
    file.write_text(text, encoding="utf-8")
    done = mtorules("claims", "--file", file, "--model", "rapamycin")
    assert done.status == 2
    assert "claims.yaml:5:" in done.err
    assert "claims.yaml:11:" in done.err


def test_what_the_model_lacks_is_listed(mtorules: Call, file: Path) -> None:
    file.write_text(FILE.replace("MTORC1_RAPA /", "MTORC1_RAPAMYCIN /"), encoding="utf-8")
    done = mtorules("claims", "--file", file, "--model", "rapamycin")
    assert done.status == 2
    assert "no readout 'MTORC1_RAPAMYCIN'" in done.err


def test_two_engines_may_be_asked_at_once(mtorules: Call, file: Path) -> None:
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    done = mtorules(*common, "--beside", "roadrunner")
    assert done.status == 0, done.err
    assert "bngsim and roadrunner agree on every verdict." in done.out
    told = json.loads(mtorules(*common, "--beside", "roadrunner", "--json").out)
    assert (told["engine"], told["beside"], told["differing"]) == ("bngsim", "roadrunner", [])


def test_a_parameter_set_replaces_the_values_of_the_model(
    mtorules: Call, file: Path, tmp_path: Path
) -> None:
    header = "name,value,unit,prior,spreads\n"
    weak = tmp_path / "weak.csv"
    weak.write_text(f"{header}FKBP1A_0,1e-6,nM,4833,-9\n")
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    done = mtorules(*common, "--parameters", weak)
    assert done.status == 1  # without FKBP12 the drug engages nothing
    assert "FAIL" in done.out
    weak.write_text(f"{header}FKBP1A_0,-1,nM,4833,-9\nFKBP1A_0,x,nM,1,1\n")
    done = mtorules(*common, "--parameters", weak)
    assert done.status == 2
    assert "weak.csv:2: 'FKBP1A_0' is not above zero." in done.err
    assert "weak.csv:3: 'FKBP1A_0' has value 'x', which is not a number." in done.err
    weak.write_text(f"{header}nothing,1,nM,1,0\nFKBP1A_0,1,s,1,0\nMTOR_0,1,,1,0\n")
    done = mtorules(*common, "--parameters", weak)
    assert done.status == 2
    assert "weak.csv:2: no model has a parameter 'nothing'." in done.err
    assert "weak.csv:3: 'FKBP1A_0' does not fit model 'rapamycin': '1.0 s' is a time" in done.err
    assert "weak.csv:4: 'MTOR_0' has no unit, such as nM." in done.err
    weak.write_text(f"{header}kcat_IKKB_phosphorylates_TSC1,1,1/s,1,0\n")
    done = mtorules(*common, "--parameters", weak)
    assert done.status == 2


def test_a_parameter_set_in_another_unit_is_the_same_set(
    mtorules: Call, file: Path, tmp_path: Path
) -> None:
    told = []
    for amount in ("50,nM", "0.05,uM", "50000,pM"):
        path = tmp_path / "set.csv"
        path.write_text(f"name,value,unit,prior,spreads\nFKBP1A_0,{amount},4833,-9\n")
        words = ("--model", "rapamycin", "--workers", "1", "--json", "--parameters", path)
        told.append(mtorules("claims", "--file", file, *words).out)
    assert told[0] == told[1] == told[2] != ""


def test_claims_on_species_alone_need_no_run(mtorules: Call, tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    head = "  - {id: %s, statement: It is so., review: A, kind: structure, checks: [%s]}\n"
    there = head % ("index", "{exists: MTOR(scaf!1).RPTOR(mtor!1)}")
    gone = head % ("con", "{absent: RPTOR().RPTOR()}")
    path.write_text(f"claims:\n{there}{gone}")
    words = ("claims", "--file", path, "--model", "rapamycin", "--output", tmp_path / "pages")
    done = mtorules(*words)
    assert (done.status, "2 of 2 claims pass." in done.out) == (0, True), done.err
    assert sorted(page.name for page in (tmp_path / "pages").iterdir()) == [
        *("con_.html", "index.html", "index_.html")
    ]
    index = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    assert 'href="index_.html"' in index
    path.write_text(f"claims:\n{head % ('typo', '{absent: RPTORR()}')}")
    done = mtorules(*words)
    assert done.status == 1
    assert "No species has RPTORR" in done.out


def test_claims_are_asked_without_a_mechanism(mtorules: Call, file: Path, tmp_path: Path) -> None:
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    common = (*common, "--cut", "complexes/rapalog", "--store", tmp_path / "store")
    done = mtorules(*common, "--json")
    assert done.status == 0
    told = json.loads(done.out)
    assert (told["claims"], told["held"]) == (1, 1)
    (cut,) = told["cuts"]
    assert (cut["mechanism"], cut["lost"]) == ("complexes/rapalog", ["drug-engages"])
    assert "1 of 1 claims hold in the whole model." in mtorules(*common).out


def test_what_any_cell_shows_is_listed_and_named_alone(mtorules: Call, file: Path) -> None:
    listed = json.loads(mtorules("claims", "--cell", "--list", "--json").out)
    ids = {claim["id"] for claim in listed}
    assert {"cells-double-in-a-day-and-few-die", "midpoint-of-everolimus"} <= ids
    done = mtorules("claims", "--cell", "--file", file)
    assert done.status == 2
    assert "leave out --file or --cell" in done.err


# -- models of others ------------------------------------------------------------------------------

THEIRS = """
model theirs
  J1: S -> Sp; kon * L * S
  J2: Sp -> S; koff * Sp
  S = 3; Sp = 0; L = 5; kon = 0.2; koff = 0.5
end
"""
OF_THEIRS = """
model: {name: Theirs, citation: "doi:10.0/none"}
rest: {until: steady, why: it has one}
readouts: {S6K_pT389: Sp / (S + Sp)}
conditions: {FED: {}, GF0: {set: {L: 0}, proxy: one ligand}}
compounds: {rapamycin: {inhibits: kon, half_at: 1 nM}}
"""
ABOUT_THEIRS = """
claims:
  - id: starved
    statement: Starved cells have little.
    kind: dynamics
    experiments: {fed: FED, starved: GF0, none: AA0}
    checks:
      - {ratio: S6K_pT389, of: starved, to: fed, expect: <= 0.1}
      - {ratio: S6K_pT389, of: none, to: fed, expect: <= 0.1}
  - id: blocked
    statement: The drug takes it away.
    kind: dynamics
    experiments: {fed: FED, drug: {conditions: FED, doses: {rapamycin: usual}}}
    checks:
      - {ratio: S6K_pT389, of: drug, to: fed, at: 1 h, to_at: rest, expect: <= 0.2}
  - id: elsewhere
    statement: It is so elsewhere.
    kind: dynamics
    experiments: {fed: FED}
    checks: [{value: PIP3, of: fed, expect: ">= 0"}]
"""


@pytest.fixture
def theirs(tmp_path: Path) -> tuple[str, ...]:
    """Return what asks a model of others, which starts with 'claims'."""
    assert antimony.loadAntimonyString(THEIRS) >= 0, antimony.getLastError()
    sbml = antimony.getSBMLString("theirs")
    for name, text in (("t.xml", sbml), ("m.yaml", OF_THEIRS), ("c.yaml", ABOUT_THEIRS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    given = {"--file": "c.yaml", "--model": "t.xml", "--mapping": "m.yaml"}
    return ("claims", *(str(tmp_path / w) if "." in w else w for p in given.items() for w in p))


def test_a_model_of_others_is_asked_what_its_mapping_lets_it(
    mtorules: Call, theirs: tuple[str, ...]
) -> None:
    done = mtorules(*theirs, "--workers", "1")
    assert done.status == 0, done.err
    assert "1 of 1 claims that can be asked in whole hold." in done.out
    assert "1 of 1 claims that can be asked in part hold." in done.out
    assert "1 of them rest on what is only near to what they ask (*)." in done.out
    lines = [line.split() for line in done.out.splitlines()]
    assert ["starved", "1/2*", "condition", "AA0"] in lines
    assert ["elsewhere", "0/1", "readout", "PIP3"] in lines
    told = json.loads(mtorules(*theirs, "--workers", "1", "--json").out)
    assert told["whole"] == told["part"] == {"asked": 1, "hold": 1}
    by_id = {claim["id"]: claim for claim in told["claims"]}
    assert by_id["starved"]["near_only"] == ["GF0"]
    # 1 / 21 of the constant is left, which leaves 2 / 21 to 0.5 over 2 / 21 + 0.5.
    left = by_id["blocked"]["checks"][0]["value"]
    assert left == pytest.approx((1 / 21) / (1 / 21 + 0.5) / (1 / 1.5), rel=1e-5)


def test_a_claim_that_fails_elsewhere_sets_the_status(
    mtorules: Call, theirs: tuple[str, ...]
) -> None:
    path = Path(theirs[2])
    path.write_text(ABOUT_THEIRS.replace("<= 0.2", "<= 0.1"), encoding="utf-8")
    done = mtorules(*theirs, "--workers", "1")
    assert done.status == 1
    assert "FAIL" in done.out


def test_another_file_than_the_mapping_was_made_for_is_remarked_on(
    mtorules: Call, theirs: tuple[str, ...]
) -> None:
    path = Path(theirs[6])
    path.write_text(OF_THEIRS.replace("Theirs,", f"Theirs, sha256: {'a' * 64},"), encoding="utf-8")
    done = mtorules(*theirs, "--workers", "1")
    assert done.status == 0
    assert "is not the file that m.yaml was written for" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mapping", "BIOMD0000000581"), "BIOMD0000000581.yaml:"),
        (("--mapping", "BIOMD000000058"), "Did you mean 'BIOMD000000058"),
        (("--model", "none.xml"), "none.xml"),
        (("--cut", "all"), "--mapping does not go with --cut"),
        (("--beside", "roadrunner"), "--mapping does not go with --beside"),
        (("--engine", "bngsim"), "bngsim"),
        (("--model", "rapamycin"), "the model has no 'Sp'"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_a_mistake_with_a_mapping_is_told(
    mtorules: Call, theirs: tuple[str, ...], words: tuple[str, ...], said: str
) -> None:
    done = mtorules(*theirs, *words)
    assert done.status == 2
    assert said in done.err
    assert done.out == ""


def test_a_mapping_needs_a_model(mtorules: Call, theirs: tuple[str, ...]) -> None:
    done = mtorules("claims", "--mapping", theirs[6])
    assert done.status == 2
    assert "name it with --model FILE.xml" in done.err


def test_a_score_board_without_models_says_so(mtorules: Call, tmp_path: Path, file: Path) -> None:
    common = ("claims", "--file", file, "--model", "rapamycin", "--workers", "1")
    done = mtorules(*common, "--scoreboard", tmp_path)
    assert done.status == 0, done.err
    assert "there is no BIOMD0000000580.xml" in done.out
    told = json.loads(mtorules(*common, "--scoreboard", tmp_path, "--json").out)
    assert {model["problem"] for model in told["models"]} == {
        f"there is no {model['file']}" for model in told["models"]
    }
    done = mtorules(*common, "--scoreboard", tmp_path / "none")
    assert done.status == 2
