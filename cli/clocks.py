"""Times as a user writes them, read as a model counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from ..network.units.quantities import SECOND, QuantityError, seconds

if TYPE_CHECKING:
    from ..simulation.sbml.model import SbmlModel


@dataclass
class Clock:
    """What counts time.

    Parameters
    ----------
    own : bool
        Whether times are those of an SBML file of others: then a bare number is one, too.
    second : float
        A second in that time.
    said : str
        What the file calls its unit of time; empty where it names none.
    """

    own: bool = False
    second: float = 1.0
    said: str = ""
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, model: SbmlModel, *, own: bool) -> Self:
        """Return what counts the time of an SBML file, in its own units or not."""
        unit = model.time_unit
        if model.nanomolar or not own:
            return cls()
        return cls(True, SECOND.factor_to(unit) if unit else 1.0, model.time_unit_id)

    def read(self, text: str) -> float:
        """Return a time in seconds, or in the file's own unit.

        Raises
        ------
        QuantityError
            If it is no time.
        """
        if not self.own:
            return seconds(text)
        try:
            number = float(text)
        except ValueError:
            found = seconds(text) * self.second
            self._remark("a second is taken for 1") if not self.said else None
            return found
        if not 0 <= number < float("inf"):
            raise QuantityError(f"{text!r} is no time; it is finite and not negative.")
        self._remark("numbers are taken as they are")
        return number

    def _remark(self, done: str) -> None:
        unit = f"in the file's own unit, {self.said}" if self.said else "without a unit in the file"
        text = f"Times are {unit}; {done}."
        if text not in self.remarks:
            self.remarks.append(text)


def late(words: Any, last: float, read: Callable[[str], float] = seconds) -> Iterator[str]:
    """Yield a remark on whatever is done after the last look, where nobody sees what it does.

    Parameters
    ----------
    words : Words
        Of an experiment or a scan.
    last : float
        When one looks last.
    read : callable
        Reads a time; by default in seconds.
    """
    from ..simulation.scans import sampling

    done = (*words.drugs, *words.doses, *words.washouts, *words.settings, *words.conditions)
    for text in done:
        _, at, when = text.rpartition("@")
        with suppress(QuantityError, sampling.SamplingError):
            found = sampling.read(when, read) if at else ()
            low = found.low if isinstance(found, sampling.Range) else min(found, default=0.0)
            if low > last:
                yield f"{text!r} comes after the last look and changes nothing that is shown."
