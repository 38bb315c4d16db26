"""The network as JSON, for programs that read nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..network.files import replacing
from ..network.network import Network


def write(network: Network, path: Path) -> None:
    """Write a network to a file.

    Raises
    ------
    OSError
        If the file cannot be written; what stood there before stays.
    """
    with replacing(path) as scratch:
        scratch.write_text(text(network), encoding="utf-8")


def text(network: Network) -> str:
    """Return a network as JSON, with the names of :mod:`.network` and fractions as ``"1/2"``."""
    return json.dumps(asdict(network), indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
