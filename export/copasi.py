"""A file that COPASI opens: the SBML document, as COPASI itself reads and keeps it."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from ..network.network import Network
from .holding import CannotHoldError, MissingSoftwareError
from .sbml import writer

_WORKER: Final = Path(__file__).with_name("copasi_worker.py")
# COPASI 4.48 crashes on some of it, now and then, and keeps the rest in an order of its own.
_ANNOTATION: Final = re.compile(r"<annotation>.*?</annotation>", re.DOTALL)
_LIMIT: Final = 1200.0  # seconds; the largest model of ours takes half a minute
# What changes with the clock or from process to process; the same model gives the same bytes.
_MADE_AT: Final = re.compile(r" at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?= -->)")
_CREATED: Final = re.compile(
    r"\n *<dcterms:created>\s*<rdf:Description>\s*<dcterms:W3CDTF>[^<]*</dcterms:W3CDTF>\s*"
    r"</rdf:Description>\s*</dcterms:created>"
)


def text(network: Network) -> str:
    """Return a network as a COPASI file, which holds names, notes and units but no annotation.

    COPASI gives keys in the order of all that its process has ever read, so each file is made in a
    process of its own.

    Raises
    ------
    CannotHoldError
        If COPASI does not take the SBML document.
    MissingSoftwareError
        If COPASI is not installed.
    SbmlError
        If the network cannot be written as SBML.
    """
    if importlib.util.find_spec("COPASI") is None:
        raise MissingSoftwareError(
            "The format copasi needs COPASI: pip install 'mtorules[engines]'."
        )
    document = _ANNOTATION.sub("", writer.text(network))
    try:
        done = subprocess.run(
            [sys.executable, "-I", _WORKER],
            input=document.encode(),
            capture_output=True,
            timeout=_LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise CannotHoldError(f"COPASI did not take it within {_LIMIT:.0f} seconds.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CannotHoldError(f"COPASI does not take it: {said or 'it gave no reason'}")
    made = _MADE_AT.sub("", done.stdout.decode(), count=1)
    return _CREATED.sub("", made)
