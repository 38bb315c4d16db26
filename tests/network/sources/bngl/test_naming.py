import pytest
from mtorules.network import generate
from mtorules.network.bionetgen.limits import GenerationError, Limits

MODEL = """begin model
begin parameters
  k 1
  p 2*k
end parameters
begin species
  A() 10
end species
begin observables
  Molecules total A()
end observables
begin functions
  half(x) = k*total(x)/2
  rate() = p*total
end functions
begin reaction rules
  A() -> 0 k
end reaction rules
end model
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("p*total", "p*rate()", 14, "'rate' needs 'rate'"),
        (
            "k*total(x)/2",
            "k*back()\n  back() = half(total)",
            13,
            "'half' needs 'back' needs 'half'",
        ),
        ("k 1", "k p/2", 3, "'k' needs 'p' needs 'k'"),
    ],
)
def test_a_circle_of_formulas_is_refused_where_it_begins(
    old: str, new: str, line: int, said: str
) -> None:
    """BNG2.pl follows circles of functions until no memory is left."""
    with pytest.raises(GenerationError, match=said) as caught:
        generate.from_bngl(MODEL.replace(old, new), "m", cache=False, limits=Limits(seconds=10))
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("p*total", "p*totl", 14, "'totl' is no parameter.* Did you mean 'total'"),
        ("p*total", "sign(total)", 14, r"'sign' is .*if\(x>0,1"),
        ("p*total", "p*time", 14, r"BioNetGen writes time\(\)"),
        ("2*k", "2*_pi", 4, r"BioNetGen writes _pi\(\)"),
    ],
)
def test_an_undefined_name_is_told_where_it_stands(
    old: str, new: str, line: int, said: str
) -> None:
    """BNG2.pl tells of it at the end of the block or of the file, and calls it a parameter."""
    with pytest.raises(GenerationError, match=said) as caught:
        generate.from_bngl(MODEL.replace(old, new), "m", cache=False)
    assert caught.value.line == line


def test_an_argument_may_have_a_name_of_its_own() -> None:
    assert {f.name for f in generate.from_bngl(MODEL, "m", cache=False).functions} >= {"rate"}
