import math
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtorules.network import generate
from mtorules.network.bionetgen import bng2
from mtorules.network.mathematics.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    ExpressionError,
    Name,
    Number,
    Time,
    Unary,
    UnknownFunctionError,
    check_functions,
    format_number,
    parenthesised,
    parse,
    parse_as_bng2,
)

NAMES = ("kf", "AA", "_rateLaw1", "lambda")


def trees() -> st.SearchStrategy[Expression]:
    leaves = st.one_of(
        st.floats(0, 1e6).map(lambda x: Number(x, format_number(x))),
        st.sampled_from(NAMES).map(Name),
        st.just(Time()),
        st.sampled_from(["_pi", "_e"]).map(Constant),
    )

    def grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        return st.one_of(
            st.builds(
                Unary, st.sampled_from("-!"), inner.filter(lambda x: not isinstance(x, Number))
            ),
            st.builds(
                Binary,
                st.sampled_from(["+", "-", "*", "/", "^", "<", "<=", "==", "!=", "&&", "||"]),
                inner,
                inner,
            ),
            st.builds(lambda *a: Call("if", a), inner, inner, inner),
            st.builds(lambda a: Call("exp", (a,)), inner),
            st.just(Call("gg", ())),
        )

    return st.recursive(leaves, grow, max_leaves=12)


@given(trees())
def test_text_reads_back_as_the_same_tree(tree: Expression) -> None:
    assert parse(str(tree)) == tree


@given(trees())
def test_parenthesised_text_reads_back_as_the_same_tree(tree: Expression) -> None:
    assert parse(parenthesised(tree)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7),
        ("(1+2)*3", 9),
        ("10-4-3", 3),
        ("12/3/2", 2),
        ("2^3^2", 512),
        ("2**3", 8),
        ("-2^2", -4),
        ("(-2)^2", 4),
        ("2^-1", 0.5),
        ("--3", 3),
        ("3 > 2", 1),
        ("3 <= 2", 0),
        ("2 ~= 3", 1),
        ("2 == 2 && 1 != 1", 0),
        ("0 || 2", 1),
        ("!(2>1)", 0),
        ("1 + 2 > 2", 1),
        ("if(0, 1, 2)", 2),
        ("ln(_e) + log10(100) + log2(8)", 6),
        ("_pi()", math.pi),
        ("rint(2.5) + rint(-2.5) + rint(0.4)", 1),
        ("floor(-0.5) + ceil(0.5)", 0),
        ("sign(-3) + sign(0) + sign(9)", 0),
        ("min(3,1,2) + max(3,1,2)", 4),
        ("sum(1,2,3) + avg(1,2,3)", 8),
        ("min(3) + max(4) + sum(5) + avg(6)", 18),
        ("abs(-3) + sqrt(16)", 7),
        ("1.e3 + .5e1 + 2E-1", 1005.2),
        ("3kf + 1", 8),  # names of BioNetGen's may start with a digit
    ],
)
def test_value(text: str, value: float) -> None:
    assert parse(text).evaluate({"3kf": 7}) == pytest.approx(value, rel=1e-15)


def test_mratio_is_the_ratio_of_kummers_functions() -> None:
    # M(2, 2, z) / M(1, 1, z) is e^z / e^z; M(2, 3, z) / M(1, 2, z) from its closed form.
    z = 0.7
    assert parse("mratio(1,1,0.7)").evaluate() == pytest.approx(1)
    above = 2 * (math.exp(z) * (z - 1) + 1) / z**2
    below = (math.exp(z) - 1) / z
    assert parse("mratio(1,2,0.7)").evaluate() == pytest.approx(above / below)


@settings(max_examples=1, deadline=None)  # one process for all of them
@given(st.lists(trees(), min_size=40, max_size=40))
def test_values_are_those_of_bng2(tmp_path_factory: pytest.TempPathFactory, drawn: list) -> None:
    scope = {"kf": 0.7, "AA": 3.0, "_rateLaw1": 2.0, "lambda": 0.1, "gg": 1.3}
    expected: dict[str, float] = {}
    lines = [f"{name} {value}" for name, value in scope.items()]
    for index, tree in enumerate(drawn):
        plain = tree.substitute({"gg": Name("gg")})
        try:
            value = plain.evaluate(scope)
        except ExpressionError:
            continue
        if math.isfinite(value) and abs(value) < 1e100:
            expected[f"x{index}"] = value
            lines.append(f"x{index} {parenthesised(plain)}")
    folder = tmp_path_factory.mktemp("bng")
    text = "begin parameters\n" + "\n".join(lines) + "\nend parameters\n"
    text += 'writeFile({format=>"bngl",include_network=>0,evaluate_expressions=>1})\n'
    assert expected
    assert {k: float(v) for k, v in evaluated(text, folder).items() if k in expected} == (
        pytest.approx(expected, rel=1e-12, abs=1e-12)
    )


