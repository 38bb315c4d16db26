"""Constants that BNG2.pl only takes as functions, alone and with an observable."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Compartment, Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("pi_and_e")
cell = Compartment("cell", dimension=3, size=Parameter("volume", 2.5))
A = Monomer("A", ["b"])
B = Monomer("B", ["a"])
kf = Parameter("kf", 0.05)
kr = Expression("kr", kf * sympy.E)
k2 = Expression("k2", kr + sympy.pi / 100)
Initial(A(b=None) ** cell, Parameter("A_0", 30))
Initial(B(a=None) ** cell, Parameter("B_0", 20))
AB = Observable("AB", A(b=1) % B(a=1))
loss = Expression("loss", sympy.pi * kf / (1 + AB))
Rule("bind", A(b=None) + B(a=None) | A(b=1) % B(a=1), kf, k2)
Rule("lose", A(b=None) >> None, loss)
