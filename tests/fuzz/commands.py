"""Invocations of every command on files and arguments that are a little wrong."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import mutations
from mtorules.export import formats
from running import Case

HERE = Path(__file__).parent
TIMES = ("10 s", "1 min", "0 s", "2 s, 10 s", "inf")


@cache
def seeds(ending: str) -> tuple[tuple[str, bytes], ...]:
    """Return files that are right, by their ending."""
    found = sorted((HERE / "seeds").glob(f"*{ending}"))
    if ending == ".bngl":
        found += sorted((HERE.parent / "constructs").glob("*.bngl"))
    return tuple((path.name, path.read_bytes()) for path in found)


def _changed(ending: str, change: Callable[[bytes, random.Random], bytes], rng: random.Random):
    _, data = rng.choice(seeds(ending))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        mutate = mutations.raw if rng.random() < 0.15 else change
        data = mutate(data, rng)
    return data


def _model(rng: random.Random) -> tuple[str, bytes]:
    if rng.random() < 0.5:
        return "m.xml", _changed(".xml", mutations.xml, rng)
    return "m.bngl", _changed(".bngl", mutations.text, rng)


def _odd(value: str, rng: random.Random, chance: float = 0.15) -> str:
    """Return an argument, now and then another; none can hold a NUL or a lone surrogate here."""
    if rng.random() > chance:
        return value
    return mutations.word(rng).replace("\0", "0").encode("utf-8", "ignore").decode()


def _some(rng: random.Random, *options: Sequence[str]) -> list[str]:
    return [word for option in options if rng.random() < 0.25 for word in option]


# COPASI and what draws with Graphviz take seconds each, and have tests of their own.
FORMATS = tuple(name for name in formats.FORMATS if name not in ("copasi",))
# Analyses that are over in seconds; what stands behind the model's name goes for any model.
ANALYSES = (
    ["time-course", "rapamycin", "--readout", "MTORC1", "--times", "0..1 h lin 3"],
    ["dose-response", "rapamycin", "--readout", "MTORC1", "--times", "1 h"],
    ["control", "rapamycin", "--readout", "MTORC1"],
    ["structure", "rapamycin"],
    ["steady-states", "rapamycin", "--readout", "MTORC1"],
    ["knockouts", "rapamycin", "--readout", "MTORC1", "--only", "RPTOR"],
    ["stochastic", "rapamycin", "--readout", "MTORC1", "--times", "1 h"],
)


def analyse(rng: random.Random) -> Case:
    """Ask a file one of the standard questions."""
    name, data = _model(rng)
    command = rng.choice([words[0] for words in ANALYSES])
    argv = ["analyse", command, name, "--workers", "1", "--quiet", "--limit", "3 s"]
    argv += _some(
        rng,
        ("--readout", _odd("A", rng, 0.3)),
        ("--readout", _odd("r = A / B", rng, 0.3)),
        ("--times", _odd(rng.choice(TIMES), rng)),
        ("--set", _odd("k=2", rng, 0.5)),
        ("--dose", _odd("A=1 nM @ 1 s", rng, 0.5)),
        ("--cells", _odd("reference", rng, 0.5)),
        ("--limit", _odd("5 s", rng, 0.5)),
        ("--json",),
    )
    return Case(argv, {name: data})


def simulate(rng: random.Random) -> Case:
    """Simulate a file."""
    name, data = _model(rng)
    argv = ["simulate", name, "--times", _odd(rng.choice(TIMES), rng)]
    argv += _some(
        rng,
        ("--set", _odd("k=2", rng, 0.5)),
        ("--set", _odd("A_0=1 nM", rng, 0.5)),
        ("--dose", _odd("A=1 nM @ 1 s", rng, 0.5)),
        ("--observable", _odd("A", rng, 0.3)),
        ("--engine", _odd(rng.choice(("roadrunner", "bngsim", "scipy", "run_network")), rng)),
        ("--method", "ssa"),
        ("--pre-equilibrate",),
        ("--json",),
        ("--tolerance", _odd("1e-6", rng)),
    )
    outputs = []
    if rng.random() < 0.3:
        outputs = [rng.choice(("o.csv", "o.nc"))]
        argv += ["--output", outputs[0]]
    return Case(argv, {name: data}, outputs)


def network(rng: random.Random) -> Case:
    """Write what a BNGL file holds in one of the formats."""
    name, data = "m.bngl", _changed(".bngl", mutations.text, rng)
    command, ending = rng.choice(
        (("network", "net"), ("export", "xml"), ("draw", "dot"), ("draw", "graphml"))
    )
    output = f"o.{ending}"
    argv = [command, _odd(name, rng, 0.03), "--output", output]
    if command == "export":
        argv += _some(rng, ("--level", _odd("3.1", rng)), ("--irreversible",), ("--json",))
    return Case(argv, {name: data}, [output])


def check(rng: random.Random) -> Case:
    """Look an SBML file over."""
    argv = ["check", "m.xml", *_some(rng, ("--json",), ("--quick",), ("--html", "o.html"))]
    return Case(argv, {"m.xml": _changed(".xml", mutations.xml, rng)}, ["o.html"], ["o.html"])


def compare(rng: random.Random) -> Case:
    """Compare simulators on a file."""
    name, data = _model(rng)
    return Case(["compare", name, "--until", _odd("5", rng), "--json"], {name: data})


def claims(rng: random.Random) -> Case:
    """Check a file of claims, or a parameter set."""
    data = _changed(".yaml", mutations.yaml_, rng)
    argv = ["claims", "--file", "c.yaml", "--model", "rapamycin", "--workers", "1"]
    files = {"c.yaml": data}
    if rng.random() < 0.7:
        argv.append("--list")
    elif rng.random() < 0.5:
        files["p.csv"] = _changed(".csv", mutations.table, rng)
        argv += ["--parameters", "p.csv"]
    return Case(argv, files)


@cache
def store() -> dict[str, bytes]:
    """Return the files of a finished scan."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m.bngl").write_bytes(dict(seeds(".bngl"))["tiny.bngl"])
        subprocess.run(
            [sys.executable, "-c", _COMMAND, *SCAN], cwd=folder, capture_output=True, check=True
        )
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted((folder / "s.zarr").rglob("*"))
            if path.is_file()
        }


