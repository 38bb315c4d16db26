import pytest
from mtorules.analysis.claims.species import holds, unknown

TERNARY = "FKBP1A(rapa!1).MTOR(frb!2,scaf!3).RAPA(fkbp!1,frb!2).RPTOR(mtor!3,s792~p,tos)"


@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ("MTOR()", True),
        ("MTOR(scaf!1).RPTOR(mtor!1)", True),
        ("MTOR(scaf!1).RPTOR(mtor!1,tos)", True),
        ("RPTOR(tos!+)", False),
        ("RPTOR(mtor!+)", True),
        ("RPTOR(mtor)", False),
        ("RPTOR(mtor!?)", True),
        ("RPTOR(s792~p)", True),
        ("RPTOR(s792~u)", False),
        ("MTOR(scaf!1).RICTOR(mtor!1)", False),
        ("FKBP1A(rapa!1).RAPA(fkbp!1,frb!2).MTOR(frb!2)", True),
        ("FKBP1A(rapa!1).RAPA(frb!1)", False),
        ("MTOR().MTOR()", False),
    ],
)
def test_patterns_match_as_in_bngl(pattern: str, there: bool) -> None:
    assert holds(pattern, TERNARY) is there


def test_a_slip_of_the_pen_is_found() -> None:
    there = ["A(b!1,s~u).B(a!1)", "A(b,s~p)"]
    assert unknown("A(b!+,s~x).B()", there) == ""
    assert unknown("A(c)", there) == "A(c)"
    assert unknown("AA(b)", there) == "AA"
