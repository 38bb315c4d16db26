"""A rate that depends on time, and an expression nobody uses."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule
from pysb.core import time

model = Model("oscillating")
A = Monomer("A", ["y"], {"y": ["u", "p"]})
k = Parameter("k", 0.3)
period = Parameter("period", 8)
Initial(A(y="u"), Parameter("A_0", 10))
Ap = Observable("Ap", A(y="p"))
wave = Expression("wave", k * (1 + sympy.sin(2 * sympy.pi * time / period)))
unused = Expression("unused", Ap**2 + time)
Rule("on", A(y="u") >> A(y="p"), wave)