_COMMAND = "import sys; from mtorules.cli.main import main; sys.exit(main())"
SCAN = (
    *("scan", "m.bngl", "--set", "k=1,2", "--times", "1 s", "--workers", "1"),
    *("--limit", "5 s", "--output", "s.zarr"),
)


def scan(rng: random.Random) -> Case:
    """Go on with a store that was damaged, or begin one on a damaged model."""
    argv = [_odd(word, rng, 0.05) if word == "k=1,2" else word for word in SCAN]
    name, data = "m.bngl", dict(seeds(".bngl"))["tiny.bngl"]
    if rng.random() < 0.3:
        return Case(argv, {name: _changed(".bngl", mutations.text, rng)}, ["s.zarr"], ["s.zarr"])
    files = dict(store())
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.choice(sorted(files))
        if rng.random() < 0.1:
            del files[place]
        elif place.endswith(".json"):
            files[place] = mutations.json_(files[place], rng)
        else:
            files[place] = mutations.raw(files[place], rng)
    return Case(argv, {**files, name: data}, ["s.zarr"], ["s.zarr"])


def export(rng: random.Random) -> Case:
    """Write a file in any of the formats, or as an archive."""
    name, data = _model(rng)
    if rng.random() < 0.2:
        argv = ["share", name, "--until", _odd("5 s", rng), "--points", "3"]
        argv += _some(rng, ("--dose", _odd("A=1 @ 1 s", rng, 0.5)), ("--set", _odd("k=2", rng)))
        return Case([*argv, "--output", "o.omex"], {name: data}, ["o.omex"])
    name, data = "m.bngl", _changed(".bngl", mutations.text, rng)
    argv = ["export", name, "--format", _odd(rng.choice(FORMATS), rng, 0.05)]
    argv += _some(
        rng,
        ("--kind", rng.choice(("contact", "influence", "reactions"))),
        ("--join-reactions",),
        ("--ranges",),
        ("--level", "2.4"),
        ("--max-species", "50"),
    )
    return Case([*argv, "--output", "o.out"], {name: data}, ["o.out"])


