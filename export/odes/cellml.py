"""Equations as CellML 2.0, with units on every number."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ...network.network import Network
from ...network.units.units import DIMENSIONLESS, Unit, rows
from ..sbml.mathematics.mathml import Apply, Ci, Cn, Node, Piecewise, Symbol, operands
from ..sbml.mathematics.rate_laws import slot
from ..sbml.xml import content, number
from .system import State, System, system

_OPEN: Final = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
_SIMPLE: Final = {"pi": "<pi/>", "true": "<true/>", "false": "<false/>"}


def program(network: Network) -> str:
    """Return a network as a document; :func:`text` says what is in it."""
    return text(system(network))


def text(system: System) -> str:
    """Return a document of one component, whose variables have the identifiers of SBML.

    A starting value that follows from constants is a variable of its own, so that it goes on
    following.
    """
    return _Document(system).text()


class _Document:
    def __init__(self, system: System) -> None:
        self.system = system
        self.time = system.free("time")
        self.units: dict[Unit, str] = {DIMENSIONLESS: "dimensionless"}

    def text(self) -> str:
        variables = "\n".join(self._variables())
        equations = "\n".join(self._equations())
        units = "\n".join(['<units name="item"/>', *self._definitions()])  # those that were used
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<!-- {content(self.system.title).replace('--', '- -')} -->\n"
            '<model xmlns="http://www.cellml.org/cellml/2.0#" '
            f'xmlns:cellml="http://www.cellml.org/cellml/2.0#" name="{self.system.id}">\n'
            f'{units}\n<component name="model">\n{variables}\n{_OPEN}\n{equations}\n</math>\n'
            "</component>\n</model>\n"
        )

    # -- variables ---------------------------------------------------------------------------------

    def _variables(self) -> Iterator[str]:
        yield self._variable(self.time, self._unit("time"))
        for each in self.system.constants:
            start = None if each.formula is not None else number(each.value)
            yield self._variable(each.id, self._unit(each.id), start)
        for each in self.system.states:
            start: str | None = number(each.value)
            if each.formula is not None:
                start = None
                if not each.fixed:
                    start = self._start(each)
                    yield self._variable(start, self._unit(each.id))
            yield self._variable(each.id, self._unit(each.id), start)
        for each in self.system.outputs:
            yield self._variable(each.id, self._unit(each.id))
        rate = self._flow
        for place in range(len(self.system.fluxes)):
            yield self._variable(self._flux(place), rate)

    def _variable(self, name: str, unit: str, start: str | None = None) -> str:
        begins = "" if start is None else f' initial_value="{start}"'
        return f'<variable name="{name}" units="{unit}"{begins}/>'

    def _start(self, state: State) -> str:
        return self.system.free(f"start_of_{state.id}")

    def _flux(self, place: int) -> str:
        return self.system.free(f"flux_{place + 1}")

    # -- units -------------------------------------------------------------------------------------

    def _unit(self, id: str) -> str:
        return self._named(self.system.units.get(id, DIMENSIONLESS))

    def _named(self, unit: Unit) -> str:
        if unit not in self.units:
            self.units[unit] = f"unit_{len(self.units)}"
        return self.units[unit]

    @property
    def _flow(self) -> str:
        """Unit of a flux: amount per time."""
        state = next(iter(self.system.states), None)
        if state is None:
            return "dimensionless"
        amount = self.system.units.get(state.id, DIMENSIONLESS)
        if state.volume is not None:
            amount = amount * self.system.units.get(state.volume, DIMENSIONLESS)
        return self._named(amount / self.system.units["time"])

    def _definitions(self) -> Iterator[str]:
        for unit, name in self.units.items():
            if unit == DIMENSIONLESS:
                continue
            parts = []
            for row in rows(unit):
                prefix = f' prefix="{row.scale}"' if row.scale else ""
                factor = row.multiplier ** float(row.exponent)
                times = f' multiplier="{number(factor)}"' if factor != 1 else ""
                power = f' exponent="{number(float(row.exponent))}"' if row.exponent != 1 else ""
                parts.append(f'<unit units="{row.kind}"{prefix}{power}{times}/>')
            yield f'<units name="{name}">{"".join(parts)}</units>'

    # -- equations ---------------------------------------------------------------------------------

    def _equations(self) -> Iterator[str]:
        for each in (*self.system.constants, *self.system.outputs):
            if each.formula is not None:
                yield _equal(f"<ci>{each.id}</ci>", self._math(each.formula))
        for each in self.system.states:
            if each.formula is not None:
                name = each.id if each.fixed else self._start(each)
                yield _equal(f"<ci>{name}</ci>", self._math(each.formula))
        laws = {key: self._math(node) for key, node in self.system.laws.items()}
        for place, flux in enumerate(self.system.fluxes):
            law = laws[flux.law]
            for index, species in enumerate(flux.species):
                law = law.replace(f"<ci>{slot(index)}</ci>", f"<ci>{species}</ci>")
            yield f"<!-- {flux.rule.replace('--', '- -')} -->" + _equal(
                f"<ci>{self._flux(place)}</ci>", law
            )
        for state, terms in zip(self.system.states, self.system.balance, strict=True):
            if not state.fixed:
                yield self._derivative(state, terms)

    def _derivative(self, state: State, terms: list[tuple[int, int]]) -> str:
        parts = []
        for place, count in terms:
            flux = f"<ci>{self._flux(place)}</ci>"
            if abs(count) != 1:
                many = f'<cn cellml:units="dimensionless">{abs(count)}</cn>'
                flux = f"<apply><times/>{many}{flux}</apply>"
            parts.append(f"<apply><minus/>{flux}</apply>" if count < 0 else flux)
        if not parts:
            total = f'<cn cellml:units="{self._flow}">0</cn>'
        else:
            total = parts[0] if len(parts) == 1 else f"<apply><plus/>{''.join(parts)}</apply>"
        if state.volume is not None:
            total = f"<apply><divide/>{total}<ci>{state.volume}</ci></apply>"
        change = f"<apply><diff/><bvar><ci>{self.time}</ci></bvar><ci>{state.id}</ci></apply>"
        return f"<!-- {content(state.name)} -->" + _equal(change, total)

    def _math(self, node: Node) -> str:
        match node:
            case Ci():
                return f"<ci>{node.id}</ci>"
            case Cn():
                unit = self._named(self.system.literals.get(node, DIMENSIONLESS))
                return f'<cn cellml:units="{unit}">{Decimal(node.text):f}</cn>'
            case Symbol(name="time"):
                return f"<ci>{self.time}</ci>"
            case Symbol():
                return _SIMPLE[node.name]
            case Piecewise():
                value, condition, otherwise = map(self._math, operands(node))
                return (
                    f"<piecewise><piece>{value}{condition}</piece>"
                    f"<otherwise>{otherwise}</otherwise></piecewise>"
                )
            case Apply():
                parts = [self._math(part) for part in node.operands]
                if node.operator == "log":
                    parts[0] = f"<logbase>{parts[0]}</logbase>"
                return f"<apply><{node.operator}/>{''.join(parts)}</apply>"
        raise TypeError(f"no MathML for {node!r}")


def _equal(left: str, right: str) -> str:
    return f"<apply><eq/>{left}{right}</apply>"
