"""delete_molecules, move_connected, total_rate, MatchOnce, a fixed species, synthesis."""

from pysb import (
    ANY,
    Compartment,
    Initial,
    MatchOnce,
    Model,
    Monomer,
    MultiState,
    Observable,
    Parameter,
    Rule,
)

model = Model("rule_options")
out = Compartment("out", dimension=3, size=Parameter("v_out", 8))
mem = Compartment("mem", dimension=2, size=Parameter("v_mem", 0.5), parent=out)
inn = Compartment("inn", dimension=3, size=Parameter("v_in", 2), parent=mem)
A = Monomer("A", ["b"])
B = Monomer("B", ["a", "a", "y"], {"y": ["u", "p"]})
F = Monomer("F")
kb = Parameter("kb", 0.3)
k = Parameter("k", 0.15)
Initial(A(b=None) ** out, Parameter("A_0", 30))
Initial(B(a=MultiState(None, None), y="u") ** out, Parameter("B_0", 10))
Initial(F() ** out, Parameter("F_0", 4), fixed=True)
Observable("As", A())
Observable("inside", A() ** inn)
Observable("once", B(a=ANY), match="species")
Observable("Bp", B(y="p"))
Rule("bind", A(b=None) + B(a=None) | A(b=1) % B(a=1), kb, k)
Rule("lose", A(b=ANY) >> None, k, delete_molecules=True)
Rule("carry", A(b=None) ** out >> A(b=None) ** inn, k, move_connected=True)
Rule("flip", MatchOnce(B(a=ANY, y="u")) >> B(a=ANY, y="p"), k)
Rule("feed", F() >> F() + A(b=None) ** out, k)
Rule("drain", A(b=None) ** inn >> None, k, total_rate=True)
Rule("make", None >> A(b=None) ** out, kb)
