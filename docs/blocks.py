"""A page's code blocks as one shell script, in order: what a reader types from top to bottom.

    python docs/blocks.py docs/tutorial.md | bash

Blocks fenced as ``bash`` are commands; ``python`` is run by Python, each block by itself; any
block with a title is the content of that file. Other blocks (``console``, ``text``) are to be read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

_FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def script(page: str) -> str:
    """Return the script of a page."""
    return "".join(["set -euo pipefail\n", *_parts(page)])


def _parts(page: str) -> Iterator[str]:
    for language, title, body in _FENCE.findall(page):
        if title:
            yield f"cat >{title!r} <<'END_OF_BLOCK'\n{body}END_OF_BLOCK\n"
        elif language == "bash":
            yield body
        elif language == "python":
            yield f"python3 - <<'END_OF_BLOCK'\n{body}END_OF_BLOCK\n"


if __name__ == "__main__":
    print(script(Path(sys.argv[1]).read_text(encoding="utf-8")), end="")
