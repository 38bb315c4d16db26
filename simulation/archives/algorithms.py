"""Algorithms that SED-ML names by their term of KiSAO, and what runs for them here."""

from __future__ import annotations

from typing import Final
from xml.dom.minidom import Element

RELATIVE: Final = 209
ABSOLUTE: Final = 211
CVODE: Final = 19
# What the ontology (2.34) files under solvers of ordinary differential equations. Each of them
# stands for the exact solution, which CVODE finds.
ODES: Final = frozenset(
    (
        *(19, 20, 30, 31, 32, 33, 64, 71, 86, 87, 88, 89, 90, 91, 93, 94, 232, 233, 234, 261, 276),
        *(279, 280, 283, 288, 289, 290, 296, 297, 299, 301, 302, 303, 304, 305, 318, 321, 355),
        *(356, 364, 367, 377, 378, 379, 380, 381, 382, 383, 384, 432, 433, 434, 435, 436, 496),
        *(535, 536, 537, 544, 560, 587, 607, 609, 612, 668, 672, 694),
    )
)
# And under methods that find a steady state of such equations, with those tools use for it.
STEADY: Final = frozenset((99, 282, 407, 408, 409, 410, 411, 412, 413, 568, 569, 630, 631, 632))


def kisao(element: Element) -> int:
    """Return the number of an algorithm or of a setting; -1 where there is none."""
    text = element.getAttribute("kisaoID").strip()
    digits = text.replace("_", ":").removeprefix("KISAO:")
    return int(digits) if digits.isdecimal() and len(digits) < 9 else -1
