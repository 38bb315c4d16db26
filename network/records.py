"""Dataclasses as plain data that JSON can hold, and back, by their type hints.

Only what the hints name is ever made, so that reading runs nobody's code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def to_data(value: Any) -> Any:
    """Return a dataclass as nested lists of what its fields hold, in their order."""
    if is_dataclass(value) and not isinstance(value, type):
        return [to_data(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [[to_data(key), to_data(each)] for key, each in value.items()]
    if isinstance(value, tuple | list):
        return [to_data(each) for each in value]
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    return value


def from_data(kind: type[Record], data: Any) -> Record:
    """Return what :func:`to_data` was given, which was of this kind.

    Raises
    ------
    TypeError, ValueError
        If it was of another.
    """
    return _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if kind in (str, int, float, bool, NoneType):
        return lambda data: data
    if kind is Fraction:
        return lambda data: Fraction(*data)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (inner,) = (_reader(each) for each in arguments if each is not NoneType)
        return lambda data: None if data is None else inner(data)
    if origin is tuple and arguments[-1:] == (...,):
        each = _reader(arguments[0])
        return lambda data: tuple([each(part) for part in data])
    if origin is tuple:
        parts = [_reader(argument) for argument in arguments]
        return lambda data: tuple([read(part) for read, part in zip(parts, data, strict=True)])
    if origin is Mapping or origin is dict:
        key, value = map(_reader, arguments)
        return lambda data: {key(one): value(other) for one, other in data}
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"{kind} cannot be read back.")


def _record(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]

    def read(data: Any) -> Any:
        made = object.__new__(kind)  # what a frozen one would check was checked before
        vars(made).update({name: of(part) for (name, of), part in zip(readers, data, strict=True)})
        return made

    return read
