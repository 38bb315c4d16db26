"""Files made a little wrong: bytes, text, XML, trees of YAML or JSON, and tables.

Every function takes what it changes and a source of randomness, and returns bytes; the same random
numbers give the same bytes.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import re
from typing import Any
from xml.etree import ElementTree

import yaml

ElementTree.register_namespace("", "http://www.sbml.org/sbml/level3/version2/core")

# What stands where something else was expected.
WORDS = (
    *("", " ", "0", "-1", "1e400", "-1e400", "1e-400", "nan", "inf", "-inf", "NaN", "INF", "1_000"),
    *("1e308", "9" * 400, "9" * 5000, "0x10", "1,5", "1e", "+-3", "--", "1/0", "0/0", "2**9999"),
    *("true", "None", "null", "[]", "{}", "[[[[", "()", '"', "'", "`", "$HOME", "%s", "{0}", "\\"),
    *("a" * 300, "a" * 20000, "x.y.z", "../x", "/dev/null", "/", ".", "..", "CON", "con.txt"),
    *(
        "é",
        "\u2028",
        "\x85",
        "\x0b",
        "\ufeff",
        "\x00",
        "\ud800",
        "ａ",
        "１０",
        "µM",
        "\r",
        "\n",
        "\t",
    ),
    *("time", "time()", "t", "reset", "simulate", "integrator", "lambda", "if", "def", "class"),
    *("sin(", "f(f)", "max()", "min(1)", "log(1,2,3)", "if(1,2)", "x" + "^2" * 200, "(" * 3000),
    *("nM", "parsec", "10 nM", "1 m", "5 s", "24 h", "-3 h", "inf h", "10 nM @ -1 h", "0.5 fold"),
    *("2024-13-45", "!!int abc", "&a [*a]", "*a", "<<: *a", "0o7", "1:30", "NO", "? x", "- - -"),
    *("system('touch pwned')", '"; touch pwned; "', "$(touch pwned)", "<!ENTITY x 'y'>", "]]>"),
)


def word(rng: random.Random) -> str:
    """Return something unexpected."""
    return rng.choice(WORDS)


def raw(data: bytes, rng: random.Random) -> bytes:
    """Flip, cut, repeat, insert and re-encode bytes."""
    kind = rng.randrange(8)
    if not data:
        return word(rng).encode("utf-8", "surrogatepass")
    start = rng.randrange(len(data))
    stop = min(len(data), start + rng.choice((1, 1, 4, 40, 400)))
    if kind == 0:
        return data[:start] + bytes([rng.randrange(256)]) + data[start + 1 :]
    if kind == 1:
        return data[:start] + data[stop:]
    if kind == 2:
        return data[:stop] + data[start:stop] * rng.choice((1, 2, 50)) + data[stop:]
    if kind == 3:
        return data[:start] + word(rng).encode("utf-8", "surrogatepass") + data[start:]
    if kind == 4:
        return data[:start]
    if kind == 5:
        return data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-32", "utf-8-sig")))
    if kind == 6:
        return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\x0b\n", b"")))
    return data[stop:] + data[:start]


_TOKEN = re.compile(r"[A-Za-z_]\w*|[\d.]+(?:[eE][+-]?\d+)?|\s+|.", re.DOTALL)


def text(data: bytes, rng: random.Random) -> bytes:
    """Replace, drop, repeat and swap words and lines."""
    found = data.decode("utf-8", "replace")
    if rng.random() < 0.3:
        lines = found.splitlines(keepends=True) or [""]
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(4)
        if kind == 0:
            del lines[one]
        elif kind == 1:
            lines.insert(other, lines[one])
        elif kind == 2:
            lines[one], lines[other] = lines[other], lines[one]
        else:
            lines[one] = lines[one].rstrip("\n") + word(rng) + "\n"
        return "".join(lines).encode("utf-8", "surrogatepass")
    tokens = _TOKEN.findall(found)
    solid = [at for at, token in enumerate(tokens) if token.strip()]
    for _ in range(rng.choice((1, 1, 2, 5))):
        if not solid:
            break
        at = rng.choice(solid)
        tokens[at] = word(rng) if rng.random() < 0.5 else tokens[rng.choice(solid)]
    return "".join(tokens).encode("utf-8", "surrogatepass")


def xml(data: bytes, rng: random.Random) -> bytes:
    """Drop, repeat, move and alter elements and attributes."""
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError):
        return raw(data, rng)
    inner = [(parent, child) for parent in root.iter() for child in parent]
    if not inner:
        return raw(data, rng)
    values = [value for element in root.iter() for value in element.attrib.values()]
    for _ in range(rng.choice((1, 1, 2, 4))):
        parent, child = rng.choice(inner)
        kind = rng.randrange(6)
        if kind == 0 and child in list(parent):
            parent.remove(child)
        elif kind == 1:
            parent.append(copy.deepcopy(child))
        elif kind == 2:
            other, _ = rng.choice(inner)
            other.append(copy.deepcopy(child))
        elif child.attrib:
            name = rng.choice(sorted(child.attrib))
            if kind == 3:
                del child.attrib[name]
            else:
                child.attrib[name] = _xml_text(rng.choice(values) if kind == 4 else word(rng))
        elif child.text and child.text.strip():
            child.text = _xml_text(word(rng))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _xml_text(value: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", value)


def tree(found: Any, rng: random.Random) -> Any:
    """Return a copy of nested lists and mappings in which some values are of another kind."""
    found = copy.deepcopy(found)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        pairs = (
            node.items()
            if isinstance(node, dict)
            else enumerate(node)
            if isinstance(node, list)
            else ()
        )
        for key, value in pairs:
            places.append((node, key))
            walk(value)

    walk(found)
    if not places:
        return rng.choice((None, [], {}, 3, "x"))
    for _ in range(rng.choice((1, 1, 2))):
        node, key = rng.choice(places)
        kind = rng.randrange(5)
        if kind == 0 and isinstance(node, dict):
            node.pop(key, None)
        elif kind == 1 and isinstance(node, dict):
            node[word(rng)] = copy.deepcopy(node.get(key))
        elif kind == 2:
            other, place = rng.choice(places)
            if key in node if isinstance(node, dict) else key < len(node):
                node[key] = copy.deepcopy(
                    other.get(place) if isinstance(other, dict) else other[place % len(other)]
                )
        elif isinstance(node, dict) or key < len(node):
            odd = (None, True, -1, 0, 10**12, 1.5e308, [], {}, [1], {"a": 1}, word(rng), [[[]]])
            node[key] = rng.choice(odd)
    return found


def yaml_(data: bytes, rng: random.Random) -> bytes:
    """Alter YAML as text or as a tree."""
    if rng.random() < 0.5:
        return text(data, rng)
    try:
        changed = tree(yaml.safe_load(data), rng)
    except (yaml.YAMLError, ValueError, RecursionError):  # it was altered before
        return text(data, rng)
    return yaml.safe_dump(changed, allow_unicode=rng.random() < 0.5).encode("utf-8", "replace")


def json_(data: bytes, rng: random.Random) -> bytes:
    """Alter JSON as text or as a tree."""
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if found is None or rng.random() < 0.3:
        return text(data, rng)
    return json.dumps(tree(found, rng)).encode()


def table(data: bytes, rng: random.Random) -> bytes:
    """Alter cells, rows and columns of a CSV file."""
    if rng.random() < 0.3:
        return text(data, rng)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(data.decode("utf-8")))]
    except (csv.Error, UnicodeDecodeError):
        rows = []
    if not rows:
        return text(data, rng)
    row = rng.randrange(len(rows))
    kind = rng.randrange(5)
    if kind == 0:
        del rows[row]
    elif kind == 1:
        rows.append(list(rows[row]))
    elif kind == 2 and rows[row]:
        rows[row].pop(rng.randrange(len(rows[row])))
    elif kind == 3:
        rows[row].append(word(rng))
    elif rows[row]:
        rows[row][rng.randrange(len(rows[row]))] = word(rng)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", escapechar="\\").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")
