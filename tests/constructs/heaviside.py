"""A step in an observable, with and without a value at the step itself."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("heaviside")
A = Monomer("A", ["y"], {"y": ["u", "p"]})
k = Parameter("k", 0.5)
limit = Parameter("limit", 20)
Initial(A(y="u"), Parameter("A_0", 50))
Ap = Observable("Ap", A(y="p"))
fast = Expression("fast", k * (1 + sympy.Heaviside(limit - Ap)))
slow = Expression("slow", k / 10 * sympy.Heaviside(Ap - limit, 0))
Rule("on", A(y="u") >> A(y="p"), fast)
Rule("off", A(y="p") >> A(y="u"), slow)
