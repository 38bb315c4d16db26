"""The few kinds of step that mechanisms are made of, with their parameters named after their rules.

A step that an enzyme catalyses has the rate constant ``keff_<rule>`` in 1/(nM*s), its catalytic
efficiency, times the enzyme's concentration; any other has ``k_<rule>``. An enzyme's concentration
is a named component in nM (:func:`observe`), so that a model that lacks the enzyme can hold it at a
fixed value instead (:mod:`.boundaries`). All of these are called inside :func:`.drafting.drafting`.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pysb import Annotation, Expression, Model, Monomer, Observable, Rule
from pysb.core import Component

from ..numbers import parameters
from ..numbers.evidence import cite
from ..numbers.metadata import NOTE, SOURCE, UNIT
from ..numbers.parameters import Rates

TABLE: Final = Path(__file__).with_suffix(".csv")


class MissingComponent(LookupError):
    """A mechanism needs something that no mechanism before it has made."""


def holds(model: Model, name: str) -> bool:
    """Return whether the model already has a component called ``name``."""
    return _found(model, name) is not None


def known(model: Model, name: str) -> Component:
    """Return the component called ``name`` that an earlier mechanism made: mostly a level in nM.

    Raises
    ------
    MissingComponent
        If there is none; the message names the nearest.
    """
    found = _found(model, name)
    if found is None:
        near = get_close_matches(name, model.components.keys(), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise MissingComponent(
            f"The model {model.name!r} has no {name!r}: put the mechanism that makes it, or a "
            f"boundary that holds it, before the one that uses it.{hint}"
        )
    return found


def _found(model: Model, name: str) -> Component | None:
    """Look in one set after the other: PySB would join all of them anew for each name."""
    found = (kind.get(name) for kind in model.all_component_sets())
    return next((one for one in found if one is not None), None)


def derived(name: str, formula: Any, unit: str) -> Expression:
    """Create a named expression with its unit."""
    expression = Expression(name, formula)
    Annotation(expression, unit, UNIT)
    return expression


def observe(model: Model, name: str, pattern: Any, compartment: str = "cell") -> Expression:
    """Observe ``pattern`` as ``name``, in zmol, and return its concentration ``<name>_nM``."""
    observable = Observable(name, pattern)
    return derived(f"{name}_nM", observable / model.compartments[compartment].size, "nM")


def share(model: Model, part: str, whole: str) -> Any:
    """Return the share of the molecules ``<whole>_total`` that the observable ``part`` counts.

    It is the share of one molecule more than there are, off by less than one part in as many: a
    cell that lacks ``whole`` has a share of nothing, and not of zero by zero.
    """
    if not holds(model, "molecule"):
        parameters.read(TABLE).parameter("molecule")
    total = model.observables[f"{whole}_total"] + model.parameters["molecule"]
    return model.observables[part] / total


def step(name: str, before: Any, after: Any, rate: Any, *sources: str) -> Rule:
    """Add a one-way rule and the literature behind it; ``rate`` is a parameter or an expression.

    Where ``after`` is None the molecules of ``before`` are lost, and what they held is set free.
    A rule without sources of its own rests on what its rate parameter rests on.
    """
    rule = Rule(name, before >> after, rate, delete_molecules=after is None)
    cite(rule, *sources)
    if not sources:
        _rest_on(rule, rate)
    return rule


def _rest_on(rule: Rule, rate: Component) -> None:
    """Give a rule the references and the note of its rate parameter."""
    for note in rule.model().get_annotations(rate):
        if note.predicate in {NOTE, SOURCE, "isDescribedBy"}:
            Annotation(rule, note.object, note.predicate)


def spontaneous(rates: Rates, name: str, before: Any, after: Any, *sources: str) -> Rule:
    """Add a step of first order with the constant ``k_<name>``."""
    return step(name, before, after, rates.parameter(f"k_{name}"), *sources)


def catalysed(rates: Rates, name: str, before: Any, after: Any, enzyme: Any, *sources: str) -> Rule:
    """Add a step whose rate is ``keff_<name>`` times the concentration ``enzyme``, in nM."""
    rate = derived(f"rate_{name}", rates.parameter(f"keff_{name}") * enzyme, "1/s")
    return step(name, before, after, rate, *sources)


def binding(rates: Rates, name: str, apart: Any, together: Any, *sources: str) -> Rule:
    """Add a reversible association with the constants ``kf_<name>`` and ``kr_<name>``."""
    rule = Rule(
        name, apart | together, rates.parameter(f"kf_{name}"), rates.parameter(f"kr_{name}")
    )
    cite(rule, *sources)
    return rule


def newborn(monomer: Monomer) -> Any:
    """Return a molecule as it is made: unbound, each site that has states in its first."""
    return monomer(**{site: monomer.site_states.get(site, [None])[0] for site in monomer.sites})


def renewal(
    model: Model,
    rates: Rates,
    name: str,
    newborn: Any,
    lost: Any,
    *sources: str,
    factor: Any = 1,
) -> None:
    """Add synthesis of ``newborn`` and its decay.

    Synthesis runs at ``k_<name>_synthesis * <name>_0 * factor``: the amount of a protein is set by
    one parameter, ``<name>_0``, and a cell that lacks the gene has it at 0. Decay of all that
    matches ``lost`` has the constant ``k_<name>_decay``; what it held is set free.
    """
    rate = derived(
        f"rate_{name}_synthesis",
        rates.parameter(f"k_{name}_synthesis") * model.parameters[f"{name}_0"] * factor,
        "nM/s",
    )
    step(f"{name}_synthesis", None, newborn ** model.compartments["cell"], rate, *sources)
    spontaneous(rates, f"{name}_decay", lost, None, *sources)


def uninhibited(model: Model, target: str) -> Any:
    """Return the share of ``target`` that no inhibitor occupies; 1 where there are none."""
    name = f"uninhibited_{target}"
    return model.expressions[name] if holds(model, name) else 1
