"""Problems of others, of PEtab version 1 or 2, as PEtab's own library reads them."""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from ...network.files import replacing
from ...simulation.engines.base import Vector
from . import mathematics
from .problem import Measurement, Observable, Parameter, PetabError, Prior, Problem, Stage, Trial

if TYPE_CHECKING:
    from petab import v1, v2

_PARAMETER_SCALES: Final = {"lin": None, "log": math.e, "log10": 10.0}


def read(path: Path) -> Problem:
    """Read a problem.

    Parameters
    ----------
    path : Path
        Its YAML file.

    Raises
    ------
    PetabError
        If it is no problem, or one of a kind that is not known here.
    MissingSoftwareError
        If PEtab's library is not installed.
    OSError
        If a file cannot be read.
    """
    petab = mathematics.library()
    version = _version(path)
    with _blaming(path):
        if version == 1:
            return _first(petab.v1.Problem.from_yaml(str(path)), path)
        return _second(petab.v2.Problem.from_yaml(str(path)), path)


def _version(path: Path) -> int:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise PetabError(f"'{path}' is no text in UTF-8, so no PEtab problem.") from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f":{where.line + 1}" if where is not None else ""
        raise PetabError(f"'{path}'{line} is no YAML, so no PEtab problem.") from None
    said = told.get("format_version") if isinstance(told, dict) else None
    if said is None:
        raise PetabError(
            f"'{path}' is no PEtab problem: it says no format_version. Name the YAML file of the "
            "problem."
        )
    found = str(said).partition(".")[0]
    if found not in ("1", "2"):
        raise PetabError(f"'{path}' is of PEtab version {said}; read are 1 and 2.")
    needed = told.get("extensions") or {}
    wanted = [
        name
        for name, each in (needed.items() if isinstance(needed, dict) else ())
        if not isinstance(each, dict) or each.get("required", True)
    ]
    if wanted:
        raise PetabError(f"'{path}' needs extensions of PEtab that are not known here: {wanted}.")
    return int(found)


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Turn whatever PEtab's library stumbles over into an error that names the file."""
    root = logging.getLogger("petab")
    level = root.level
    root.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (PetabError, OSError):
        raise
    except Exception as error:  # of many kinds, and each is about the files
        text = " ".join(str(error).split()) or type(error).__name__
        raise PetabError(f"'{path}' cannot be read: {text}") from error
    finally:
        root.setLevel(level)


# -- version 2 -------------------------------------------------------------------------------------


def _second(found: v2.Problem, path: Path) -> Problem:
    from petab.v1.math import petab_math_str

    models = found.models
    if len(models) != 1 or models[0].type_id != "sbml":
        kinds = ", ".join(each.type_id for each in models) or "none"
        raise PetabError(f"'{path}' has the models {kinds}; read is one model in SBML.")
    if any(each.model_id for each in found.mappings if each.petab_id != each.model_id):
        raise PetabError(f"'{path}' maps ids to those of the model, which is not read here.")
    if found.config is None:
        raise PetabError(f"'{path}' names no files.")
    (info,) = found.config.model_files.values()
    conditions = {each.id: each.changes for each in found.conditions}
    trials = []
    for each in found.experiments:
        stages = []
        for period in each.sorted_periods:
            changes = {
                change.target_id: petab_math_str(change.target_value)
                for id in period.condition_ids
                for change in _known(conditions, id, each.id)
            }
            stages.append(Stage(float(period.time), changes))
        trials.append(Trial(each.id, tuple(stages)))
    return Problem(
        found.id or path.stem,
        _text(path.parent / str(info.location)),
        [
            Parameter(
                each.id,
                _value(each.nominal_value, each.id),
                -math.inf if each.lb is None else float(each.lb),
                math.inf if each.ub is None else float(each.ub),
                bool(each.estimate),
                _second_prior(each),
            )
            for each in found.parameters
        ],
        [_second_observable(each) for each in found.observables],
        trials,
        [
            Measurement(
                each.observable_id,
                each.experiment_id or "",
                float(each.time),
                float(each.measurement),
                tuple(petab_math_str(text) for text in each.observable_parameters),
                tuple(petab_math_str(text) for text in each.noise_parameters),
            )
            for each in found.measurements
        ],
    )


def _second_prior(found: v2.Parameter) -> Prior | None:
    kind = getattr(found.prior_distribution, "value", found.prior_distribution)
    return Prior(str(kind), tuple(found.prior_parameters)) if kind else None


def _second_observable(found: v2.Observable) -> Observable:
    from petab.v1.math import petab_math_str

    noise = getattr(found.noise_distribution, "value", found.noise_distribution)
    scale, _, distribution = f"lin-{noise}".rpartition("-")
    return Observable(
        found.id,
        petab_math_str(found.formula),
        petab_math_str(found.noise_formula),
        found.name or "",
        distribution,
        scale.removeprefix("lin-"),
        tuple(map(str, found.observable_placeholders)),
        tuple(map(str, found.noise_placeholders)),
    )


def _known(conditions: dict[str, Any], id: str, experiment: str) -> Any:
    if id not in conditions:
        raise PetabError(f"Experiment {experiment!r} names the condition {id!r}, which is nowhere.")
    return conditions[id]


def _value(value: Any, id: str) -> float:
    if value is None or math.isnan(float(value)):
        raise PetabError(f"The parameter {id!r} has no nominal value, at which to evaluate it.")
    return float(value)


