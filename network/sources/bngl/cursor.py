"""A place in a line, from which the words of a grammar are taken one after the other."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from ...mathematics import expressions

# Blanks are those of Perl: no other white space of Unicode separates anything.
BLANKS: Final = re.compile(r"\s*+", re.ASCII)
WORD: Final = re.compile(r"[A-Za-z_]\w*+", re.ASCII)


class GrammarError(ValueError):
    """The line does not go on as it should; the message says what was found and expected."""


class Cursor:
    """Takes words from a text; what is taken is safe to be written again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether nothing but blanks is left."""
        return BLANKS.fullmatch(self.text, self.at) is not None

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Take what matches and return it, or nothing and return None."""
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def sees(self, pattern: re.Pattern[str]) -> bool:
        """Return whether the pattern matches here."""
        return pattern.match(self.text, self.at) is not None

    def blanks(self) -> bool:
        """Take blanks and return whether there were any."""
        return bool(self.take(BLANKS))

    def need(self, pattern: re.Pattern[str], expected: str) -> str:
        """Take what matches, or fail."""
        taken = self.take(pattern)
        if taken is None:
            self.fail(expected)
        return taken

    def expression(self) -> str:
        """Take the longest expression, and return it with single blanks.

        The author's signs stay in the author's order: BNG2.pl squares the ``-x`` of ``-x^2``.
        """
        self.blanks()
        _, end = expressions.leading(self.text, self.at)
        taken, self.at = self.text[self.at : end], end
        return " ".join(taken.split())

    def end(self, expected: str = "the end of the line") -> None:
        """Fail unless nothing is left."""
        if not self.done:
            self.fail(expected)

    def fail(self, expected: str) -> NoReturn:
        """Raise :class:`GrammarError`."""
        self.blanks()
        rest = self.text[self.at :].rstrip()
        found = ascii(rest if len(rest) <= 40 else f"{rest[:40]}...") if rest else "nothing"
        raise GrammarError(f"{expected} was expected, {found} was found")
