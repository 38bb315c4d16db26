"""BNG2.pl squares ``-x`` where ``-x^2`` is written; decimals of an expression are kept exactly."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("negative_powers")
A = Monomer("A", ["y"], {"y": ["u", "p"]})
x = Parameter("x", 0.7)
k = Parameter("k", 0.2)
gauss = Expression("gauss", sympy.exp(-(x**2)) + 2 - x**2 / 3 + x ** (-2) / 10)
exact = Expression("exact", 0.12345678901234567 * k * gauss)
Initial(A(y="u"), Parameter("A_0", 10))
Ap = Observable("Ap", A(y="p"))
rate = Expression("rate", exact * sympy.exp(-((Ap / 10) ** 2)) / sympy.sqrt(1 + Ap))
Rule("on", A(y="u") >> A(y="p"), rate)
Rule("off", A(y="p") >> A(y="u"), exact)
