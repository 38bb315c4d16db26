from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtorules.network.bionetgen import netfile
from mtorules.network.bionetgen.reactions import NetFileError, statistical_factor
from mtorules.network.network import RateLaw

# As BioNetGen 2.9.3 writes it, cut down by hand.
TEXT = """\
# Created by BioNetGen 2.9.3
setOption("NumberPerQuantityUnit","6.02")
substanceUnits("Number")
begin parameters
    1 kf             0.12345678901234567  # Constant
    2 K              10  # Constant
    3 V              2.5  # Constant
    4 twice          (kf*2)+ln(V)  # ConstantExpression
    5 _InitialConc1  10*K  # ConstantExpression
    6 _rateLaw1      kf*2  # ConstantExpression
    7 _dim_local1    kf*1  # ConstantExpression
end parameters
begin compartments
  EC 3 V*2
  PM 2 0.1*V EC
end compartments
begin molecule types
    1 F()
    2 L(r,r)
    3 R(l,s~u~p)
end molecule types
begin observables
    1 Molecules Lt L()
    2 Species none R(s~p)
end observables
begin energy patterns
    1 L(r!1).R(l!1)  K/V
end energy patterns
begin functions
    1 gg() (kf/(1+(Lt/K)))+if((time()>3),1,0)
    2 _rateLaw2() 2*kf
    3 late() _rateLaw2*K
    4 half() gg()/2
end functions
begin species
    1 @EC::L(r,r) _InitialConc1
    2 @PM::R(l,s~u) 7
    3 @EC::$F() 3
    4 @PM::L(r!1,r)@EC.R(l!1,s~u) 0
end species
begin reaction rules
  dim:  L(r) + R(l) <-> L(r!1).R(l!1)  kf, K
  # Bind(0.0.0,0.1.0)
  # Reverse
  # Unbind(0.0.0,0.1.0)
  _reverse_it:  0 -> F()  _rateLaw2()
  # Add Species F()
end reaction rules
begin reactions
    1 1,2 4 0.8*kf #dim unit_conversion=1/(V*2)
    2 4 1,2 K #_reverse_dim
    3 0 3 5*_rateLaw2 #_reverse_it unit_conversion=V*2
    4 3,3 0 0.2*gg #dim,_reverse_dim unit_conversion=1/(V*2)
    5 1,3 3 MM kf K #dim
    6 1 0 0.16666667*Sat kf K V #dim
    7 1 1,1 1e-05*kf #dim unit_conversion=1/1e5
end reactions
begin groups
    1 Lt                   1,4,2*3
    2 none
end groups
"""


def test_every_part_is_read() -> None:
    net = netfile.read(TEXT)
    assert [p.name for p in net.parameters] == (
        ["kf", "K", "V", "twice", "_InitialConc1", "_rateLaw1", "_dim_local1", "_rateLaw2", "late"]
    )
    assert net.parameters[0].expression == "0.12345678901234567"
    assert net.parameters[3].value == pytest.approx(0.12345678901234567 * 2 + 0.9162907318741551)
    assert [p.name for p in net.parameters if p.generated] == (
        ["_InitialConc1", "_rateLaw1", "_dim_local1", "_rateLaw2"]
    )
    assert [(c.name, c.dimension, c.size, c.outside) for c in net.compartments] == [
        ("EC", 3, "V*2", None),
        ("PM", 2, "0.1*V", "EC"),
    ]
    assert [(s.pattern, s.compartment, s.initial, s.fixed) for s in net.species] == [
        ("L(r,r)", "EC", "_InitialConc1", False),
        ("R(l,s~u)", "PM", "7", False),
        ("F()", "EC", "3", True),
        ("L(r!1,r)@EC.R(l!1,s~u)", "PM", "0", False),
    ]
    assert [(g.name, g.terms) for g in net.groups] == [
        ("Lt", ((1, 0), (1, 3), (2, 2))),
        ("none", ()),
    ]
    assert [(m.name, m.sites, dict(m.states)) for m in net.molecules] == [
        ("F", (), {}),
        ("L", ("r", "r"), {}),
        ("R", ("l", "s"), {"s": ("u", "p")}),
    ]
    assert [(e.pattern, e.energy) for e in net.energies] == [("L(r!1).R(l!1)", "K/V")]
    assert net.options == {"NumberPerQuantityUnit": "6.02", "substanceUnits": "Number"}


def test_a_function_of_parameters_alone_is_a_parameter() -> None:
    net = netfile.read(TEXT)
    assert [f.name for f in net.functions] == ["gg", "half"]
    assert {p.name: p.expression for p in net.parameters}["late"] == "_rateLaw2*K"
    assert net.reactions[2].law.kind == "elementary"
    assert net.reactions[3].law.kind == "function"


