import json
from pathlib import Path

from mtorules.export import network_json
from mtorules.network import generate

BINDING = """
begin parameters
  k 1e-3
end parameters
begin species
  A(b,b) 10
end species
begin reaction rules
  bind: A(b) + A(b) <-> A(b!1).A(b!1) k, k
end reaction rules
generate_network({max_stoich=>{A=>2}})
"""


def test_the_file_says_what_the_network_says(tmp_path: Path) -> None:
    network = generate.from_bngl(BINDING, "chains")
    network_json.write(network, tmp_path / "chains.json")
    data = json.loads((tmp_path / "chains.json").read_text(encoding="utf-8"))
    assert data["name"] == "chains"
    assert data["parameters"][0]["value"] == 1e-3
    assert [s["pattern"] for s in data["species"]] == [s.pattern for s in network.species]
    assert [r["reactants"] for r in data["reactions"]] == [
        list(r.reactants) for r in network.reactions
    ]
    assert data["reactions"][0]["law"]["factor"] == str(network.reactions[0].law.factor)
