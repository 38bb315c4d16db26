"""Which parameters of a model are to be estimated, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence

from ...models import catalogue
from ...models.numbers import decimals
from ...simulation.engines import Loaded
from ...simulation.sbml.model import near
from ..calibration import priors


def free(loaded: Loaded, name: str) -> list[priors.Prior]:
    """Return what may be estimated of a model, with what its tables know of it.

    Of a model of the catalogue that is what the fit moves; of any other model each parameter with a
    range above zero. What the size of a compartment follows from is left out.
    """
    model = loaded.model
    if name in catalogue.names():
        found = priors.free(model)
    else:
        ids = (loaded.report.symbols if loaded.report is not None else None) or {}
        network = loaded.network
        found = [
            priors.Prior(ids.get(each.name, each.name), each.value, *each.range, each.unit or "")
            for each in (network.parameters if network is not None else ())
            if each.range is not None and not each.derived and each.range[0] > 0 and each.value > 0
        ]
    estimable = _estimable(loaded)
    return [each for each in found if each.name in estimable]


def chosen(
    loaded: Loaded, known: Sequence[priors.Prior], words: Sequence[str]
) -> list[priors.Prior]:
    """Return the parameters that words name, each ``NAME`` or ``NAME=LOW..HIGH``.

    Raises
    ------
    ValueError
        If there is no such parameter, or none that can be estimated; the message says which.
    """
    if [word.strip() for word in words] == ["none"]:
        return []
    ranges = {prior.name: prior for prior in known}
    own, _ = loaded.model.initial({})
    found: dict[str, priors.Prior] = {}
    for word in words:
        name, equals, ends = (part.strip() for part in word.partition("="))
        if name in found:
            raise ValueError(f"{name!r} is named twice.")
        if name not in _estimable(loaded):
            there = name in loaded.model.parameters
            why = "follows from others, or says a volume" if there else "is no parameter"
            hint = near(name, _estimable(loaded))
            raise ValueError(f"{name!r} {why} of model {loaded.model.id!r}.{hint}")
        if not equals:
            if name not in ranges:
                raise ValueError(f"{name!r} has no range; write it like '{name}=0.01..10'.")
            found[name] = ranges[name]
            continue
        low, dots, high = ends.partition("..")
        try:
            between = decimals.number(low), decimals.number(high)
        except ValueError:
            between = (0.0, 0.0)
        if not (dots and 0 < between[0] < between[1]):
            raise ValueError(f"{word!r} is no range above zero; write it like '{name}=0.01..10'.")
        if not between[0] <= own[name] <= between[1]:
            raise ValueError(f"{name!r} is {own[name]:g}, which lies outside {low}..{high}.")
        found[name] = priors.Prior(name, own[name], *between, "")
    return list(found.values())


def _estimable(loaded: Loaded) -> set[str]:
    """Return the parameters that nothing computes and no size follows from."""
    model = loaded.model
    sizes = {id for id, each in model.parameters.items() if each.compartment}
    fixed = {id for id in model.settable if not sizes.isdisjoint((id, *model.followers(id)))}
    return set(model.settable) - fixed - {start.target for start in model.starts}
