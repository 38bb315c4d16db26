"""Files for XPPAUT, run by XPPAUT without its windows, against libRoadRunner on our SBML."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.export.formats import FORMATS, FormatError
from mtorules.network import generate
from mtorules.network.network import Function

needs_xpp = pytest.mark.skipif(shutil.which("xppaut") is None, reason="XPPAUT is not installed")


def run(text: str, times: np.ndarray, folder: Path) -> np.ndarray:
    """Let XPPAUT run a file: species, then observables."""
    step = times[1] - times[0]
    settings = f"@ total={times[-1]}, dt={step / 200}\ndone\n"
    (folder / "output.dat").unlink(missing_ok=True)
    (folder / "model.ode").write_text(text.removesuffix("done\n") + settings, encoding="utf-8")
    done = subprocess.run(
        ["xppaut", "-silent", "model.ode"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        errors="replace",
    )
    assert (folder / "output.dat").exists(), done.stdout[-2000:]
    table = np.loadtxt(folder / "output.dat", ndmin=2)[::200]
    assert table[:, 0] == pytest.approx(times)
    return table[:, 1:]


@needs_xpp
def test_xppaut_does_what_libroadrunner_does(
    construct: Path, agrees: Callable[..., None], tmp_path: Path
) -> None:
    network = generate.network(construct)
    text = FORMATS["xpp"].text(network)
    agrees(network, lambda _, times: run(text, times, tmp_path))


@needs_xpp
def test_long_sums_are_put_together(agrees: Callable[..., None], tmp_path: Path) -> None:
    network = generate.network("complexes")
    text = FORMATS["xpp"].text(network)
    assert max(map(len, text.splitlines())) < 1024
    agrees(network, lambda _, times: run(text, times, tmp_path))


def test_what_xppaut_cannot_read_is_refused() -> None:
    network = generate.network(Path(__file__).parents[2] / "constructs" / "hill.bngl")
    long = "*".join(["1.0000000001"] * 200)
    network = replace(network, functions=(Function("endless", (), long),))
    with pytest.raises(FormatError, match=r"xpp cannot hold this model: .* 'endless' has 2,"):
        FORMATS["xpp"].text(network)


def test_what_xppaut_has_no_room_for_is_counted() -> None:
    with pytest.raises(FormatError, match=r"parameters, and XPPAUT has room for 390; it has"):
        FORMATS["xpp"].text(generate.network("signalling"))
