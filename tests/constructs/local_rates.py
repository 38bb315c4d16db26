"""Rates that depend on the complex a tag finds; one local expression uses another."""

from pysb import Expression, Initial, Model, Monomer, MultiState, Observable, Parameter, Rule, Tag

model = Model("local_rates")
A = Monomer("A", ["b", "y"], {"y": ["u", "p"]})
B = Monomer("B", ["a", "a"])
k = Parameter("k", 0.1)
kb = Parameter("kb", 0.01)
kr = Parameter("kr", 0.2)
Initial(A(b=None, y="u"), Parameter("A_0", 20))
Initial(B(a=MultiState(None, None)), Parameter("B_0", 10))
x = Tag("x")
As = Observable("As", A())
Ap = Observable("Ap", A(y="p"))
share = Expression("share", Ap(x) / As(x))
rate = Expression("rate", k * (1 + share(x)) * As(x))
back = Expression("back", k / (1 + Ap(x)))
Rule("bind", A(b=None) + B(a=None) | A(b=1) % B(a=1), kb, kr)
Rule("flip", A(y="u") @ x >> A(y="p") @ x, rate)
Rule("fall", (A(b=1, y="p") % B(a=1)) @ x >> (A(b=1, y="u") % B(a=1)) @ x, back)
