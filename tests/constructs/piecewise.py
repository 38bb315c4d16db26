"""Conditions of several kinds, nested."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("piecewise")
A = Monomer("A", ["y"], {"y": ["u", "p"]})
k = Parameter("k", 0.5)
limit = Parameter("limit", 30)
Initial(A(y="u"), Parameter("A_0", 60))
Ap = Observable("Ap", A(y="p"))
Au = Observable("Au", A(y="u"))
chosen = Expression("chosen", sympy.Piecewise((k, limit > 10), (2 * k, True)))
rate = Expression(
    "rate",
    sympy.Piecewise(
        (chosen * 2, sympy.And(Ap < limit / 2, Au > 1)),
        (chosen, sympy.Or(Ap < limit, Au < 0)),
        (chosen / 4, True),
    ),
)
Rule("on", A(y="u") >> A(y="p"), rate)
Rule("off", A(y="p") >> A(y="u"), Parameter("kr", 0.1))
