"""How an engine says that it cannot."""

from __future__ import annotations

from typing import Final


class EngineError(RuntimeError):
    """A run that failed; the message says when, why and what may help."""


class TooMuchWork(EngineError):
    """The integrator needed more steps than it was allowed."""


class TooFineError(EngineError):
    """No step was small enough; coarser absolute tolerances may help."""


class UnsupportedError(ValueError):
    """Something this engine cannot do; the message says which engine can."""


_CVODE_REASONS: Final = {
    "CV_TOO_MUCH_WORK": "it needed more steps than allowed between two output times",
    "CV_TOO_MUCH_ACC": "the tolerances ask for more digits than a number has",
    "CV_ERR_FAILURE": "no step was small enough to meet the tolerances",
    "CV_CONV_FAILURE": "the equations could not be solved for the next step",
    "CV_RHSFUNC_FAIL": "a rate could not be computed",
}


_CVODE_KINDS: Final[dict[str, type[EngineError]]] = {
    "CV_TOO_MUCH_WORK": TooMuchWork,
    "CV_TOO_MUCH_ACC": TooFineError,
    "CV_ERR_FAILURE": TooFineError,
    "CV_CONV_FAILURE": TooFineError,
}


def cvode_failure(engine: str, time: float, text: str, otherwise: str) -> EngineError:
    """Return the error that says why CVODE gave up; ``otherwise`` if the text holds no code."""
    code = next((code for code in _CVODE_REASONS if code in text), "")
    why = _CVODE_REASONS.get(code, otherwise)
    return _CVODE_KINDS.get(code, EngineError)(failure(engine, time, why))


def failure(engine: str, time: float, why: str) -> str:
    """Return the message for a failed integration."""
    return (
        f"Integration with {engine} stopped at model time {time:.6g}: {why}. Check the rate "
        "constants and amounts set by the experiment (an amount may run off to infinity, a rate "
        "may divide by zero), or loosen the tolerances."
    )
