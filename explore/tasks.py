"""What a process of the page can be asked, by name; questions and answers are JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from ..analysis.asking import ensembles, treatments
from ..analysis.asking import readouts as asking
from ..analysis.checking import check, text
from ..analysis.dose_response.question import DEFAULT
from ..models import catalogue
from ..models.perturbations import conditions
from . import answers, courses, evidence, pathway, scenario, takeaway
from .errors import ExploreError
from .opened import Opened, opened
from .scenario import UPLOADED, Scenario


class Data(dict[str, Any]):
    """What comes with a question."""

    def __missing__(self, key: str) -> Any:
        raise ExploreError(f"The question lacks {key!r}.")


def answer(task: str, data: Mapping[str, Any]) -> Any:
    """Return the answer to a question of the page."""
    return _TASKS[task](Data(data))


def _model(data: Data) -> Opened:
    return opened(data["model"], data.get("path"))


def _asked(data: Data) -> tuple[Opened, Scenario]:
    asked = scenario.read(data["scenario"])
    return opened(asked.model, data.get("path")), asked


def _offered(data: Data) -> dict[str, Any]:
    """Return what can be chosen of a model."""
    model = _model(data)
    name = data["model"]
    own = name.startswith(UPLOADED)
    declared = model.loaded.model
    simulator = model.simulator  # compiled now, so that the first course comes at once
    return {
        "model": name,
        "title": declared.id,
        "time_unit": simulator.time_unit if own else "h",
        "has_rules": model.loaded.network is not None,
        "readouts": [{"name": each, "about": _about(model, each)} for each in model.known],
        "default": list(model.default),
        "parameters": courses.amounts(model),
        "warnings": list(model.loaded.network.warnings) if own and model.loaded.network else [],
        **({} if own else _chosen(model, name)),
    }


def _chosen(model: Opened, name: str) -> dict[str, Any]:
    """Return the conditions and the compounds that a model of the catalogue can be put under."""
    compounds = [
        {
            "name": each.name,
            "class": each.drug_class,
            "usual": each.usual_dose,
            "about": each.action,
            "also": list(each.aliases),
        }
        for each in treatments.usable(model.loaded.model)
    ]
    compounds.sort(key=lambda each: (each["name"] != DEFAULT, each["class"], each["name"]))
    return {
        "compounds": compounds,
        "conditions": {
            kind: [
                {"name": each.name, "about": each.summary}
                for each in conditions.search(kind=kind)
                if conditions.suits(each, name)
            ]
            for kind in conditions.SORTS
            if kind != "compound"
        },
        "kinds": {kind: said for kind, said in conditions.SORTS.items() if kind != "compound"},
    }


def _about(model: Opened, name: str) -> str:
    formula = asking.known(model.loaded.model).get(name)
    if formula is not None:
        return formula.text
    if model.loaded.network is None:
        return ""
    return next((g.notes for g in model.loaded.network.groups if g.name == name), "")


def _models(_: Data) -> list[dict[str, str]]:
    return [{"name": n, "about": catalogue.entry(n).summary} for n in catalogue.names()]


def _course(data: Data) -> dict[str, Any]:
    model, asked = _asked(data)
    return courses.course(model, asked) | takeaway.lines(model, asked, data.get("file", ""))


def _bands(data: Data) -> dict[str, Any]:
    model, asked = _asked(data)
    sets = ensembles.read(Path(data["ensemble"]), model.loaded.model)
    return courses.bands(model, asked, sets)


def _pair(data: Data) -> tuple[str, str]:
    match data["compounds"]:
        case [str(one), str(other)]:
            return one, other
    raise ExploreError("Synergy is of two compounds; name both.")


def _checked(data: Data) -> dict[str, Any]:
    """Return what 'mtorules check' says of an uploaded file."""
    model = _model(data)
    report = check.check_apart(model.loaded.sbml, data["file"], quick=False, limit=60.0)
    return {"text": text.text(report)}


_TASKS: Final[Mapping[str, Callable[[Data], Any]]] = {
    "models": _models,
    "offered": _offered,
    "course": _course,
    "bands": _bands,
    "layout": lambda data: pathway.layout(_model(data)),
    "map": lambda data: pathway.changes(*_asked(data)),
    "part": lambda data: pathway.part(_model(data), data["part"]),
    "dose": lambda data: answers.dose_response(*_asked(data), str(data["compound"])),
    "synergy": lambda data: answers.synergy(*_asked(data), _pair(data)),
    "claims": lambda data: evidence.bearing(*_asked(data)),
    "claim": lambda data: evidence.judged(opened(data["model"]), data["id"]),
    "check": _checked,
    "csv": lambda data: takeaway.csv(*_asked(data)),
    "sbml": lambda data: takeaway.sbml(*_asked(data)),
    "archive": lambda data: takeaway.archive(*_asked(data)),
}
