"""Readouts in PEtab's mathematics, and that of SBML files."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import reduce
from typing import Final

from ...network.units.quantities import NANOMOLAR
from ...simulation.courses import Outputs
from ...simulation.periods import concentration_unit
from ...simulation.sbml.model import SbmlModel
from ..asking.readouts import Readouts

_SIGNS: Final[Mapping[type, str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "^",
}


def readout(readouts: Readouts, name: str) -> str:
    """Return a readout as a formula of the symbols of the model's file.

    Parameters
    ----------
    readouts : Readouts
        What is looked at.
    name : str
        One of its names.
    """
    asked = readouts.asked[name]
    outputs = {each: output(readouts.model, each) for each in readouts.outputs_of(asked)}
    if asked.text in outputs:  # which may be a pattern, and so no arithmetic
        return outputs[asked.text]
    return _written(ast.parse(asked.text, mode="eval").body, outputs, readouts)


def output(model: SbmlModel, name: str) -> str:
    """Return an output in the unit that results have: of our models, concentrations in nM."""
    id = model.output(name)
    if not model.nanomolar:
        return id
    species = Outputs(model, {name: id}, nanomolar=True).dissolved(id)
    unit = concentration_unit(model, species) if species is not None else None
    if species is None or unit is None:
        return id
    factor = unit.factor_to(NANOMOLAR)
    shown = id if factor == 1 else f"{factor!r} * {id}"
    if id in model.species and not model.species[id].amounts:
        return shown
    return f"{shown} / {model.species[species].compartment}"


def _written(node: ast.expr, outputs: Mapping[str, str], readouts: Readouts) -> str:
    def below(one: ast.expr) -> str:
        return _written(one, outputs, readouts)

    match node:
        case ast.Constant(value=value):
            return repr(float(value))  # pyright: ignore[reportArgumentType]
        case ast.Name(id=name) if name in readouts.named:
            tree = ast.parse(readouts.named[name].text, mode="eval").body
            return f"({below(tree)})"
        case ast.Name(id=name):
            return f"({outputs[name]})"
        case ast.UnaryOp(operand=operand):
            return f"(-{below(operand)})"
        case ast.BinOp(left=left, op=op, right=right):
            return f"({below(left)} {_SIGNS[type(op)]} {below(right)})"
        case ast.Call(func=ast.Name(id=function), args=parts) if function in ("min", "max"):
            # PEtab's take two.
            return reduce(lambda one, other: f"{function}({one}, {other})", map(below, parts))
        case ast.Call(func=ast.Name(id=function), args=[part]):
            return f"{function}({below(part)})"
    raise AssertionError(node)
