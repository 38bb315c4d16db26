"""How much each parameter matters for each observable over time.

Two independent ways lead there. :mod:`.forward` integrates the derivatives beside the amounts
(CVODES through bngsim; exact to the tolerances, and needs a C compiler); :mod:`.differences` runs
the model with each parameter a little larger and smaller, on any engine. Both let cells rest first
if wanted: the derivative of the resting state follows from the Jacobian there and the conserved
totals, or from resting anew.

Numbers are for outputs as engines give them, observables as amounts. Relative sensitivities say by
how many per cent an observable rises when a parameter rises by one.
"""
