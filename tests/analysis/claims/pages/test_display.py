"""What a notebook shows of a claim: the statement, and every check with what is expected."""

from xml.etree import ElementTree

from mtorules.analysis.claims import reading
from mtorules.analysis.claims.schema import Claim


def words(claim: Claim) -> str:
    return " ".join(ElementTree.fromstring(claim._repr_html_()).itertext())


def test_every_claim_of_the_reviews_shows_itself() -> None:
    for claim in reading.read():
        root = ElementTree.fromstring(claim._repr_html_())
        assert claim.statement in " ".join(root.itertext())
        rows = [line for line in root.iter("tr") if line.findall("td")]
        assert len(rows) == len(claim.checks)
        assert claim.checks or claim.why in words(claim)


def test_checks_stand_beside_what_is_expected() -> None:
    claim = Claim.model_validate(
        {
            "id": "a-b",
            "statement": "A & <b>.",
            "kind": "dynamics",
            "experiments": {"e": []},
            "checks": [
                {"value": "X", "of": "e", "at": "1 h", "expect": "<= 3"},
                {
                    "time_to": "X",
                    "of": "e",
                    "falls_to": 0.5,
                    "within": "24 h",
                    "expect": "6 h .. 12 h",
                },
                {"exists": "A(b!1).B(a!1)"},
            ],
        }
    )
    root = ElementTree.fromstring(claim._repr_html_())
    rows = [["".join(cell.itertext()) for cell in line.findall("td")] for line in root.iter("tr")]
    assert "A & <b>." in words(claim)
    assert [row[1] for row in rows if row] == ["<= 3", "21600 .. 43200 s", ""]
