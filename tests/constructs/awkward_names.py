"""Names that are words of BNG2.pl, of SBML or of the tools that read it."""

# pyright: reportOperatorIssue=false

import sympy
from pysb import Compartment, Expression, Initial, Model, Monomer, Observable, Parameter, Rule

model = Model("awkward.names.with.dots")
default = Compartment("default", dimension=3, size=Parameter("volume", 2))
end = Monomer("end", ["species"], {"species": ["time", "true"]})
exp = Monomer("exp", ["max"])
time = Parameter("time", 0.5)
maximum = Parameter("max", 30)
begin = Parameter("begin", 12)
beginning = Parameter("beginning_of", 0.02)
pi = Parameter("pi", 3)
lam = Parameter("lambda", 0.3)
r0 = Parameter("r0", 0.2)
total = Parameter("TotalRate", 0.1)
sat = Parameter("Sat", 0.05)
size = Expression("sum", begin + maximum)
Initial(end(species="time") ** default, size)
Initial(exp(max=None) ** default, begin)
ln = Observable("ln", end(species="true"))
tanh = Expression("tanh", time * lam / (1 + ln / maximum))
MM = Expression("MM", tanh * sympy.exp(-ln / pi))
Rule("if_", end(species="time") >> end(species="true"), MM)
Rule("time_back", end(species="true") >> end(species="time"), total)
Rule("begin_pair", exp(max=None) + exp(max=None) | exp(max=1) % exp(max=1), sat, r0)
Rule("end_pair", exp(max=1) % exp(max=1) >> None, beginning)
