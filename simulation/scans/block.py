"""What workers send back of a scan, and what a store keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Block:
    """What came out of a block of points.

    Attributes
    ----------
    values : array of shape (n_outputs, n_points, n_times)
        NaN where a point failed.
    messages : tuple of str
        For each point why it failed; empty if it did not.
    """

    values: NDArray[np.float64]
    messages: tuple[str, ...]
