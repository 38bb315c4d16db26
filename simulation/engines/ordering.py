"""A better order of elimination for CVODE's sparse solver.

SUNDIALS has KLU order columns by COLAMD, which is made for matrices without symmetry. The Jacobian
of a network is nearly symmetric in its pattern and has hubs, molecules that bind hundreds of
complexes; there AMD, the default of KLU itself, fills half as much and factorises five times
faster. bngsim has no setting for it. So a few lines of C, compiled once, stand before the function
of KLU that chooses the order, and ask it for AMD. Where that cannot be done, all stays as it was.
"""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from ...network.files import replacing
from . import compiling

# `klu_l_common` begins with five floating-point numbers; then come what is asked for here.
_SOURCE: Final = """
#include <stdint.h>
struct common { double numbers[5]; int64_t blocks, ordering, scale; };
typedef void *(*analyze)(int64_t, int64_t *, int64_t *, struct common *);
static analyze actual;
static int64_t known, changed;
void mtorules_stand_before(analyze function, int64_t layout) {
    actual = function;
    known = layout;
}
int64_t mtorules_changed(void) { return changed; }
void *klu_l_analyze(int64_t n, int64_t *starts, int64_t *rows, struct common *common) {
    if (known && common->ordering == 1) { common->ordering = 0; changed++; }
    return actual ? actual(n, starts, rows, common) : 0;
}
"""
# KLU's own settings from the sixth number on: find blocks, order by AMD, scale by the largest.
_DEFAULTS: Final = (1, 0, 2)
_PATIENCE: Final = 60.0


@cache
def improve(package: str) -> ctypes.CDLL | None:
    """Have KLU order by AMD in a package that is imported afterwards.

    Parameters
    ----------
    package : str
        It holds one library, which is linked to KLU.

    Returns
    -------
    CDLL or None
        What stands before KLU; None where nothing does.
    """
    compiler, core = compiling.compiler(), _library(package)
    # Elsewhere than on Linux a library finds functions where it was linked to.
    if compiler is None or core is None or not sys.platform.startswith("linux"):
        return None
    try:
        shim = ctypes.CDLL(str(_compiled(compiler)), mode=ctypes.RTLD_GLOBAL)
        klu = ctypes.CDLL(str(core))
        common = (ctypes.c_char * 1024)()
        klu.klu_l_defaults(common)
        settings = np.frombuffer(common.raw, dtype=np.int64)[5:8]
        actual = ctypes.cast(klu.klu_l_analyze, ctypes.c_void_p)
        layout = ctypes.c_int64(tuple(settings.tolist()) == _DEFAULTS)
    except (OSError, AttributeError, subprocess.SubprocessError):
        return None
    shim.mtorules_stand_before(actual, layout)
    shim.mtorules_changed.restype = ctypes.c_int64
    return shim


def _library(package: str) -> Path | None:
    """Return the compiled module of a package, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    found = (path for ending in EXTENSION_SUFFIXES for path in sorted(folder.glob(f"*{ending}")))
    return next(found, None)


def _compiled(compiler: str) -> Path:
    digest = hashlib.sha256(_SOURCE.encode()).hexdigest()[:16]
    name = f"ordering-{digest}"
    with compiling.alone(name), compiling.lent(name) as folder:
        path = folder / "ordering.so"
        if not path.exists():
            with replacing(path) as scratch:
                subprocess.run(
                    [compiler, "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(scratch)],
                    input=_SOURCE.encode(),
                    stderr=subprocess.PIPE,
                    timeout=_PATIENCE,
                    check=True,
                )
    return path
