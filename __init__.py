"""Rule-based models of mTOR signalling and of the drugs that target it, and any model like them.

The names below are all that a notebook needs; each is imported when it is first asked for, so that
``import mtorules`` stays quick::

    import mtorules as mt

    network = mt.network("complexes")  # or a pysb.Model, or the path of a .bngl file
    mt.export(network, "complexes.xml")
    simulator = mt.Simulator(network, ["MTORC1_intact", "MTORC2"])
    course = simulator.run(mt.exposure(["1 h", "24 h"], doses={"RAPA_medium": "20 nM"}))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis.checking.check import check
    from .analysis.comparing.compare import compare
    from .export.sbml.writer import export
    from .models.catalogue import build
    from .network.generate import network
    from .simulation.engines.base import Tolerances
    from .simulation.experiments.experiments import (
        Condition,
        Dose,
        Experiment,
        Period,
        Washout,
        exposure,
    )
    from .simulation.load import load
    from .simulation.scans.scanning import scan
    from .simulation.simulator import Simulator

# Where each name comes from. `network` and `export` are rooms that can be called.
_ROOMS = {
    "Condition": ".simulation.experiments.experiments",
    "Dose": ".simulation.experiments.experiments",
    "Experiment": ".simulation.experiments.experiments",
    "Period": ".simulation.experiments.experiments",
    "Simulator": ".simulation.simulator",
    "Tolerances": ".simulation.engines.base",
    "Washout": ".simulation.experiments.experiments",
    "build": ".models.catalogue",
    "check": ".analysis.checking.check",
    "compare": ".analysis.comparing.compare",
    "exposure": ".simulation.experiments.experiments",
    "load": ".simulation.load",
    "scan": ".simulation.scans.scanning",
}

__all__ = [
    "Condition",
    "Dose",
    "Experiment",
    "Period",
    "Simulator",
    "Tolerances",
    "Washout",
    "build",
    "check",
    "compare",
    "export",
    "exposure",
    "load",
    "network",
    "scan",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name], __name__), name)
    if name in ("network", "export"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
