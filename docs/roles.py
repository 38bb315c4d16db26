"""Docstrings as Markdown: what reStructuredText marks with roles becomes code."""

from __future__ import annotations

import re
from typing import Any

import griffe


class Roles(griffe.Extension):
    """Turns ``:func:`~.load.load``` into code and ``text::`` into ``text:``."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of a module, class, function or attribute as it is read."""
        if obj.docstring is not None:
            text = re.sub(r":\w+:`~?\.*([^`]+)`", r"`\1`", obj.docstring.value)
            obj.docstring.value = re.sub(r"::$", ":", text, flags=re.MULTILINE)
