"""What a model says about itself, written as PySB annotations so that any exporter can read it.

PySB keeps annotations as triples (subject, object, predicate). Predicates that are BioModels.net
qualifiers (``is``, ``hasPart``, ``isVersionOf``, ``isDescribedBy``, ``hasTaxon``, ...) take an
identifiers.org or DOI address as object. The predicates below take plain text; they carry what PySB
itself has no place for. They work on any PySB model, not only on ours::

    Annotation(kf, "1/(nM*s)", predicate=UNIT)
    Annotation(model, "0.1.0", predicate=VERSION)
"""

from __future__ import annotations

from typing import Final

# On parameters, expressions and observables.
UNIT: Final = "unit"
# On parameters: "low high", in the unit of the value, and one of the kinds of evidence.
RANGE: Final = "range"
EVIDENCE: Final = "evidence"
# On any component: the id of a row of evidence.csv, once for each.
SOURCE: Final = "source"
# On any component: author, year and journal of a source whose address nobody looked up.
CITATION: Final = "citation"
# On any component: a sentence or two for the reader.
NOTE: Final = "note"
# On rules: the mechanism file they were written in.
MECHANISM: Final = "mechanism"

# On the model as a whole (subject: the pysb.Model).
TITLE: Final = "title"
DESCRIPTION: Final = "description"
VERSION: Final = "version"
DATE: Final = "date"  # ISO 8601, of this version of the model
LICENCE: Final = "licence"  # address of the licence
CREATOR: Final = "creator"  # "Family, Given; organisation; ORCID"
SUBSTANCE_UNIT: Final = "substance unit"
VOLUME_UNIT: Final = "volume unit"
TIME_UNIT: Final = "time unit"

PLAIN: Final = frozenset(
    {UNIT, RANGE, EVIDENCE, SOURCE, CITATION, NOTE, MECHANISM}
    | {TITLE, DESCRIPTION, VERSION, DATE, LICENCE, CREATOR}
    | {SUBSTANCE_UNIT, VOLUME_UNIT, TIME_UNIT}
)
