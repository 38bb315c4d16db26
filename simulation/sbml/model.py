"""What an SBML file declares, as far as one must know it to run experiments on it.

All of it is plain data, so that it can be kept beside a compiled model; :mod:`.reading` makes
it from SBML.

Long, since whatever a model says of itself is asked here.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from types import CodeType
from typing import Any

from ...network.units.quantities import SECOND, UNITS, Unit
from . import formula_values


class SbmlError(ValueError):
    """The SBML cannot be simulated; the message says what and where."""


class UnknownNameError(LookupError):
    """A name that the model does not have; the message names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Species:
    """A species."""

    id: str
    name: str  # its pattern, where the file says so
    compartment: str
    amounts: bool  # whether its symbol means its amount in formulas; otherwise its concentration
    rule: str = ""  # "assignment", "rate" or ""
    unit: Unit | None = None  # of its amount
    unit_id: str = ""


@dataclass(frozen=True)
class Parameter:
    """A global parameter or a compartment."""

    id: str
    value: float | None  # None where none is declared
    compartment: bool = False
    rule: str = ""  # as a species'; "event" where events set it
    unit: Unit | None = None  # of a compartment: its volume
    unit_id: str = ""
    sized: bool = True  # whether a compartment has a size; if not, nothing needs it, and it is 1


@dataclass(frozen=True)
class Start:
    """A formula for the value of ``target`` at the start."""

    target: str
    formula: str  # Python, see `formulas.python`
    names: tuple[str, ...]


