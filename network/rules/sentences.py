"""A rule as a sentence, from what BioNetGen says it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ..network import Rule
from . import patterns, sbo
from .patterns import PatternError, PatternMolecule

_PAIR: Final = re.compile(r"(Bind|Unbind)\(([\d.]+),([\d.]+)\)")
_MOVE: Final = re.compile(r"ChangeCompartment\(([\d.]+),(\w+),(\w+),(-?\d+)\)")
_MODIFIERS: Final = re.compile(r"\s(DeleteMolecules|MoveConnected|TotalRate|(ex|in)clude_\w+).*$")

_VERBS: Final = {
    sbo.PHOSPHORYLATION: "phosphorylated",
    sbo.DEPHOSPHORYLATION: "dephosphorylated",
    sbo.UBIQUITINATION: "ubiquitinated",
    sbo.ACETYLATION: "acetylated",
    sbo.METHYLATION: "methylated",
}

Side = tuple[tuple[PatternMolecule, ...], ...]


def sentence(rule: Rule, direction: str = "both") -> str:
    """Return what a rule does, in words.

    Parameters
    ----------
    rule : Rule
        As its author wrote it.
    direction : str
        ``"both"``, ``"forward"`` or ``"backward"``.

    Examples
    --------
    >>> bind = "bind: A(b)+B(a) <-> A(b!1).B(a!1) kf,kr"
    >>> sentence(Rule("bind", bind, reversible=True, actions=("Bind(0.0.0,0.1.0)",)))
    'A binds B (b to a), reversibly.'
    """
    before, after = sides(rule.bngl)
    actions = rule.actions
    if direction == "backward":
        before, after, actions = after, before, rule.reverse_actions
    counts = Counter(filter(None, (_phrase(action, before, after) for action in actions)))
    if not counts:
        words = rule.name.strip("_").replace("_", " ")
        return f"{words}." if words else "A reaction."
    phrases = [f"{text} ({n} times)" if n > 1 else text for text, n in counts.items()]
    helpers = _helpers(before, after)
    given = f" in the presence of {_listed(helpers)}" if helpers else ""
    back = ", reversibly" if rule.reversible and direction == "both" else ""
    return f"{_listed(phrases)}{given}{back}."


def sides(bngl: str) -> tuple[Side, Side]:
    """Return the patterns on the two sides of a rule; empty where the text cannot be read."""
    text = re.sub(r"^\s*[\w ]+:\s*(?=[^:])", "", bngl, count=1) if ":" in bngl else bngl
    parts = re.split(r"\s*<?->\s*", text, maxsplit=1)
    if len(parts) != 2:
        return (), ()
    left, right = parts
    # The rate law follows the last pattern after a blank that no plus goes before.
    right = re.split(r"(?<=[)\w\]}])\s+(?!\+)(?=[^+\s])", _MODIFIERS.sub("", right), maxsplit=1)[0]
    return _side(left), _side(right)


def _side(text: str) -> Side:
    found = []
    for pattern in re.split(r"\s*\+\s*(?![,)])(?![^(]*\))", text.strip()):
        cleaned = re.sub(r"\{[^}]*\}|^@\w+::?|[$\s]", "", pattern)
        cleaned = re.sub(r"^%\w+::?", "", cleaned)
        if cleaned in ("", "0"):
            continue
        try:
            found.append(patterns.read(cleaned))
        except PatternError:
            return ()
    return tuple(found)


def _phrase(action: str, before: Side, after: Side) -> str:
    if match := _PAIR.fullmatch(action):
        side = after if match[1] == "Bind" else before
        one, here = _place(side, match[2], bound=True)
        other, there = _place(side, match[3], bound=True)
        if not one or not other:
            return "a bond forms" if match[1] == "Bind" else "a bond breaks"
        joint = f" ({here} to {there})" if here and there else ""
        if match[1] == "Bind":
            return f"{one} binds {other}{joint}"
        return f"{one} lets go of {other}{joint.replace(' to ', ' from ')}"
    if change := sbo.state_change(action):
        place, old, new = change
        molecule, site = _place(before, place, state=old)
        place = f" at {site}" if site else ""
        what = molecule or "a molecule"
        verb = _VERBS.get(sbo.of_change(old, new))
        if verb is not None:
            return f"{what} is {verb}{place}"
        return f"{what} changes{place} from {old} to {new}"
    if match := _MOVE.fullmatch(action):
        molecule, _ = _place(before, f"{match[1]}.0.0")
        return f"{molecule or 'a species'} moves from {match[2]} to {match[3]}"
    if match := re.fullmatch(r"Add \w+ (\w+).*", action):
        return f"{match[1]} is made"
    if match := re.fullmatch(r"Delete (\w+) (.*)", action):
        try:
            molecules = patterns.read(re.sub(r"\{[^}]*\}|^@\w+::?", "", match[2]))
        except PatternError:
            return "what matches is removed"
        names = "-".join(molecule.name for molecule in molecules)
        return f"{names} is removed"
    return ""


def _place(
    side: Side, pointer: str, *, bound: bool = False, state: str | None = None
) -> tuple[str, str]:
    """Return the molecule and the site that BioNetGen points to, as far as they are there."""
    numbers = [int(number) for number in pointer.split(".")]
    try:
        molecule = side[numbers[0]][numbers[1] if len(numbers) > 1 else 0]
    except IndexError:
        return "", ""
    try:
        site = molecule.sites[numbers[2]]
    except IndexError:
        return molecule.name, ""
    # BioNetGen may have reordered the sites; a site that does not fit is not named.
    fits = bool(site.bonds) if bound else state in (None, "?", site.state)
    return molecule.name, site.name if fits else ""


def _helpers(before: Side, after: Side) -> list[str]:
    """Return the names of reactant patterns that the rule leaves exactly as they are."""
    rest = list(after)
    found = []
    for pattern in before:
        if pattern in rest and len(before) > 1:
            rest.remove(pattern)
            found.append("-".join(molecule.name for molecule in pattern))
    return found


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:-1]) + " and " + items[-1] if len(items) > 1 else "".join(items)
