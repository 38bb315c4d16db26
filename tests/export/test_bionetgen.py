import subprocess
from pathlib import Path

import numpy as np
from mtorules.export import bionetgen
from mtorules.network import generate
from mtorules.network.bionetgen import bng2

CHOICES = """
begin model
begin parameters
  k 0
end parameters
begin species
  A() 2
end species
begin observables
  Molecules At A()
end observables
begin functions
  least() = if(At>=2,1,0) + if(At<=2,10,0) + if(At!=2,100,0)
end functions
begin reaction rules
  make: 0 -> A() k
end reaction rules
end model
"""
BOX = """
begin model
begin parameters
  k 1
end parameters
begin compartments
  box 3 0.5
end compartments
begin molecule types
  A()
end molecule types
begin species
  A()@box 2
end species
begin observables
  Molecules At A()
end observables
begin reaction rules
  meet: A()@box + A()@box -> A()@box k
end reaction rules
end model
"""


def read_by_bng2(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Simulate a network in BioNetGen as its users do."""
    (folder / "m.net").write_text(bionetgen.net(generate.from_bngl(text, "m")))
    (folder / "run.bngl").write_text(
        'readFile({file=>"m.net"})\n'
        'simulate({method=>"ode",t_end=>1,n_steps=>1,print_functions=>1})\n'
    )
    perl, program = bng2.find()
    command = [perl, program, "run.bngl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_bionetgen_reads_the_comparisons_that_the_model_has(tmp_path: Path) -> None:
    assert read_by_bng2(CHOICES, tmp_path).returncode == 0
    *_, least = np.loadtxt(next(tmp_path.glob("*.gdat")), unpack=True)
    np.testing.assert_array_equal(least, 11)  # at 2 both bounds hold


def test_bionetgen_divides_by_no_volume_twice(tmp_path: Path) -> None:
    """It reads no network with compartments, not even its own; a wrong course would be worse."""
    done = read_by_bng2(BOX, tmp_path)
    assert done.returncode != 0
    assert "compartment" in done.stdout + done.stderr
    assert not list(tmp_path.glob("*.gdat"))