def archive(rng: random.Random) -> Case:
    """Open an archive with damage within, or to the whole."""
    folder = HERE / "seeds" / "archive"
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*.*")):
            data = path.read_bytes()
            if rng.random() < 0.4:
                data = (mutations.raw if rng.random() < 0.15 else mutations.xml)(data, rng)
            name = _odd(path.relative_to(folder).as_posix(), rng, 0.03)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of names that stand twice
                packed.writestr(zipfile.ZipInfo(name or "x"), data)
    data = whole.getvalue()
    if rng.random() < 0.15:
        data = mutations.raw(data, rng)
    argv = ["open", "a.omex", *_some(rng, ("--list",), ("--json",))]
    return Case([*argv, "--output", "o"], {"a.omex": data}, ["o"], ["o"])


def arguments(rng: random.Random) -> Case:
    """Call any command with arguments that are a little wrong."""
    lines = (
        ["models", "rapamycin"],
        ["models", "rapamycin", "--provenance"],
        ["conditions", "--kind", "genotype"],
        ["conditions", "FKBP1A_null"],
        ["network", "rapamycin", "--json"],
        ["simulate", "rapamycin", "--until", "1 h", "--dose", "RAPA_medium=1 nM", "--points", "3"],
        ["simulate", "rapamycin", "--condition", "FKBP1A_null @ 1 h", "--observable", "MTORC1"],
        ["simulate", "rapamycin", "--set", "MTOR_0=1 nM", "--washout", "RAPA_medium @ 1 h"],
        ["analyse", "sensitivities", "rapamycin", "--observable", "MTORC1", "--times", "1 h"],
        ["analyse", "rapamycin", "rapamycin"],
        ["claims", "rapalog-substrate-selective", "--list"],
        ["compare", "rapamycin", "--until", "10"],
        ["check", "nowhere.xml"],
        ["draw", "rapamycin", "--output", "o.dot"],
        ["export", "rapamycin", "--format", "json"],
        *(["analyse", *words, "--workers", "1"] for words in ANALYSES),
    )
    argv = list(rng.choice(lines))
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(argv))
        kind = rng.randrange(4)
        if kind == 0:
            argv[at] = _odd("", rng, 1.0)
        elif kind == 1:
            argv.insert(at, _odd("", rng, 1.0))
        elif kind == 2 and len(argv) > 1:
            del argv[at]
        else:
            head, sign, _ = argv[at].partition("=")
            argv[at] = f"{head}{sign}{_odd('', rng, 1.0)}"
    if any(word.startswith("/") or ".." in word for word in argv):
        argv = [word.replace("/", "_").replace("..", "_") for word in argv]  # stay in the folder
    if argv == ["claims"]:
        argv += ["--list"]  # all of them take longer than an invocation may, and rightly so
    return Case(argv, {}, ["o.dot"])


# How often each is tried: what is quick more often.
KINDS: dict[Callable[[random.Random], Case], int] = {
    simulate: 30,
    network: 25,
    check: 15,
    claims: 12,
    arguments: 12,
    analyse: 10,
    export: 10,
    archive: 10,
    compare: 3,
    scan: 3,
}


def case(number: int) -> Case:
    """Return the invocation of a number, always the same."""
    rng = random.Random(number)
    (kind,) = rng.choices(list(KINDS), list(KINDS.values()))
    return kind(rng)
