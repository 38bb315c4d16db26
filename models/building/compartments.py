"""The medium and the cell, with real volumes.

A dish holds about a thousand times more medium than cells, so a drug bath is large but finite:
FKBP12 can drain it (evidence VOL_ECF). Amounts are zmol and volumes pL, so that their ratio is nM.
The membrane between them has no room of its own: BioNetGen would want a surface to nest the cell
in the medium, and no species would live on it.
"""

from pysb import Annotation, Compartment, Model

from ..numbers.parameters import Rates
from .drafting import drafting


def add_compartments(model: Model, rates: Rates) -> None:
    """Add the compartments ``medium`` and ``cell``."""
    with drafting(model):
        medium = Compartment("medium", dimension=3, size=rates.parameter("V_medium"))
        cell = Compartment("cell", dimension=3, size=rates.parameter("V_cell"))
        # The extracellular region of the Gene Ontology, and the cell of the Cell Ontology.
        Annotation(medium, "https://identifiers.org/GO:0005576", "is")
        Annotation(cell, "https://identifiers.org/CL:0000000", "is")
