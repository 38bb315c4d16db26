"""A BNGL file is data: whatever it holds, nothing is run but what it says of the model.

Each text goes through the real BNG2.pl, which evaluates as Perl whatever it takes for an action.
What is asked is not that a text is refused, but that nothing is touched.
"""

from pathlib import Path

import pytest
from mtorules.network import generate
from mtorules.network.bionetgen.bng2 import GenerationError

MODEL = """setOption("NumberPerQuantityUnit",1)
begin model
begin parameters
  k 1
  V 1
end parameters
begin compartments
  C 3 V
end compartments
begin molecule types
  A(y~u~p)
end molecule types
begin seed species
  @C:A(y~u) 10
end seed species
begin observables
  Molecules Ap A(y~p)==1
end observables
begin functions
  f() k
end functions
begin energy patterns
  e: A(y~p) k
end energy patterns
begin reaction rules
  on: A(y~u) -> A(y~p) f()
end reaction rules
end model
generate_network({max_iter=>5})
"""
TOUCH = "system(q(touch FILE))"
PLACES = {
    "parameter": "k 1",
    "size": "3 V",
    "molecule type": "A(y~u~p)",
    "seed": "A(y~u) 10",
    "amount": "10",
    "observable": "Ap A(y~p)",
    "quantifier": "==1",
    "function": "f() k",
    "energy pattern": "e: A(y~p) k",
    "label": "on:",
    "rate": "f()\n",
    "end of a block": "end functions",
    "end": "end model",
    "action": "generate_network({max_iter=>5})",
    "option": '"NumberPerQuantityUnit"',
    "option's value": ",1)",
}
CODE = [
    f"{{}};{TOUCH};",
    f"{{}}\n{TOUCH}\n",
    f"{{}} {TOUCH}",
    f"{{}} @{{{{[{TOUCH}]}}}}",
    f"{{}}\x00{TOUCH}",
    f"{{}}\u2028{TOUCH}\u2028",
    f"{{}}\x85{TOUCH}\x85",
    f"{{}}\x0b\x0c{TOUCH};#",
    f"{{}}\r{TOUCH}\r\n",
    f"{{}} # comment \\\n{TOUCH}",
    f"{{}} \\\n;{TOUCH}",
    "{} `touch FILE`",
    f'{{}} "${{{{\\{TOUCH}}}}}"',
    f"{{}} (?{{{{{TOUCH}}}}})",
]
WHOLE = [
    f"setOp\\\ntion(1);{TOUCH};(1)",
    f'setOp\\\ntion("a",1);{TOUCH};lc("b")',
    f"setOption({{{{'a=>1}}}});{TOUCH};lc({{{{b'=>1}}}})".replace("{{", "{").replace("}}", "}"),
    f"generate_network({{'max_iter=>1}});{TOUCH};lc({{b'=>1}})",
    f"generate_network({{max_iter=>{TOUCH}}})",
    f"generate_network({{max_stoich=>{{'A=>1}}}});{TOUCH};lc({{'=>1}}}})",
    f'setParameter("k","{TOUCH}")',
    f"setParameter('k',\"1');{TOUCH};lc('1\")",
    f"setParameter(\"k');{TOUCH};lc('\",1)",
    f"setConcentration(\"A(y~u)',1);{TOUCH};lc('\",1)",
    f"setConcentration('A(y~u)','10\\',{TOUCH},\\'')",
    f"saveConcentrations(\"a');{TOUCH};lc('\")",
    f"saveConcentrations('a\\',{TOUCH},'')",
    f'setOption("a","@{{[{TOUCH}]}}")',
    f'setOption("a","b\\",{TOUCH},"")',
    f'version("2.2.6");{TOUCH};',
    f"version('2.2.6\\'.{TOUCH}.\\'')",
    f"substanceUnits(\"Number');{TOUCH};lc('\")",
    f"setVolume(\"C');{TOUCH};lc('\",1)",
    f"writeXML();{TOUCH}",
    f"simulate({{method=>{TOUCH}}})",
    f"visualize(){TOUCH}",
    f"{TOUCH}",
    f"1 {TOUCH};",
    f"begin actions\n{TOUCH}\nend actions",
    f"begin protocol\n{TOUCH}\nend protocol\nsimulate_protocol()",
    f"begin  x\n{TOUCH}\nend x",
    f"parameter x 1;{TOUCH}",
    f"par\\\nameter x {TOUCH}",
    "readFile({file=>'other.bngl'})",
    "quit()\nfoo()",
    "begin functions\nt() = tfun('x|touch FILE|',time)\nend functions",
    "begin functions\nt() = TFUN(Ap,'|touch FILE')\nend functions",
]


def tried(text: str, folder: Path) -> None:
    target = folder / "touched"
    text = text.replace("FILE", str(target))
    for end in ("\n", "\r\n"):
        try:
            # What is written alike comes from the cache: BNG2.pl is run for each text once.
            generate.from_bngl(text.replace("\n", end), "m")
        except GenerationError as error:
            said = str(error)
            assert said.replace("\u2028", "").isprintable(), said
        assert not target.exists()


@pytest.mark.parametrize("place", PLACES)
def test_code_inside_blocks_is_not_run(place: str, tmp_path: Path) -> None:
    old = PLACES[place]
    assert MODEL.count(old) >= 1
    for code in CODE:
        new = code.replace("{{", "{").replace("}}", "}").replace("{}", old.rstrip("\n"))
        tried(MODEL.replace(old, new + "\n" * old.endswith("\n"), 1), tmp_path)


@pytest.mark.parametrize("line", WHOLE)
def test_code_in_place_of_an_action_is_not_run(line: str, tmp_path: Path) -> None:
    for before in ("end model", "begin model"):
        where = MODEL.replace(f"{before}\n", f"{before}\n{line}\n", 1)
        tried(where, tmp_path)
    tried(f"{line}\n{MODEL}", tmp_path)


def test_the_model_itself_is_read(tmp_path: Path) -> None:
    """What the others alter is no model that fails anyway."""
    assert len(generate.from_bngl(MODEL, "m", cache=False).species) == 2
    assert not list(tmp_path.iterdir())