def test_rate_laws_keep_statistical_and_volume_factor_apart() -> None:
    laws = [reaction.law for reaction in netfile.read(TEXT).reactions]
    assert laws == [
        RateLaw("elementary", ("kf",), Fraction(4), "1/(V*2)"),
        RateLaw("elementary", ("K",)),
        RateLaw("elementary", ("_rateLaw2",), Fraction(1), "V*2"),
        RateLaw("function", ("gg",), Fraction(1), "1/(V*2)"),
        RateLaw("MM", ("kf", "K")),
        RateLaw("Sat", ("kf", "K", "V"), Fraction(1, 6)),
        RateLaw("elementary", ("kf",), Fraction(1), "1/1e5"),
    ]


def test_reactions_know_their_rules_and_directions() -> None:
    reactions = netfile.read(TEXT).reactions
    assert [(r.reactants, r.products) for r in reactions[:4]] == [
        ((0, 1), (3,)),
        ((3,), (0, 1)),
        ((), (2,)),
        ((2, 2), ()),
    ]
    assert [(r.rule, r.reverse, r.others) for r in reactions[:4]] == [
        ("dim", False, ()),
        ("dim", True, ()),
        ("_reverse_it", False, ()),  # a rule that is called so
        ("dim", False, (("dim", True),)),
    ]


def test_rules_say_what_they_do() -> None:
    first, second = netfile.read(TEXT).rules
    assert (first.name, first.reversible) == ("dim", True)
    assert first.actions == ("Bind(0.0.0,0.1.0)",)
    assert first.reverse_actions == ("Unbind(0.0.0,0.1.0)",)
    assert (second.name, second.reversible) == ("_reverse_it", False)
    assert second.actions == ("Add Species F()",)


def test_declared_names_decide_what_is_generated() -> None:
    net = netfile.read(TEXT, declared={"kf", "K", "V", "_rateLaw1", "gg"})
    assert {p.name for p in net.parameters if not p.generated} == {"kf", "K", "V", "_rateLaw1"}
    assert [f.generated for f in net.functions] == [False, True]


def test_a_file_without_the_model_is_read_too() -> None:
    text = """\
begin parameters
    1 k 1  # Constant
end parameters
begin species
    1 A(b,b,y~u) 1
    2 A(b!1,b,y~p).B(a!1) 0
end species
begin reactions
    1 1 2 k #_R1
end reactions
"""
    net = netfile.read(text)
    assert net.rules == net.compartments == net.groups == ()
    assert [(m.name, m.sites, dict(m.states)) for m in net.molecules] == [
        ("A", ("b", "b", "y"), {"y": ("p", "u")}),
        ("B", ("a",), {}),
    ]


@given(
    numerator=st.integers(1, 5000),
    denominator=st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24, 120]),
    exponent=st.floats(-30, 30),
)
def test_the_statistical_factor_comes_back_from_eight_digits(
    numerator: int, denominator: int, exponent: float
) -> None:
    factor, volume = Fraction(numerator, denominator), 10**exponent
    found = statistical_factor(f"{float(factor) * volume:.8g}", volume)
    assert found == factor


@pytest.mark.parametrize(
    ("text", "factor"),
    [("1e+06", Fraction(10**6)), ("0.5", Fraction(1, 2)), ("0.33333333", Fraction(1, 3))],
)
def test_the_statistical_factor_without_a_volume(text: str, factor: Fraction) -> None:
    assert statistical_factor(text) == factor


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("end reactions\n", "", "ends inside its block 'reactions'"),
        ("begin species", "begin spices", "ends inside"),
        ("    2 4 1,2 K #_reverse_dim", "    2 4 K", "reactions: '2 4 K'"),
        ("    2 @PM::R(l,s~u) 7", "    2 @PM::R(l,s~u)", "species: '2 @PM::R(l,s~u)'"),
        ("    3 V              2.5  # Constant", "    3 V", "parameters: '3 V'"),
        ("  EC 3 V*2", "  EC 3", "compartments: 'EC 3'"),
        ("0.8*kf", "0.8000517*kf", "0.8000517"),
        ("(kf*2)+ln(V)", "(kf*2", "'(kf*2'"),
        ("10*K", "_rateLaw1+_InitialConc1", "in a circle: _InitialConc1 -> _InitialConc1"),
    ],
)
def test_what_cannot_be_read_is_shown(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(NetFileError) as caught:
        netfile.read(TEXT.replace(old, new))
    assert said in str(caught.value)


def test_a_volume_of_zero_is_suspected() -> None:
    with pytest.raises(NetFileError, match="Is the size of a compartment zero"):
        statistical_factor("0", 0.0)


def test_warnings_kept_with_the_file_come_back() -> None:
    assert netfile.read(TEXT + netfile.WARNING + "take care\n").warnings == ("take care",)
