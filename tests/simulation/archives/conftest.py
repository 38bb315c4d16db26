"""Archives as others write them, and libSEDML in a process of its own."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<omexManifest xmlns="http://identifiers.org/combine.specifications/omex-manifest">
<content location="." format="http://identifiers.org/combine.specifications/omex"/>
{}
</omexManifest>
"""
_FORMATS = {"sedml": "sed-ml.level-1.version-3", "xml": "sbml"}

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Return a function that writes an archive of files, with a manifest of its own."""

    def write(files: Mapping[str, str | bytes], manifest: str | None = None) -> Path:
        path = tmp_path / "theirs.omex"
        lines = "".join(
            f'<content location="./{name}" '
            f'format="http://identifiers.org/combine.specifications/'
            f'{_FORMATS.get(name.rpartition(".")[2], "text")}"/>\n'
            for name in files
        )
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.xml", manifest or MANIFEST.format(lines))
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    return write


_FINDINGS = """
import json, sys, libsedml
document = libsedml.readSedMLFromString(sys.stdin.read())
document.validateSed() if hasattr(document, "validateSed") else None
print(json.dumps([
    document.getError(place).getMessage() for place in range(document.getNumErrors())
    if document.getError(place).getSeverity() >= libsedml.LIBSEDML_SEV_ERROR
]))
"""


@pytest.fixture(scope="session")
def sedml_errors() -> Callable[[str], list[str]]:
    """Return a function that tells what libSEDML calls an error in a text."""

    def errors(text: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", _FINDINGS],
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return errors
