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
simulate({method=>"ode"})
setParameter("k",10*(2+3))
setConcentration('A()', "k*2")
begin actions
  1 generate_network({max_iter=>3, max_stoich=>{A=>5,B=>2}, overwrite=>1, prefix=>"x"});
  setParameter("k", 7)
  visualize()
  generate_network({max_iter=>9})
  parameter_scan({par_scan_vals=>[1,2,3], \\
    method=>"ode"})
end actions
writeXML()
"""


def test_lines_keep_their_numbers_and_actions_are_gone() -> None:
    lines = bngl.read(TEXT).model.splitlines()
    assert len(lines) == len(TEXT.splitlines())
    kept = [number for number, line in enumerate(lines, 1) if line]
    assert kept == list(range(1, 22))
    assert lines[3:21] == TEXT.splitlines()[3:21]
    assert lines[:2] == ["version('2.2.6')", "setOption('SpeciesLabel','HNauty')"]


def test_blocks_hold_logical_lines() -> None:
    blocks = bngl.read(TEXT).blocks
    assert blocks["parameters"] == ("1 k 1", "label: k2 = k*      2")
    assert [" ".join(line.split()) for line in blocks["reaction rules"]] == ["A() -> B() k"]
    assert blocks["seed species"] == ("setParameter(x) 1",)
    assert "actions" not in blocks


def test_declared_names_are_those_of_parameters_and_functions() -> None:
    assert bngl.read(TEXT).declared == {"outside", "k", "k2", "f", "g"}


def test_only_what_comes_before_the_network_changes_the_model() -> None:
    file = bngl.read(TEXT)
    assert list(map(str, file.changes)) == ["setParameter('k',50)", "setConcentration('A()','k*2')"]
    assert file.bounds == {"max_iter": 3, "max_stoich": {"A": 5, "B": 2}}
    assert file.skipped == (
        ("simulate", "setParameter", "visualize", "generate_network", "parameter_scan", "writeXML")
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


def test_text_in_arguments_cannot_become_perl() -> None:
    file = bngl.read("""setConcentration("@EC:$A() ' . `ls` . '", "1\\\\")\n""")
    assert list(map(str, file.changes)) == ["setConcentration('@EC:$A()  . `ls` . ','1')"]
