"""From what names a model, or an SBML file, to what the engines take."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..export import generate, sbml
from ..export.files import replacing
from ..export.network import Network
from . import sbmlreading
from .engines.base import Loaded
from .sbmlmodel import SbmlModel

if TYPE_CHECKING:
    from pysb import Model

    from ..export.bng2 import Progress
    from ..export.source import Source

# Part of each cache key: raise it when what is kept of a model changes.
_FORMAT: Final = "2"
# How the name of an SBML file may end, plain or packed.
_SBML: Final = (".xml", ".sbml", ".xml.gz", ".sbml.gz", ".zip", ".omex")


def load(
    source: Source | Model | Network | str | Path,
    *,
    progress: Progress | None = None,
    irreversible: bool = False,
) -> Loaded:
    """Return a model ready for simulation.

    Parameters
    ----------
    source : Network, pysb.Model, Source, str or Path
        A network; whatever :func:`.export.generate.network` takes; or the path of an SBML file.
    progress : callable, optional
        Told how generation of the network goes on.
    irreversible : bool
        Whether each direction of a rule is a reaction of its own, as stochastic engines need it. An
        SBML file is taken as it is.

    Raises
    ------
    SourceError, GenerationError, SbmlFileError, SbmlError
        If there is no such model, or none that can be simulated.
    """
    if isinstance(source, str | Path) and is_sbml_file(source):
        from . import sbmlfile

        return from_sbml(sbmlfile.read(Path(source)))
    network = source if isinstance(source, Network) else generate.network(source, progress=progress)
    document = sbml.document(network, irreversible=irreversible)
    return Loaded(document.text, _declared(document.text), network, document.report)


def is_sbml_file(source: str | Path) -> bool:
    """Tell whether a name ends as those of SBML files do."""
    return str(source).lower().endswith(_SBML)


def from_sbml(text: str) -> Loaded:
    """Return the model that an SBML text holds, ready for simulation."""
    return Loaded(text, _declared(text))


def _declared(text: str) -> SbmlModel:
    """Read the declarations, or fetch what was read of the same text before."""
    digest = sbmlreading.digest(text)
    path = generate.cache_folder() / "declared" / f"{digest}-{_FORMAT}.json.gz"
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        return SbmlModel.from_data(json.loads(gzip.decompress(path.read_bytes())))
    model = sbmlreading.read(text)
    with suppress(OSError):  # a cache that cannot be written is done without
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as scratch:
            scratch.write_bytes(gzip.compress(json.dumps(model.to_data()).encode(), 1, mtime=0))
    return model
