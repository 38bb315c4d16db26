"""Readouts as effects between 0, without a drug, and 1, which the laws of synergy are about."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..dose_response.hill import Array

RATES: Final = ("net_growth",)
"""Readouts that are rates: they may fall below zero, and add up where numbers of cells multiply."""
DAYS: Final = 3.0
"""For how long cells grow before they are counted."""

KINDS: Final = {
    "falls": "1 - value / control",
    "rises": "1 - control / value",
    "sinks": "1 - control / value",
    "appears": "value / largest value",
    "rate": f"1 - 2^({DAYS:g} (value - control))",
}
"""What an effect is, by the way a readout goes."""
VERBS: Final = {
    "falls": "falls",
    "rises": "rises",
    "sinks": "is below zero and falls further",
    "appears": "is zero without a drug",
    "rate": "is a rate of growth",
}
"""The same ways, as the end of a sentence."""


def effects(values: Array, *, rate: bool = False) -> tuple[Array, str]:
    """Return effects from the values of a readout.

    A readout that falls loses a share of itself, one that rises is read upside down, so that drugs
    which do not interact multiply either way. A readout that is zero without a drug is measured by
    its largest value. A rate of growth becomes the share of cells that are missing after
    :data:`DAYS` days, as if a rate of 1 were a doubling a day: rates that add up are numbers that
    multiply.

    Parameters
    ----------
    values : array of shape (n, m)
        Values at pairs of doses, the first without a drug; NaN where none was computed.
    rate : bool
        Whether they are rates.

    Returns
    -------
    (array, str)
        Effects, and how they were made: a key of :data:`KINDS`.
    """
    control = float(values[0, 0])
    if rate:
        return 1 - 2.0 ** (DAYS * (values - control)), "rate"
    most = float(np.nanmax(np.abs(values)))
    if most == 0:
        return np.zeros_like(values), "falls"
    if abs(control) < 1e-6 * most:
        return values / most, "appears"
    shares = values / control
    # What goes through zero has no multiples; as what falls it may lose more than all of itself.
    low, high = float(np.nanmin(shares)), float(np.nanmax(shares))
    if low > 0 and high > 1 / low:
        return 1 - 1 / shares, "rises" if control > 0 else "sinks"
    return 1 - shares, "falls"
