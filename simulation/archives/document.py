"""A SED-ML document: what it says of models, tasks and what is looked at."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.dom import minidom
from xml.dom.minidom import Element

from ..sbml import documents
from . import xpath
from .changing import changed
from .tree import listed, plain, said
from .unpacking import Archive, dom, tree
from .xpath import RefusedError

_TIMES: Final = ("urn:sedml:symbol:time", "KISAO:0000832", "KISAO_0000832")
_DEEPEST: Final = 20


@dataclass(frozen=True)
class Variable:
    """What a data generator looks at: a symbol of a model, or time, in a task."""

    task: str
    id: str  # empty for time


class Document:
    """A SED-ML document of an archive.

    Parameters
    ----------
    archive : Archive
        What it is in, and its models are.
    path : str
        Where in it.

    Attributes
    ----------
    notes : list of str
        What is done in another way than it says.

    Raises
    ------
    SbmlFileError
        If it is no SED-ML.
    """

    def __init__(self, archive: Archive, path: str) -> None:
        self._archive, self._folder = archive, posixpath.dirname(path)
        self.root = dom(archive.files[path], path, "sedML").documentElement
        self.notes: list[str] = []
        self._texts: dict[str, str] = {}
        self._trees: dict[str, minidom.Document] = {}

    def note(self, text: str) -> None:
        """Keep what is done in another way."""
        if text not in self.notes:
            self.notes.append(text)

    def element(self, holder: str, id: str, what: str) -> Element:
        """Return an element of one of the lists by its id, or refuse it."""
        for each in listed(self.root, holder):
            if each.getAttribute("id") == id:
                return each
        raise RefusedError(f"There is no {what} {id!r} in the document.")

    def task(self, id: str) -> Element:
        """Return a task."""
        return self.element("listOfTasks", id, "task")

    def variable(self, variable: Element) -> Variable:
        """Return what an element of a data generator means."""
        task = variable.getAttribute("taskReference")
        if not task:
            raise RefusedError(f"{said(variable)} belongs to no task.")
        symbol = plain(variable).getAttribute("symbol")
        target = variable.getAttribute("target")
        if symbol:
            if symbol not in _TIMES:
                raise RefusedError(f"{said(variable)} is the symbol {symbol!r}, which is not done.")
            return Variable(task, "")
        models = self.models(task)
        model = variable.getAttribute("modelReference") or models[0]
        if model not in models:
            raise RefusedError(f"{said(variable)} looks at a model that its task does not run.")
        return Variable(task, self.symbol(model, target))

    def looked_at(self, id: str) -> list[str]:
        """Return the ids that data generators look at in a task, other than time."""
        found: dict[str, None] = {}
        for generator in listed(self.root, "listOfDataGenerators"):
            for each in listed(generator, "listOfVariables"):
                if each.getAttribute("taskReference") == id and each.getAttribute("target"):
                    with suppress(RefusedError):  # whoever needs it says so
                        found[self.variable(each).id] = None
        return list(found)

    def symbol(self, model: str, target: str) -> str:
        """Return the id of what a path leads to in a model."""
        text = self.text(model)
        if model not in self._trees:
            self._trees[model] = tree(text, model)
        element, attribute = xpath.find(self._trees[model], target)
        if attribute not in ("", "id"):
            raise RefusedError(f"The path {target!r} ends in an attribute, which has no course.")
        if _inside(element, "kineticLaw"):
            raise RefusedError(f"The path {target!r} leads to what a rate law keeps to itself.")
        if not element.getAttribute("id"):
            raise RefusedError(f"The path {target!r} leads to something without an id.")
        return element.getAttribute("id")

    def text(self, id: str, below: tuple[str, ...] = ()) -> str:
        """Return the SBML of a model, changed as the document says."""
        if id in self._texts:
            return self._texts[id]
        model = self.element("listOfModels", id, "model")
        language = model.getAttribute("language")
        if "sbml" not in language.lower():
            raise RefusedError(f"{said(model)} is in {language!r}, and only SBML is run.")
        source = model.getAttribute("source")
        if id in below:
            raise RefusedError(f"{said(model)} is made from itself.")
        known = {each.getAttribute("id") for each in listed(self.root, "listOfModels")}
        if source.removeprefix("#") in known:
            text = self.text(source.removeprefix("#"), (*below, id))
        else:
            path = posixpath.normpath(posixpath.join(self._folder, source))
            if path not in self._archive.files:
                raise RefusedError(
                    f"{said(model)} is in {source!r}, which is not in the archive; nothing is "
                    "fetched from elsewhere."
                )
            text = documents.text(self._archive.files[path], path)
        others = {one: partial(self.text, one, (*below, id)) for one in known - {id}}
        self._texts[id] = changed(text, listed(model, "listOfChanges"), others)
        return self._texts[id]

    def models(self, id: str, below: tuple[str, ...] = ()) -> list[str]:
        """Return the models that a task runs, those of its subtasks included."""
        task = self.task(id)
        if id in below:
            raise RefusedError(f"{said(task)} is a part of itself.")
        if len(below) >= _DEEPEST:
            raise RefusedError(f"{said(task)} lies more than {_DEEPEST} tasks deep.")
        if task.localName == "task":
            return [task.getAttribute("modelReference")]
        subs = listed(task, "listOfSubTasks")
        if not subs:
            raise RefusedError(f"{said(task)} has no subtask.")
        inner = [self.models(sub.getAttribute("task"), (*below, id)) for sub in subs]
        return list(dict.fromkeys(model for models in inner for model in models))


def _inside(element: Element, name: str) -> bool:
    """Tell whether an element lies in one of a name."""
    node = element.parentNode
    while isinstance(node, Element):
        if node.localName == name:
            return True
        node = node.parentNode
    return False
