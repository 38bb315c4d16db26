"""``mtorules analyse``: the questions, each with arguments of its own."""

from __future__ import annotations

import pkgutil

from ..lazy import ModuleGroup
from ..options import example
from . import analyses

command = ModuleGroup(
    name="analyse",
    package=analyses.__name__,
    modules=sorted(module.name for module in pkgutil.iter_modules(analyses.__path__)),
    help="Put one of the questions to a model.",
    epilog=example("mtorules analyse rapamycin --output results/rapamycin"),
)
