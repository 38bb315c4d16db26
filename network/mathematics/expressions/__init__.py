"""BioNetGen's expression language: text to a small tree, and back to a number or to text.

BioNetGen writes rate laws, derived parameters and compartment sizes as text such as
``kf*AA/(1 + AA)`` or ``if(time()>3,k1,k2)``. :func:`parse` turns it into an immutable tree that
formats can be printed from, without a computer algebra system in between::

    >>> tree = parse("kf*AA/(1 + AA)")
    >>> sorted(tree.names)
    ['AA', 'kf']
    >>> tree.evaluate({"kf": 2.0, "AA": 3.0})
    1.5

Operators bind as in customary mathematics: ``||``, ``&&``, comparisons, ``+ -``, ``* /``, unary
signs and ``!``, then powers from the right, so that ``-x^2`` is ``-(x^2)``. BNG2.pl disagrees (it
squares ``-x``), but puts every compound operand in parentheses when it writes a network, so that
nothing there hangs on the order. :func:`parenthesised` writes in the same way.
"""

from .language import (
    BUILT_IN,
    CONSTANTS,
    BuiltIn,
    ExpressionError,
    UnknownFunctionError,
    format_number,
)
from .parsing import allow_depth, leading, parse, parse_as_bng2
from .tree import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Number,
    Scope,
    Time,
    Unary,
    check_functions,
)
from .writing import parenthesised

__all__ = [
    "BUILT_IN",
    "CONSTANTS",
    "Binary",
    "BuiltIn",
    "Call",
    "Constant",
    "Expression",
    "ExpressionError",
    "Name",
    "Number",
    "Scope",
    "Time",
    "Unary",
    "UnknownFunctionError",
    "allow_depth",
    "check_functions",
    "format_number",
    "leading",
    "parenthesised",
    "parse",
    "parse_as_bng2",
]