def _text(path: Path) -> str:
    from ...simulation.sbml import documents

    return documents.read(path)


# -- version 1 -------------------------------------------------------------------------------------


def _first(found: v1.Problem, path: Path) -> Problem:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    problems = told.get("problems") or []
    if len(problems) != 1 or len(problems[0].get("sbml_files") or ()) != 1:
        raise PetabError(f"'{path}' is of several models; read is one problem with one model.")
    if found.mapping_df is not None and not found.mapping_df.empty:
        raise PetabError(f"'{path}' maps ids to those of the model, which is not read here.")
    sbml = _text(path.parent / problems[0]["sbml_files"][0])
    ran = _ran(found.measurement_df)
    table = found.condition_df
    trials = []
    for id, (before, at) in ran.items():
        first = _changes(table, at, path)
        stages = [Stage(0.0, first)]
        if before:
            stages = [Stage(-math.inf, _changes(table, before, path)), Stage(0.0, first)]
        trials.append(Trial(id, tuple(stages)))
    ids = {pair: id for id, pair in ran.items()}
    return Problem(
        path.stem,
        sbml,
        [_parameter(str(id), row) for id, row in found.parameter_df.iterrows()],
        [_observable(str(id), row) for id, row in found.observable_df.iterrows()],
        trials,
        [
            Measurement(
                str(row["observableId"]),
                ids[_pair(row)],
                float(row["time"]),
                float(row["measurement"]),
                _parts(row.get("observableParameters")),
                _parts(row.get("noiseParameters")),
            )
            for row in found.measurement_df.to_dict("records")
        ],
        renewed=True,
    )


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    return _cell(row.get("preequilibrationConditionId")), _cell(row["simulationConditionId"])


def _ran(table: Any) -> dict[str, tuple[str, str]]:
    """Return the pairs of conditions that there are measurements of, by a name of their own."""
    pairs = dict.fromkeys(_pair(row) for row in table.to_dict("records"))
    return {f"{before} then {at}" if before else at: (before, at) for before, at in pairs}


def _changes(table: Any, id: str, path: Path) -> dict[str, str]:
    if id not in table.index:
        raise PetabError(f"'{path}': the condition {id!r} is measured but not in its table.")
    row = table.loc[id].drop(labels=["conditionName"], errors="ignore")
    return {str(name): _cell(cell) for name, cell in row.items() if _cell(cell)}


def _cell(cell: Any) -> str:
    """Return what a cell holds as text; nothing where it is empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return repr(float(cell)) if isinstance(cell, int | float) else str(cell).strip()


def _parts(cell: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in _cell(cell).split(";") if part.strip())


def _observable(id: str, row: Any) -> Observable:
    formula, noise = _cell(row["observableFormula"]), _cell(row["noiseFormula"])
    return Observable(
        id,
        formula,
        noise,
        _cell(row.get("observableName")),
        _cell(row.get("noiseDistribution")) or "normal",
        _cell(row.get("observableTransformation")) or "lin",
        _placeholders(f"{formula} {noise}", "observable", id),
        _placeholders(noise, "noise", id),
    )


def _placeholders(text: str, kind: str, id: str) -> tuple[str, ...]:
    found = {
        int(number) for number in re.findall(rf"\b{kind}Parameter(\d+)_{re.escape(id)}\b", text)
    }
    return tuple(f"{kind}Parameter{number}_{id}" for number in range(1, max(found, default=0) + 1))


def _parameter(id: str, row: Any) -> Parameter:
    scale = _cell(row.get("parameterScale")) or "lin"
    kind = _cell(row.get("objectivePriorType"))
    low, high = _bound(row.get("lowerBound"), -math.inf), _bound(row.get("upperBound"), math.inf)
    prior = None
    if kind:
        numbers = tuple(map(float, _parts(row.get("objectivePriorParameters"))))
        base = _PARAMETER_SCALES[scale] if kind.startswith("parameterScale") else None
        plain = kind.removeprefix("parameterScale")
        plain = {"logNormal": "log-normal", "logLaplace": "log-laplace"}.get(plain, plain.lower())
        if not numbers and plain == "uniform":
            numbers = (low, high) if base is None else (math.log(low, base), math.log(high, base))
        prior = Prior(plain, numbers, truncated=False, base=base)
    value = _value(row.get("nominalValue"), id)
    return Parameter(id, value, low, high, bool(int(row["estimate"])), prior)


def _bound(cell: Any, otherwise: float) -> float:
    text = _cell(cell)
    return float(text) if text else otherwise


def save_simulated(path: Path, simulated: Vector, output: Path) -> None:
    """Write what measurements should be as PEtab's table of simulations.

    Parameters
    ----------
    path : Path
        The YAML file of the problem.
    simulated : array of shape (measurements,)
        What each measurement should be.
    output : Path
        Where the table goes.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    petab = mathematics.library()
    with _blaming(path):
        kind = petab.v1 if _version(path) == 1 else petab.v2
        table = kind.Problem.from_yaml(str(path)).measurement_df.copy()
    place = table.columns.get_loc("measurement")
    table = table.drop(columns="measurement")
    table.insert(place, "simulation", simulated)
    with replacing(output) as scratch:
        table.to_csv(scratch, sep="\t", index=False, lineterminator="\n")
