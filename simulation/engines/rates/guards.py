"""Rates that expressions give, made safe for simulation molecule by molecule.

A reaction happens only where the molecules are that it takes, whatever its expression says there:
it may be 0/0. Where they are and the expression has no value, or one below zero, simulators go on
for ever or go wrong, so a species of its own, the fault, tells of it: it is made at once, and once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

FAULT: Final = "fault()"
"""What the fault is called."""
WRONG: Final = "the rate of a reaction whose molecules are there is no number, or below zero"
"""What it tells."""
# No rate is larger; and how quickly the fault is made.
_MOST: Final = 1e300
_AT_ONCE: Final = 1e250


def counted(species: int) -> str:
    """Return the name of the group that counts one species."""
    return f"n{species}"


class Guards:
    """Functions for the rates of reactions.

    Parameters
    ----------
    fault : int
        Which species the fault is.
    """

    def __init__(self, fault: int) -> None:
        self._fault = fault
        self._names: dict[tuple[str, tuple[int, ...]], str] = {}

    def law(self, function: str, reactants: Iterable[int]) -> str:
        """Return the name of a function that guards another for a reaction."""
        key = (function, tuple(sorted(reactants)))
        return self._names.setdefault(key, f"g{len(self._names)}")

    def functions(self) -> list[str]:
        """Return the lines that define all guards, and the last one, ``fault``."""
        lines = []
        wrong = []
        for (function, reactants), name in self._names.items():
            there = "*".join(
                (
                    f"({counted(index)}>{count - 0.5!r})"
                    for index, count in Counter(reactants).items()
                )
            )
            fine = f"({function}()>=0)*({function}()<{_MOST!r})"
            held = f"({there})*" if there else ""
            lines.append(f"{name}() if({held}{fine}>0.5,{function}(),0)")
            wrong.append(f"{held}(1-{fine})")
        return [
            *lines,
            f"fault() if({counted(self._fault)}>0.5,0,{_AT_ONCE!r}*({'+'.join(wrong)}))",
        ]

    @property
    def counts(self) -> set[int]:
        """Which species the functions count."""
        return {self._fault, *(index for _, reactants in self._names for index in reactants)}

    def reaction(self) -> str:
        """Return the line that makes the fault."""
        return f"0 {self._fault + 1} fault"

    def __bool__(self) -> bool:
        return bool(self._names)
