"""Simulation engines behind one interface: libRoadRunner first, others beside it.

==============  ==========================================================  ==================
name            what it is                                                  takes
==============  ==========================================================  ==================
roadrunner      libRoadRunner: the default, and the reference               any SBML
bngsim          BioNetGen's engine with a sparse solver, for sweeps         our networks
scipy           SciPy's integrators on the network itself, as a check       our networks
run_network     BioNetGen's first simulator, as a check                     our networks
nfsim           NFsim, molecules one by one without a network               rules
==============  ==========================================================  ==================
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from ..sbml.model import near
from .base import (
    DETERMINISTIC,
    STOCHASTIC,
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    TooMuchWork,
    UnsupportedError,
)

__all__ = [
    "DETERMINISTIC",
    "ENGINES",
    "STOCHASTIC",
    "Engine",
    "EngineError",
    "Loaded",
    "Tolerances",
    "TooMuchWork",
    "UnsupportedError",
    "default_engine",
    "engine_named",
]

# Imported only when used: start-up time is felt by everybody, and bngsim may be missing.
ENGINES: Final = {
    "roadrunner": "roadrunner:RoadRunnerEngine",
    "bngsim": "bngsim:BngsimEngine",
    "scipy": "scipy:ScipyEngine",
    "run_network": "run_network:RunNetworkEngine",
}
# It can do too little to stand among those, but is found by its name.
_NETWORK_FREE: Final = {"nfsim": "nfsim:NfsimEngine"}


def default_engine() -> str:
    """Return the engine for many runs: bngsim, or libRoadRunner where bngsim is not installed."""
    return "bngsim" if find_spec("bngsim") else "roadrunner"


def engine_named(name: str) -> type[Engine]:
    """Return the class of an engine.

    Raises
    ------
    UnsupportedError
        If there is none of that name, or it is not installed.
    """
    known = {**ENGINES, **_NETWORK_FREE}
    if name not in known:
        hint = near(name, known) or f" There are {', '.join(known)}."
        raise UnsupportedError(f"There is no engine {name!r}.{hint}")
    module, _, cls = known[name].partition(":")
    try:
        return getattr(import_module(f".{module}", __package__), cls)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != name:
            raise
        raise UnsupportedError(
            f"The engine {name!r} is not installed; pip install {name} brings it. "
            "The engine 'roadrunner' is always there."
        ) from None
