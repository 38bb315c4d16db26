"""The history of measurements, which is no part of the package and so is loaded from its file."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HERE = {"processor": "P", "cores": 2}


@pytest.fixture(scope="module")
def history() -> ModuleType:
    spec = importlib.util.spec_from_file_location("history", ROOT / "benchmarks" / "history.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_ratio_is_less_where_we_are_better(history: ModuleType) -> None:
    peers = [
        {"model": "m", "peer": "BNG2.pl", "network_s": 2.0},
        {"model": "m", "peer": "ours", "network_s": 3.0},
        {"model": "m", "peer": history.PLAIN, "load_s": 4.0, "points_per_s": 10.0},
        {"model": "m", "peer": "ours on bngsim", "load_s": 1.0, "points_per_s": 40.0},
        {"model": "m", "peer": "COPASI", "load_s": 9.0},
    ]
    scans = {"m": {"ratios": {"two processes / one": 1.6, "nine doses / plain loop": 0.2}}}
    assert history.ratios(peers, scans) == {
        "m: network / BNG2.pl": 1.5,
        "m: load of ours on bngsim / libRoadRunner, plain loop": 0.25,
        "m: point of ours on bngsim / libRoadRunner, plain loop": 0.25,
        "m: one / two processes": 1 / 1.6,
        "m: nine doses / plain loop": 0.2,
    }


def test_a_row_that_got_worse_is_named_and_one_of_another_machine_is_not(
    history: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "history.jsonl"
    assert history.keep({"a": 1.0, "b": 1.0}, HERE, path) == {}
    assert history.keep({"a": 9.0, "b": 9.0}, {**HERE, "cores": 64}, path) == {}
    assert history.keep({"a": 1.14, "b": 1.16, "c": 5.0}, HERE, path) == {"b": (1.0, 1.16)}
    # Each is compared with its last: what got worse once is not named for ever.
    assert history.keep({"a": 1.14, "b": 1.16}, HERE, path) == {}
    kept = history.read(path)
    assert [one["ratios"].get("b") for one in kept] == [1.0, 9.0, 1.16, 1.16]
    assert kept[1]["machine"]["cores"] == 64


def test_the_history_is_drawn(history: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    for value in (1.0, 0.5):
        history.keep({"m: a": value, "n: b": value}, HERE, path)
    history.draw(history.read(path), tmp_path / "new" / "history.svg")
    assert "</svg>" in (tmp_path / "new" / "history.svg").read_text(encoding="utf-8")


def test_what_is_kept_can_be_read(history: ModuleType) -> None:
    assert all(one["commit"] and one["machine"]["cores"] for one in history.read())
