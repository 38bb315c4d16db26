"""Building PySB models without touching anybody's globals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pysb import Model
from pysb.core import SelfExporter

_STATE = ("do_export", "default_model", "target_globals", "target_module", "export")


@contextmanager
def drafting(model: Model) -> Iterator[Model]:
    """Send every component built inside the block to ``model``, and nowhere else.

    PySB's self-export writes components into the caller's globals and into the one model of the
    process. Inside this block it writes into ``model`` alone, so that many models can live side by
    side; afterwards the former state is back, also after an exception.

    Examples
    --------
    >>> from pysb import Monomer
    >>> with drafting(Model("m", _export=False)) as model:
    ...     mtor = Monomer("MTOR", ["frb"])
    >>> model.monomers["MTOR"] is mtor
    True
    """
    kept = {name: vars(SelfExporter)[name] for name in _STATE}
    SelfExporter.do_export, SelfExporter.default_model = True, model
    SelfExporter.target_globals, SelfExporter.target_module = {}, None
    # PySB would look through the stack for the caller's module, which takes longer than all else.
    SelfExporter.export = staticmethod(model.add_component)
    try:
        yield model
    finally:
        for name, value in kept.items():
            setattr(SelfExporter, name, value)
