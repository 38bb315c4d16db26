"""How much a miss counts: as residuals whose squares grow more slowly than those of the miss."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

# Below this a miss and its residual are the same number.
_FLAT: Final = 1e-6


def bent(miss: Any) -> tuple[Any, Any]:
    """Return a residual that grows as the root of a large miss, and its slope."""
    miss = np.asarray(miss, dtype=float)
    size = np.sqrt(1 + miss * miss)
    # The same as the root of 2 (size - 1), without cancellation.
    bend = np.sqrt(2 / (size + 1))
    return miss * bend, 1 / (size * bend)


def yielding(miss: Any) -> tuple[Any, Any]:
    """Return a residual that hardly grows any more with a large miss, and its slope."""
    miss = np.asarray(miss, dtype=float)
    residual = np.sign(miss) * np.sqrt(2 * np.log1p(miss * miss / 2))
    flat = np.abs(miss) < _FLAT
    slope = miss / (1 + miss * miss / 2) / np.where(flat, 1, residual)
    return residual, np.where(flat, 1.0, slope)