@dataclass(frozen=True)
class SbmlModel:
    """The declarations of an SBML file. Long, since a third of it says what is declared.

    Attributes
    ----------
    id, sha256 : str
        The model's id, and the digest of the file's text.
    species, parameters : dict by id
        In the order of the file; compartments are among the parameters.
    sums : dict
        For every rule that defines a weighted sum of species amounts: weight by species.
    outputs : tuple of str
        What assignment rules define, and of our files the observables that are one species, in the
        order of the file.
    aliases : dict
        Of our files, what species that have the id of an observable are called as species.
    varying : tuple of str
        All that may change with time: species that reactions, rules or events may change, and
        compartments, parameters and stoichiometries that rules or events do.
    amounts : dict
        Start amounts, and stoichiometries, that are given outright.
    starts : tuple of Start
        All other start values, each after those it rests on.
    time_unit : Unit or None
        None where none is declared.
    time_unit_id, extent_unit_id : str
        What the file calls its units of time and of what happens in reactions.
    reactions : tuple
        For each reaction the species whose amount it changes, and by how much; then, for each
        stoichiometry that is no number, its species alone.
    fluxes, stoichiometries : tuple of str
        Ids of reactions, and of stoichiometries that have one.
    used : frozenset of str
        Ids that occur in formulas other than start values.
    events, timed, reversible : bool, bool and tuple of int
        Whether there are events, explicit time; and which reactions run backwards as well.
    ours : bool
        Whether this package wrote the file, from rules.
    """

    id: str
    sha256: str
    species: dict[str, Species]
    parameters: dict[str, Parameter]
    sums: dict[str, dict[str, float]]
    outputs: tuple[str, ...]
    amounts: dict[str, float]
    starts: tuple[Start, ...]
    time_unit: Unit | None
    reactions: tuple[tuple[tuple[str, float], ...], ...]
    used: frozenset[str]
    events: bool
    timed: bool
    reversible: tuple[int, ...]
    varying: tuple[str, ...] = ()
    fluxes: tuple[str, ...] = ()
    stoichiometries: tuple[str, ...] = ()
    time_unit_id: str = ""
    extent_unit_id: str = ""
    ours: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, CodeType] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        state = (
            *(s.id for s in self.species.values() if s.rule != "assignment"),
            *(p.id for p in self.parameters.values() if p.rule in ("rate", "event")),
        )
        settable = tuple(p.id for p in self.parameters.values() if not p.rule)
        object.__setattr__(self, "state_ids", state)
        object.__setattr__(self, "settable", settable)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_codes": {}}  # compiled code does not travel

    # What has a value of its own that may change with time: the order of state vectors. Species
    # stand there with their amount.
    state_ids: tuple[str, ...] = field(init=False, compare=False)
    # Parameters and compartments that may be given a value.
    settable: tuple[str, ...] = field(init=False, compare=False)

    # -- start values ---------------------------------------------------------------------------

    def initial(self, values: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
        """Return how everything starts when ``values`` replace what the file says.

        What start formulas derive from a changed value follows it, unless it is among ``values``
        itself.

        Parameters
        ----------
        values : mapping
            By id; a species' value is its amount.

        Returns
        -------
        (dict, dict)
            Value of each of :attr:`settable` and of :attr:`state_ids`.

        Raises
        ------
        SbmlError
            If something has no finite start value.
        """
        settable, state = self.begun(values)
        self._refuse_unsaid({**settable, **state})
        return settable, state

    def begun(self, values: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
        """Return what :meth:`initial` does, with NaN for what rests on species without a start.

        An experiment may give them one, as it may not give a parameter or a size that is missing.
        """
        scope = dict.fromkeys(self.species, math.nan)
        scope.update(
            {p.id: math.nan if p.value is None else p.value for p in self.parameters.values()}
        )
        scope.update(self.amounts)
        scope.update(values)
        followers = {start.target for start in self.starts}
        self._refuse_unsaid({id: scope[id] for id in self.settable if id not in followers})
        dense = {id for id in values if id in self.species and not self.species[id].amounts}
        for start in self.starts:
            # Formulas mean concentrations, and the size comes before them.
            for id in dense.intersection((start.target, *start.names)):
                scope[id] = values[id] / scope[self.species[id].compartment]
            if start.target not in values:
                scope[start.target] = self._evaluate(start, scope)
        state = {id: self._amount(id, values, scope) for id in self.state_ids}
        return {id: scope[id] for id in self.settable}, state

    def _refuse_unsaid(self, starts: Mapping[str, float]) -> None:
        """Refuse start values that are not finite and matter."""
        for id, value in starts.items():
            if math.isfinite(value) or (id in self.settable and not self._matters(id, value)):
                continue
            if id in self.parameters and self.parameters[id].compartment and math.isnan(value):
                raise SbmlError(
                    f"{id!r} has no finite start value in model {self.id!r}: it is a compartment "
                    "without a size, which formulas or concentrations need; write it into the file."
                )
            raise SbmlError(f"{id!r} has no finite start value in model {self.id!r}.")

    def _matters(self, id: str, value: float) -> bool:
        """Tell whether it matters that a parameter is infinite or has no value."""
        return self.parameters[id].compartment or (math.isnan(value) and id in self.used)

    def _amount(self, id: str, values: Mapping[str, float], scope: Mapping[str, float]) -> float:
        species = self.species.get(id)
        if species is None or species.amounts or id in values:
            return values[id] if id in values else scope.get(id, math.nan)
        return scope.get(id, math.nan) * scope[species.compartment]

    def _evaluate(self, start: Start, scope: Mapping[str, float]) -> float:
        code = self._codes.get(start.target)
        if code is None:
            code = self._codes[start.target] = formula_values.compiled(start.formula)
        try:
            return formula_values.evaluate(code, scope)
        except formula_values.FormulaError as error:
            raise SbmlError(f"The start value of {start.target!r} has no value: {error}.") from None

    def followers(self, id: str) -> tuple[str, ...]:
        """Return what start formulas derive from ``id``, directly or through others."""
        found = {id}
        for start in self.starts:
            if not found.isdisjoint(start.names):
                found.add(start.target)
        return tuple(s.target for s in self.starts if s.target in found - {id})

    @property
    def startable(self) -> tuple[str, ...]:
        """Parameters and compartments that begin with a value, also where something moves them."""
        return tuple(id for id, each in self.parameters.items() if each.rule != "assignment")

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def nanomolar(self) -> bool:
        """Whether results are in nM and seconds: of our files, and of others in zmol, pL and s."""
        if self.ours:
            return True
        units = {s.unit for s in self.species.values()}
        units |= {p.unit for p in self.parameters.values() if p.compartment}
        return self.time_unit == SECOND and units == {UNITS["zmol"], UNITS["pL"]}

    @property
    def shown(self) -> tuple[str, ...]:
        """What is looked at unless somebody names it: observables of ours, else all that varies."""
        return self.outputs if self.nanomolar and self.outputs else self.varying

    @property
    def recorded(self) -> tuple[str, ...]:
        """What scans keep unless somebody names it: of ours sums and species, which cost little."""
        kept = tuple(id for id in self.outputs if id in self.sums or id in self.species)
        return (self.nanomolar and kept) or self.shown

    # -- names ----------------------------------------------------------------------------------

    def species_of(self, written: str) -> tuple[str, ...]:
        """Return the ids that a species' id, its pattern, or an observable stands for.

        A pattern may be shortened to the molecule and its compartment: ``RAPA@medium`` is the one
        species that is a RAPA without any bond in the medium.

        Raises
        ------
        UnknownNameError
            If there is none, or more than one; the message names the nearest.
        """
        if written in self.species:
            return (written,)
        if written in self.sums:
            return tuple(self.sums[written])
        found = self._matching(written)
        if found:
            return (found,)
        names = [*self.species, *self.sums, *(s.name for s in self.species.values())]
        raise UnknownNameError(
            f"Model {self.id!r} has no species {written!r}.{near(written, names)}"
        )

    def _matching(self, written: str) -> str | None:
        """Return the species of a pattern, if there is one; fail if there are several."""
        if written in self.aliases:
            return self.aliases[written]
        wanted = _plain(written)
        found = [s.id for s in self.species.values() if _plain(s.name) == wanted]
        match = _SHORT.fullmatch(wanted)
        if not found and match:
            molecule, place = match["molecule"], match["before"] or match["after"]
            found = [
                s.id
                for s in self.species.values()
                if _unbound(s.name) == molecule and place in (None, s.compartment)
            ]
        if len(found) > 1:
            listed = ", ".join(repr(id) for id in found[:4])
            raise UnknownNameError(f"{written!r} may mean {listed}; name one of them.")
        return found[0] if found else None

    def output(self, written: str) -> str:
        """Return the id of an observable, a species (id or pattern), a parameter or a reaction.

        Raises
        ------
        UnknownNameError
            If there is none, or more than one; the message names the nearest.
        """
        known = (self.parameters, self.species, self.fluxes, self.stoichiometries)
        if any(written in ids for ids in known):
            return written
        found = self._matching(written)
        if found:
            return found
        names = [*self.outputs, *(id for ids in known for id in ids)]
        raise UnknownNameError(
            f"Model {self.id!r} has no observable {written!r}.{near(written, names)}"
        )

    def changeable(self, written: str) -> str:
        """Return the id of a parameter, a compartment or a species (id or pattern).

        Raises
        ------
        UnknownNameError
            If there is none, or more than one; the message names the nearest.
        """
        if written in self.parameters or written in self.species:
            return written
        found = self._matching(written)
        if found:
            return found
        names = [*self.settable, *self.species, *(s.name for s in self.species.values())]
        raise UnknownNameError(
            f"Model {self.id!r} has no parameter or species {written!r}.{near(written, names)}"
        )

    def compartment_of(self, id: str) -> str | None:
        """Return the compartment that a species, or all species of a sum, are in; else None."""
        if id in self.species:
            return self.species[id].compartment
        places = {self.species[term].compartment for term in self.sums.get(id, ())}
        return places.pop() if len(places) == 1 else None

    # -- plain data -----------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        data = asdict(self)
        for name in ("_codes", "state_ids", "settable"):
            del data[name]
        return _packed(data)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> SbmlModel:
        """Return the model that :meth:`to_data` told."""
        given = dict(data)
        for name, kind in (("species", Species), ("parameters", Parameter)):
            given[name] = {
                id: kind(**{**entry, "unit": _unit(entry["unit"])})
                for id, entry in given[name].items()
            }
        given["starts"] = tuple(
            Start(s["target"], s["formula"], tuple(s["names"])) for s in given["starts"]
        )
        given["time_unit"] = _unit(given["time_unit"])
        for name in ("outputs", "varying", "fluxes", "stoichiometries", "reversible"):
            given[name] = tuple(given[name])
        given["used"] = frozenset(given["used"])
        given["reactions"] = tuple(
            tuple((id, amount) for id, amount in reaction) for reaction in given["reactions"]
        )
        return cls(**given)


def digest(text: str) -> str:
    """Return the SHA-256 of an SBML text."""
    return hashlib.sha256(text.encode()).hexdigest()


def near(written: str, names: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest name, or nothing."""
    found = get_close_matches(written, list(names), n=1)
    return f" Did you mean {found[0]!r}?" if found else ""


_SHORT = re.compile(r"(?:@(?P<before>\w+)::?)?(?P<molecule>\w+)(?:\(\))?(?:@(?P<after>\w+))?")
_UNBOUND = re.compile(r"(?:@\w+::?)?(\w+)(?:\([^()!]*\))?(?:@\w+)?")


def _plain(pattern: str) -> str:
    return re.sub(r"\s", "", pattern)


def _unbound(pattern: str) -> str | None:
    """Return the molecule's name if the pattern is one molecule without any bond."""
    match = _UNBOUND.fullmatch(_plain(pattern))
    return match[1] if match else None


def _packed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _packed(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_packed(entry) for entry in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Fraction) else value


def _unit(data: Mapping[str, Any] | None) -> Unit | None:
    return None if data is None else Unit(**{**data, "scale": Fraction(data["scale"])})
