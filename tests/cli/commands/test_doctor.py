import json
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]


def test_what_works_is_told_with_its_version(mtorules: Call) -> None:
    done = mtorules("doctor", "--json")
    assert done.status == 0, done.out
    found = {each["name"]: each for each in json.loads(done.out)}
    for name in ("BioNetGen", "libRoadRunner", "Python", "temporary files"):
        assert found[name]["state"] == "works"
    assert "off by" in found["libRoadRunner"]["detail"]


def test_a_simulator_that_computes_another_number_is_broken(
    mtorules: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtorules.analysis.checking.doctor._END", 3.0)
    monkeypatch.setattr("mtorules.analysis.checking.doctor._RATE", 0.4)
    done = mtorules("doctor")
    assert done.status == 1
    assert "Nothing goes without libRoadRunner" in done.out


def test_what_is_missing_comes_with_a_remedy(
    mtorules: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = mtorules("doctor")
    assert done.status == 1
    assert "Install the package 'perl'" in done.out
    assert "apt-get install r-cran-desolve" in done.out
    assert "Nothing goes without BioNetGen" in done.out


def test_a_cache_that_cannot_be_written_is_no_end(
    mtorules: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTORULES_CACHE", "/dev/null/cache")
    found = {each["name"]: each for each in json.loads(mtorules("doctor", "--json").out)}
    assert found["cache"]["state"] == "broken"
    assert "set MTORULES_CACHE" in found["cache"]["detail"]