def evaluated(text: str, folder: Path) -> dict[str, str]:
    """Return the parameters as BNG2.pl computes them."""
    (folder / "in.bngl").write_text(text.replace("writeFile({", 'writeFile({prefix=>"out",'))
    perl, bng = bng2.find()
    subprocess.run([perl, bng, "in.bngl"], cwd=folder, check=True, capture_output=True)
    lines = (folder / "out.bngl").read_text(encoding="utf-8").splitlines()
    block = lines[lines.index("begin parameters") + 1 : lines.index("end parameters")]
    return dict(line.split()[:2] for line in block)


def test_scope_holds_functions_with_and_without_arguments() -> None:
    scope = {"k": 2.0, "f": lambda x: x + 1, "g": lambda: 5.0}
    assert parse("k*f(3) + g() + g").evaluate(scope) == 18


def test_a_model_may_call_its_own_function_as_a_built_in_one() -> None:
    assert parse("max() + max + max(1,2)").evaluate({"max": 10.0}) == pytest.approx(20 + 2)


def test_time_is_a_call_and_a_bare_time_is_a_name() -> None:
    tree = parse("time()*time")
    assert tree.timed
    assert tree.names == {"time"}
    assert tree.evaluate({"time": 3.0}, time=2.0) == 6


def test_names_leave_out_functions_that_are_built_in() -> None:
    assert parse("k*exp(x) + gg()*hh(y) + _pi").names == {"k", "x", "gg", "hh", "y"}


def test_substitution_reaches_names_and_calls_without_arguments() -> None:
    tree = parse("a*f() + exp(a)").substitute({"a": parse("b+1"), "f": Name("g")})
    assert str(tree) == "(b+1)*g+exp(b+1)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a +", "the end is unexpected"),
        ("(a", "the end is unexpected"),
        ("a b", "'b' is unexpected"),
        ("a $ b", "'$ b' is unexpected"),
        ("", "the end is unexpected"),
        ("exp(1,2)", "exp takes 1 argument, not 2"),
        ("if(1,2)", "if takes 3 arguments, not 2"),
    ],
)
def test_what_cannot_be_read_is_shown(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said.replace("$", r"\$")):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kff*2", "'kff' has no value. Did you mean 'kf'?"),
        ("1/(kf-kf)", "divides by zero"),
        ("ln(-kf)", "has no value"),
        ("exp(1000)", "too large"),
        ("avrg(kf)", "There is no function 'avrg'. Did you mean 'avg'?"),
    ],
)
def test_what_has_no_value_is_said(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text).evaluate({"kf": 1.0})
    assert said in str(caught.value)


def test_an_unknown_function_is_named() -> None:
    check_functions(parse("exp(x)*own(1)"), known={"own"})
    with pytest.raises(UnknownFunctionError, match="'own'"):
        check_functions(parse("exp(x)*own(1)"))


def test_tables_of_nested_conditions_have_room() -> None:
    text = "0"
    for i in range(2000, 0, -1):
        text = f"if((t<={i}),{i}*(1+x),{text})"
    tree = parse(text)
    assert tree.evaluate({"t": 449.5, "x": 1.0}) == 900
    assert hash(tree) == hash(tree.substitute({"z": Name("y")}))
    assert tree.substitute({"x": Name("y")}).names == {"t", "y"}
    assert parse(str(tree)) == tree


def test_long_sums_have_room() -> None:
    tree = parse("+".join(f"x{i % 7}" for i in range(3000)))
    assert tree.evaluate(dict.fromkeys([f"x{i}" for i in range(7)], 2.0)) == 6000
    assert parse(parenthesised(tree)) == tree


def test_a_condition_spares_what_is_not_chosen() -> None:
    assert parse("if(x>0, ln(x), 0)").evaluate({"x": -1.0}) == 0


def test_what_an_author_wrote_means_what_bng2_makes_of_it() -> None:
    texts = ["2^3^2", "-2^2", "-x^2", "2^-1", "4-2^2/-2", "-2^2^3", "-x^2^3", "x^-x^2", "2*-x^2"]
    lines = [f"  p{number} {text}" for number, text in enumerate(texts)]
    network = generate.from_bngl(
        "\n".join(
            [
                *("begin model", "begin parameters", "  x 3", *lines, "end parameters"),
                *("begin molecule types", "  A(y~u~p)", "end molecule types"),
                *("begin seed species", "  A(y~u) 1", "end seed species", "begin reaction rules"),
                *("  A(y~u) -> A(y~p) x", "end reaction rules", "end model", ""),
            ]
        ),
        "powers",
    )
    values = {p.name: p.value for p in network.parameters}
    for number, text in enumerate(texts):
        assert parse_as_bng2(text).evaluate({"x": 3.0}) == values[f"p{number}"], text
