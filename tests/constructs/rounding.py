"""floor, ceiling, Mod and sign, which BNG2.pl has no words for."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("rounding")
A = Monomer("A", ["y"], {"y": ["u", "p"]})
k = Parameter("k", 0.37)
n = Parameter("n", 2.6)
stair = Expression("stair", sympy.floor(n) + 10 * sympy.ceiling(n) + 100 * sympy.ceiling(n - 0.4))
rest = Expression("rest", sympy.Mod(n, 2) + sympy.sign(n - 3) + 2)
Initial(A(y="u"), Parameter("A_0", 50))
Ap = Observable("Ap", A(y="p"))
on = Expression("on", k * stair / 300)
off = Expression("off", k * rest / 5 * (1 + Ap / 50))
Rule("turn_on", A(y="u") >> A(y="p"), on)
Rule("turn_off", A(y="p") >> A(y="u"), off)
