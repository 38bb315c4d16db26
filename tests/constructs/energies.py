"""Energy patterns: Arrhenius rates with live energies."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import (
    EnergyPattern,
    Expression,
    Initial,
    Model,
    Monomer,
    Observable,
    Parameter,
    Rule,
)

model = Model("energies")
A = Monomer("A", ["b", "y"], {"y": ["u", "p"]})
B = Monomer("B", ["a"])
RT = Parameter("RT", 2.5)
phi = Parameter("phi", 0.6)
G_bind = Parameter("G_bind", -1.5, nonnegative=False)
G_coop = Parameter("G_coop", -0.8, nonnegative=False)
EnergyPattern("bound", A(b=1) % B(a=1), Expression("e_bind", G_bind / RT))
EnergyPattern("coop", A(b=1, y="p") % B(a=1), Expression("e_coop", G_coop / RT))
EnergyPattern("state", A(y="p"), Parameter("e_state", 0.4))
Initial(A(b=None, y="u"), Parameter("A_0", 40))
Initial(B(a=None), Parameter("B_0", 30))
Observable("AB", A(b=1) % B(a=1))
Observable("Ap", A(y="p"))
Ea = Expression("Ea", sympy.log(RT) + 2)
Rule("bind", A(b=None) + B(a=None) | A(b=1) % B(a=1), phi, Ea, energy=True)
Rule("flip", A(y="u") | A(y="p"), phi, Parameter("Ef", 0.9), energy=True)
