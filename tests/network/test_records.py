import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pytest
from mtorules.network.network import Network
from mtorules.network.records import from_data, to_data
from mtorules.simulation.load import load


@dataclass(frozen=True)
class Inner:
    words: tuple[str, ...]
    pairs: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True)
class Outer:
    share: Fraction
    inner: Inner | None
    by_name: Mapping[str | None, Inner]
    others: tuple[Inner, ...] = ()


@pytest.mark.parametrize(
    "record",
    [
        Outer(Fraction(1, 3), None, {}),
        Outer(Fraction(2), Inner(("a", "")), {None: Inner(()), "x": Inner((), ((0.1, 2),))}),
        Outer(Fraction(0), Inner(()), {}, (Inner(()), Inner(("é",), ((1e-300, -1),)))),
    ],
)
def test_records_come_back_as_they_were(record: Outer) -> None:
    again = from_data(Outer, json.loads(json.dumps(to_data(record))))
    assert again == record
    assert hash(again.inner) == hash(record.inner)


def test_a_network_comes_back_as_it_was() -> None:
    network = load("complexes").network
    assert network is not None
    assert from_data(Network, json.loads(json.dumps(to_data(network)))) == network


@pytest.mark.parametrize("data", [[], [[1, 3]], 7, [[1, 0], None, [], []]])
def test_what_is_no_such_record_is_refused(data: object) -> None:
    with pytest.raises((TypeError, ValueError, ZeroDivisionError)):
        from_data(Outer, data)


def test_only_what_can_be_read_back_is_read() -> None:
    with pytest.raises(TypeError, match="cannot be read back"):
        from_data(object, [])
