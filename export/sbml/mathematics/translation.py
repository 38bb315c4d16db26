"""Formula texts of a network as MathML over the identifiers of a document."""

from __future__ import annotations

from ....network.mathematics import expressions
from ....network.mathematics.expressions import ExpressionError
from ....network.network import Network
from ..ids import Names
from .mathml import Ci, MathError, Node, translate


class FormulaError(ValueError):
    """Something in the model cannot be said in SBML; the message says what and where."""


class Translation:
    """Translates texts, with the name of where they stand for the reader."""

    def __init__(self, network: Network, names: Names) -> None:
        self._ids = names.symbols
        self.inlined = {
            f.name: (f.arguments, expressions.parse(f.expression))
            for f in network.functions
            if f.arguments
        }

    def formula(self, text: str, where: str) -> Node:
        """Return a formula; ``where`` is what a message says it belongs to."""
        try:
            return translate(expressions.parse(text), self._ids, self.inlined)
        except (MathError, ExpressionError) as error:
            raise FormulaError(f"In {where}: {error}") from None

    def symbol(self, name: str, where: str) -> Ci:
        """Return the reference to a parameter, an expression or an observable."""
        if name not in self._ids:
            raise FormulaError(f"In {where}: the model has no {name!r}.")
        return Ci(self._ids[name])
