"""Stan programs, taken by Stan's own compiler, which the package httpstan brings."""

import importlib.util
import subprocess
from pathlib import Path

import pytest
from mtorules.export.formats import FORMATS
from mtorules.network import generate

_SPEC = importlib.util.find_spec("httpstan")
STANC = Path(_SPEC.origin).with_name("stanc") if _SPEC and _SPEC.origin else None


@pytest.mark.skipif(STANC is None, reason="httpstan is not installed")
def test_stan_takes_the_program(construct: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.stan"
    FORMATS["stan"].write(generate.network(construct), path)
    done = subprocess.run(
        [str(STANC), path, "--o", tmp_path / "model.hpp", "--warn-pedantic"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    # Whole numbers would be divided as such.
    assert "integer division" not in done.stderr
