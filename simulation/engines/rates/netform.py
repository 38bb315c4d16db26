"""A network in BioNetGen's format with nothing baked in: every rate constant is a parameter.

BioNetGen's own files hold volume and statistical factors as numbers in each reaction, so that a
changed volume would change nothing. Here each kind of reaction has one parameter, whose value
:meth:`.kinetics.Kinetics.coefficients` works out; only what expressions read stands beside them.

Stochastic simulators count molecules, where a network may count in any unit of amount: the text can
be written for molecules, with rate constants and expressions to match; see :mod:`.guards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ....network.mathematics.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Number,
    Time,
    Unary,
    format_number,
)
from ....network.network import Reaction
from ..base import EngineError, UnsupportedError, Vector, failure
from .guards import FAULT, WRONG, Guards, counted
from .kinetics import Kinetics
from .special import SPECIAL


class NetForm:
    """Writes a network with live parameters.

    Parameters
    ----------
    kinetics : Kinetics
        The network.
    molecules : float
        How many molecules make one unit of amount; 1 where amounts stay what they are.
    counted : bool
        Whether amounts are whole numbers of molecules.
    """

    def __init__(
        self, kinetics: Kinetics, molecules: float = 1.0, *, counted: bool = False
    ) -> None:
        self.kinetics, self.molecules, self._counted = kinetics, molecules, counted
        laws = [law for law, _, _ in kinetics.signatures]
        special = {name for law in laws if law.kind in SPECIAL for name in law.constants[1:]}
        if special and molecules != 1:
            raise UnsupportedError(
                f"{kinetics.loaded.model.id!r} has rate laws of Michaelis-Menten's kind and counts "
                "amounts in moles; simulated molecule by molecule it must count molecules."
            )
        self._guards = Guards(len(kinetics.network.species))
        read = {name for tree in kinetics.functions.values() for name in tree.names}
        ids, place = kinetics.ids, kinetics.place
        # Names of the network whose value is read as it is, and where it stands.
        self._read = {
            name: place[ids[name]] for name in sorted(read | special) if ids.get(name) in place
        }
        # Programs reserve words of all kinds, so nothing keeps its own name.
        self._names = {
            **{name: f"v{index}" for index, name in enumerate(self._read)},
            **{name: f"f{index}()" for index, name in enumerate(kinetics.functions)},
            **{group.name: f"o{index}" for index, group in enumerate(kinetics.groups)},
        }
        self._observed = {group.name for group in kinetics.groups}
        # Propensities of molecules from rates of amounts, by the number of reactants.
        orders = np.array([count for _, count, _ in kinetics.signatures], dtype=float)
        self._powers = molecules ** (1.0 - orders)
        self._tail = self._rest()

    def parameters(self, values: Vector, coefficients: Vector) -> dict[str, float]:
        """Return the value of every parameter of the text."""
        constants = (coefficients * self._powers).tolist()
        found = {f"k{kind}": value for kind, value in enumerate(constants)}
        for name, place in self._read.items():
            found[self._names[name]] = float(values[place])
        return found

    def text(self, parameters: Mapping[str, float], amounts: Vector) -> str:
        """Return the whole network, with start amounts in the text's own unit."""
        values = (f"{name} {value!r}" for name, value in parameters.items())
        network = self.kinetics.network
        species = [
            f"{'$' * one.fixed}s{index}() {amount!r}"
            for index, (one, amount) in enumerate(
                zip(network.species, amounts.tolist(), strict=True)
            )
        ]
        if self._guards:
            species.append(f"{FAULT} 0")
        return "\n".join(
            (*_block("parameters", values), *_block("species", species), *self._tail, "")
        )

    def padded(self, amounts: Vector) -> Vector:
        """Return amounts as the text has them: where rates are guarded, the fault stands last."""
        return np.append(amounts, 0.0) if self._guards else amounts

    def stripped(self, course: Vector, engine: str, times: Vector) -> Vector:
        """Return amounts at all times without the fault.

        Raises
        ------
        EngineError
            If there was one.
        """
        if not self._guards:
            return course
        wrong = np.flatnonzero(course[:, -1])
        if wrong.size:
            raise EngineError(failure(engine, float(times[wrong[0]]), WRONG))
        return course[:, :-1]

    def _rest(self) -> list[str]:
        """Return what no value changes: functions, reactions and the observables they read."""
        kinetics = self.kinetics
        named = self._names
        functions = [f"{named[n]} {self._text(tree)}" for n, tree in kinetics.functions.items()]
        laws: dict[int, str] = {}
        for kind, (law, _, _) in enumerate(kinetics.signatures):
            first = law.constants[0]
            if first in kinetics.functions:
                functions.append(f"h{kind}() (k{kind}*{named[first]})")
                laws[kind] = f"h{kind}"
            elif law.kind not in SPECIAL:
                laws[kind] = f"k{kind}"
        groups = [
            f"{named[group.name]} " + ",".join(f"{w!r}*{i + 1}" for w, i in group.terms)
            for group in kinetics.groups
        ]
        reactions: list[str] = []
        formulas: dict[str, str] = {}
        counts: set[int] = set()
        for one, kind in zip(kinetics.network.reactions, kinetics.kinds.tolist(), strict=True):
            if kind in laws:
                law = laws[kind]
            else:
                counts.update(one.reactants)
                law = formulas.setdefault(self._special(one, kind), f"h_{len(formulas)}")
            if self._counted and law.startswith("h"):
                law = self._guards.law(law, one.reactants)
            reactions.append(f"{_side(one.reactants)} {_side(one.products)} {law}")
        functions += [f"{name}() {formula}" for formula, name in formulas.items()]
        if self._guards:
            functions += self._guards.functions()
            counts |= self._guards.counts
            reactions.append(self._guards.reaction())
        groups += [f"{counted(index)} 1*{index + 1}" for index in sorted(counts)]
        return [
            *(_block("functions", functions) if functions else ()),
            *_block("reactions", reactions),
            *_block("groups", groups),
        ]

    def _special(self, reaction: Reaction, kind: int) -> str:
        """Return what a law that is no product multiplies its reactants by.

        Written out, since bngsim leaves ``Sat`` and ``Hill`` out of what it integrates, and takes
        ``MM`` for zero where its constant is.
        """
        law, amounts = reaction.law, [counted(index) for index in reaction.reactants]
        constants = [self._names[name] for name in law.constants[1:]]
        if law.kind == "Sat":
            parts = (f"({one}+{n})" for one, n in zip(constants, amounts, strict=False))
            return f"(k{kind}/({'*'.join(parts)}))"
        if law.kind == "Hill":
            (half, power), first = constants, amounts[0]
            return f"if({first}>0,k{kind}/(1+({half}/{first})^{power})/{first},0)"
        (half,), (substrate, enzyme) = constants, amounts
        both = f"({substrate}+{enzyme})"
        root = f"sqrt(({substrate}-{enzyme})^2+{half}*({half}+2*{both}))"
        return f"(2*k{kind}/({both}+{half}+{root}))"

    def _text(self, tree: Expression) -> str:
        """Return text that means the same whatever binds first."""
        match tree:
            case Number() | Constant():
                text = format_number(tree.value)
                return f"({text})" if text.startswith("-") else text
            case Time():
                return "time()"
            case Unary():
                return f"({tree.operator}{self._text(tree.operand)})"
            case Binary():
                return f"({self._text(tree.left)}{tree.operator}{self._text(tree.right)})"
            case Call() if tree.arguments:
                return f"{tree.name}({','.join(map(self._text, tree.arguments))})"
            case Name() | Call():
                return self._name(tree.name)
        raise UnsupportedError(f"{tree} has no counterpart in a network file.")

    def _name(self, name: str) -> str:
        written = self._names[name]
        if name in self._observed and self.molecules != 1:
            return f"({written}*{1 / self.molecules!r})"
        return written


def _block(name: str, lines: Iterable[str]) -> list[str]:
    numbered = [f"  {number} {line}" for number, line in enumerate(lines, start=1)]
    return [f"begin {name}", *numbered, f"end {name}"]


def _side(indices: tuple[int, ...]) -> str:
    return ",".join(str(index + 1) for index in indices) or "0"
