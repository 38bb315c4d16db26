"""What holds for all our models: who made them, when, under which licence, in which units."""

from __future__ import annotations

from typing import Final

from pysb import Annotation, Model

from ..numbers import metadata
from .drafting import drafting

VERSION: Final = "0.1.0"
DATE: Final = "2026-11-21"  # of this version; not the day on which a file is written
LICENCE: Final = "https://spdx.org/licenses/BSD-2-Clause.html"
CREATORS: Final = ("mTORules authors; mTORules",)

# The two reviews that the models turn into mechanism: J Clin Invest 2011 (PMC3069769) is the first.
_MODEL_LEVEL: Final = (
    ("https://identifiers.org/taxonomy:9606", "hasTaxon"),
    ("https://identifiers.org/pmc:PMC3069769", "isDerivedFrom"),
    ("https://identifiers.org/kegg.pathway:hsa04150", "isVersionOf"),
    ("https://identifiers.org/GO:0031929", "isVersionOf"),
)


def describe(model: Model, title: str, text: str) -> Model:
    """Attach title, description, version, date, licence, units and origin; return the model."""
    with drafting(model):
        for value, predicate in (
            (title, metadata.TITLE),
            (text, metadata.DESCRIPTION),
            (VERSION, metadata.VERSION),
            (DATE, metadata.DATE),
            (LICENCE, metadata.LICENCE),
            ("zmol", metadata.SUBSTANCE_UNIT),
            ("pL", metadata.VOLUME_UNIT),
            ("s", metadata.TIME_UNIT),
            *((creator, metadata.CREATOR) for creator in CREATORS),
            *_MODEL_LEVEL,
        ):
            Annotation(model, value, predicate)
    return model
