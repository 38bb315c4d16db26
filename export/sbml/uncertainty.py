"""What is uncertain about parameters, in SBML's package ``distrib``: the range of each value."""

from __future__ import annotations

import re
from typing import Final

from ...network.network import Network
from .ids import Names
from .xml import number

NAMESPACE: Final = "http://www.sbml.org/sbml/level3/version1/distrib/version1"
_PARAMETER: Final = re.compile(r"<parameter\b([^>]*?)(/>|>(.*?)</parameter>)", re.DOTALL)
_ID: Final = re.compile(r' id="([^"]*)"')
_UNITS: Final = re.compile(r' units="([^"]*)"')


def added(text: str, network: Network, names: Names) -> str:
    """Return a document of Level 3 in which parameters say the range that their table gives."""
    ranges = {names.symbols[p.name]: p.range for p in network.parameters if p.range is not None}

    def with_range(match: re.Match[str]) -> str:
        key, unit = _ID.search(match[1]), _UNITS.search(match[1])
        found = ranges.get(key[1]) if key else None
        if found is None:
            return match[0]
        low, high = map(number, found)
        units = f' distrib:units="{unit[1]}"' if unit else ""
        return (
            f"<parameter{match[1]}>{match[3] or ''}<distrib:listOfUncertainties>"
            f'<distrib:uncertainty><distrib:uncertSpan{units} distrib:type="range"'
            f' distrib:valueLower="{low}" distrib:valueUpper="{high}"/></distrib:uncertainty>'
            "</distrib:listOfUncertainties></parameter>"
        )

    opening = f' xmlns:distrib="{NAMESPACE}" distrib:required="true">'
    head, end, rest = text.partition(">\n<model")
    return head + opening + end.removeprefix(">") + _PARAMETER.sub(with_range, rest)
