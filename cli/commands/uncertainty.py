"""``mtorules uncertainty``: how sure a fit is of its parameters."""

from __future__ import annotations

from ..lazy import ModuleGroup
from ..options import example
from . import uncertainties

command = ModuleGroup(
    name="uncertainty",
    package=uncertainties.__name__,
    modules=("sets", "profile", "table"),
    help="Tell how sure a fit is of its parameters: other sets that fit as well, profiles, and "
    "what the claims pin down.",
    epilog=example("mtorules uncertainty sets --output ensemble.csv"),
)
