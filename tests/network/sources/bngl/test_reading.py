import pytest
from mtorules.network.sources import bngl
from mtorules.network.sources.bngl import BnglError

TEXT = """\
version("2.2.6") # at least
setOption("SpeciesLabel","HNauty")
begin model
parameter outside 3
begin parameters
  1 k 1 # a comment
  label: k2 = k*\\
     2
end parameters
begin functions
  f(x) k*2
  g = 3
end functions
begin seed species
  setParameter(x) 1
end seed species
begin reaction rules
  A() -> B() \\
     k
end reaction rules
end model
setParameter("k",10*(2+3))
setConcentration('A()', "k*2")
begin actions
  1 generate_network({max_iter=>3, max_stoich=>{A=>5,B=>2}, overwrite=>1, prefix=>"x"});
  setParameter("k", 7)
  saveConcentrations()
  visualize()
  generate_network({max_iter=>9})
  simulate({method=>"ode"})
  addConcentration("A()", 7)
  parameter_scan({par_scan_vals=>[1,2,3], \\
    method=>"ode"})
end actions
writeXML()
"""


def test_lines_keep_their_numbers_and_actions_are_gone() -> None:
    lines = bngl.read(TEXT).model.splitlines()
    assert len(lines) == len(TEXT.splitlines())
    kept = {number: line for number, line in enumerate(lines, 1) if line}
    assert kept == {
        1: "version('2.2.6')",
        2: "setOption('SpeciesLabel','HNauty')",
        3: "begin model",
        4: "parameter outside = 3",
        5: "begin parameters",
        6: "1 k = 1",
        7: "label: k2 = k* 2",
        9: "end parameters",
        10: "begin functions",
        11: "f(x) = k*2",
        12: "g() = 3",
        13: "end functions",
        14: "begin seed species",
        15: "setParameter(x) 1",
        16: "end seed species",
        17: "begin reaction rules",
        18: "A() -> B() k",
        20: "end reaction rules",
        21: "end model",
        22: "setParameter('k',50)",
        23: "setConcentration('A()','k*2')",
    }


def test_declared_names_are_those_of_parameters_and_functions() -> None:
    assert bngl.read(TEXT).declared == {"outside", "k", "k2", "f", "g"}


def test_what_comes_before_the_first_simulation_changes_the_model() -> None:
    file = bngl.read(TEXT)
    assert file.bounds == {"max_iter": 3, "max_stoich": {"A": 5, "B": 2}}
    assert list(map(str, file.changes)) == ["setParameter('k',7)", "saveConcentrations()"]
    assert [action.line for action in file.changes] == [26, 27]
    assert file.skipped == (
        *("visualize", "generate_network", "simulate", "addConcentration", "parameter_scan"),
        "writeXML",
    )
    assert file.warnings == (
        "Left out, because the model was simulated before: addConcentration (line 31).",
    )


def test_windows_line_ends_do_not_matter() -> None:
    assert bngl.read(TEXT.replace("\n", "\r\n")) == bngl.read(TEXT)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('readFile({file=>"other.bngl"})', "readFile reads another file"),
        ("generate_network({max_iter=>})", "Cannot read the arguments of generate_network"),
        ('generate_network("x")', "Cannot read the arguments of generate_network"),
        ("setParameter(k, `ls`)", "Cannot read the arguments of setParameter"),
        ('setOption("a", system("ls"))', "Cannot read the arguments of setOption"),
    ],
)
def test_errors_name_the_line(line: str, said: str) -> None:
    with pytest.raises(BnglError, match=said) as caught:
        bngl.read("begin model\nend model\n" + line + "\n")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("block", "line", "said"),
    [
        ("parameters", "k 1 $", "'$' was found"),
        ("parameters", "k = 1 2", "'2' was found"),
        ("parameters", "3 = 4", "The name of a parameter was expected, '= 4' was found"),
        ("parameters", "k 1e999", "too large for a number"),
        ("parameters", f"{'k' * 300} 1", "more than 255 characters"),
        ("parameters", f"k {'(' * 5000}1{')' * 5000}", "nested more than 4,000 times"),
        ("parameters", f"k {'-' * 5000}1", "nested more than 4,000 times"),
        ("parameters", f"k {'1^' * 9000}1", "nested more than 4,000 times"),
        ("parameters", f"k {'1+' * 9000}1", "operations deep"),
        ("parameters", f"k {'1+' * 200_000}1", "more than 200,000 characters"),
        ("parameters", "k\u00a01", "\\xa01"),
        ("species", "A() 1 B() 2", "the end of the line was expected, 'B() 2' was found"),
        ("species", "A(b", "',' or ')' after a site was expected, nothing was found"),
        ("molecule types", "A(1)", "A site"),
        ("observables", "Moleces A A()", "Molecules or Species was expected"),
        ("observables", "Molecules A A(b~\u00b5)", "a site was expected"),
        ("reaction rules", "A() - B() k", "'->' or '<->'"),
        ("reaction rules", "A() -> B() k Move", "'Move' was found"),
        ("compartments", "c 3 1 d e", "'e' was found"),
        ("energy patterns", "A()", "an amount"),
        ("population maps", "A() -> B()", "a rate"),
    ],
)
def test_what_is_no_line_of_a_block_is_refused(block: str, line: str, said: str) -> None:
    with pytest.raises(BnglError) as caught:
        bngl.read(f"begin {block}\n\n{line}\nend {block}\n")
    assert said in str(caught.value)
    assert caught.value.line == 3
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("begin parameter\n", 1, "did you mean 'parameters'"),
        ("begin parameters\nbegin species\n", 2, "'end parameters' was expected before"),
        ("begin parameters\nend species\n", 2, "'end parameters' was expected"),
        ("end species\n", 1, "no block is open"),
        ("\nbegin parameters\nk 1\n", 2, "has no 'end parameters'"),
    ],
)
def test_blocks_that_do_not_match_are_told(text: str, line: int, said: str) -> None:
    with pytest.raises(BnglError, match=said) as caught:
        bngl.read(text)
    assert caught.value.line == line


def test_lines_end_where_an_editor_says() -> None:
    text = "begin parameters # a\x85b\x0bc\x0cd\u2028e\rk 1\r\nk2 2\nend parameters"
    assert bngl.read(text).model.split("\n") == [
        *("begin parameters", "k = 1", "k2 = 2", "end parameters", "")
    ]


def test_a_function_without_an_equals_sign_keeps_its_comparisons() -> None:
    """BNG2.pl strikes the first lone '=' of the line."""
    file = bngl.read("begin functions\nf() if(x>=1,2,3)\nend functions\n")
    assert "f() = if(x>=1,2,3)" in file.model


def test_lines_that_are_no_bngl_are_left_out_with_a_warning() -> None:
    file = bngl.read("begin model\nend model\nsimulate({a=>1,\n  t_end=>2})\n%x\n")
    assert file.model == "begin model\nend model\n\n\n\n"
    assert file.warnings == ("Not BNGL, and left out as BioNetGen does: line 4, 5.",)


def test_a_file_may_be_too_large() -> None:
    with pytest.raises(BnglError, match="characters"):
        bngl.read("#" * 10_000_001)
    with pytest.raises(BnglError, match="lines"):
        bngl.read("\n" * 200_001)
