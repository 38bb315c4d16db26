"""Putting mechanisms together: a model is a table of contents."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

from pysb import Annotation, Model

from ..numbers import fitted, parameters
from ..numbers.metadata import MECHANISM
from ..numbers.parameters import Rates
from .drafting import drafting

Mechanism = Callable[[Model, Rates], None]


def compose(name: str, mechanisms: Sequence[Mechanism]) -> Model:
    """Build a model from mechanisms, each with the table that stands beside its file.

    Every rule gets the name of its mechanism file as an annotation, so that an export can group
    reactions by mechanism.

    Parameters
    ----------
    name : str
        Name of the model: letters, digits and underscores.
    mechanisms : sequence of callables
        Functions ``add_...(model, rates)``, in an order in which monomers come before their use.
    """
    model = Model(name, _export=False)
    for add in mechanisms:
        before = {rule.name for rule in model.rules}
        file = Path(inspect.getfile(add))
        table = file.with_suffix(".csv")
        rates = fitted.applied(parameters.read(table)) if table.exists() else Rates({}, file.name)
        add(model, rates)
        with drafting(model):
            for rule in model.rules:
                if rule.name not in before:
                    Annotation(rule, f"{file.parent.name}/{file.stem}", MECHANISM)
    return model
