import subprocess
from pathlib import Path

import numpy as np
import pytest
from mtorules.network import generate
from mtorules.network.bionetgen import bng2, net, netfile
from mtorules.network.network import Network

# What the format can say: volumes, symmetry, fixed species, functions, saturation, weights.
DIMER = """
begin model
begin parameters
  V   2.5
  kf  0.4
  n   8
end parameters
begin compartments
  box 3 V
end compartments
begin molecule types
  A(a)
end molecule types
begin species
  A(a)@box n
end species
begin observables
  Molecules Free A(a)
  Molecules Total A()
end observables
begin reaction rules
  dimerise: A(a) + A(a) -> A(a!1).A(a!1) kf
end reaction rules
end model
"""
MIXED = """
begin model
begin parameters
  k 1
  kcat 2
  Km 3
end parameters
begin molecule types
  S(p~u~v)
  E()
  P()
end molecule types
begin species
  S(p~u) 10
  E() 1
  $P() 5
end species
begin observables
  Molecules Sv S(p~v)
  Species Sall S()
end observables
begin functions
  drive() = k*Sv/(1 + Sall)
end functions
begin reaction rules
  turn: S(p~u) + E() -> S(p~v) + E() MM(kcat,Km)
  back: S(p~v) -> S(p~u) drive()
  make: 0 -> E() k
  drop: E() -> 0 k
  feed: P() -> P() + S(p~u) k
end reaction rules
end model
"""


@pytest.mark.parametrize("text", [DIMER, MIXED], ids=["volumes and symmetry", "functions"])
def test_the_text_reads_back_as_the_same_network(text: str) -> None:
    network = generate.from_bngl(text, "m")
    declared = {p.name for p in network.parameters if not p.generated}
    declared |= {f.name for f in network.functions if not f.generated}
    back = netfile.read(net.text(network), declared)
    for part in ("parameters", "compartments", "functions", "species", "reactions", "groups"):
        assert getattr(back, part) == getattr(network, part), part


def test_run_network_reads_the_file(tmp_path: Path) -> None:
    """A dimer formed at ``kf/V * A**2 / 2`` leaves ``1/(1/n + kf*t/V)`` of the monomer."""
    network = generate.from_bngl(DIMER, "dimer")
    net.write(network, tmp_path / "dimer.net")
    program = bng2.find()[1].parent / "bin" / "run_network"
    tolerances = ("-a", "1e-10", "-r", "1e-10")
    subprocess.run(
        [
            program,
            "-o",
            "dimer",
            "-p",
            "cvode",
            *tolerances,
            "-g",
            "dimer.net",
            "dimer.net",
            "1",
            "4",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    time, free, total = np.loadtxt(tmp_path / "dimer.gdat", unpack=True)
    assert len(time) == 5
    np.testing.assert_allclose(free, 1 / (1 / 8 + 0.4 / 2.5 * time), rtol=1e-6)
    np.testing.assert_allclose(total, 8, rtol=1e-8)


def test_a_factor_keeps_all_its_digits() -> None:
    text = DIMER.replace("V   2.5", "V   3")
    (line,) = (line for line in net.text(_network(text)).splitlines() if "*kf" in line)
    factor = float(line.split()[3].partition("*")[0])
    assert factor == 0.5 / 3


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        net.write(_network(DIMER), tmp_path / "file" / "dimer.net")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _network(text: str) -> Network:
    return generate.from_bngl(text, "m")
