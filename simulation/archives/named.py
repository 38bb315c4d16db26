"""The named experiments of the catalogue's models, from ``named.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ...models import catalogue
from ...network.units.quantities import seconds
from ..experiments import from_text
from ..experiments.from_text import Words
from .describing import Asked


def experiments(model: str) -> list[Asked]:
    """Return the experiments of a model of the catalogue; of one without any, two days at rest."""
    readouts = catalogue.entry(model).readouts
    return [_asked(model, each, readouts) for each in _table().get(model, _USUAL)]


_USUAL = ({"name": "untreated", "title": "Two days without a drug", "until": "48 h", "points": 96},)


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def _asked(model: str, told: dict[str, Any], readouts: tuple[str, ...]) -> Asked:
    words = Words(
        washouts=[told["washout"]] if "washout" in told else (),
        conditions=told.get("conditions", ()),
        drugs=[told["drug"]] if "drug" in told else (),
        equilibrated=True,
    )
    step = seconds(told["until"]) / told["points"]
    times = [step * number for number in range(told["points"] + 1)]
    return Asked(
        told["name"],
        told["title"],
        from_text.experiment(words, times, name=told["name"], model=model),
        tuple(map(float, told.get("doses", ()))),
        readouts,
    )
