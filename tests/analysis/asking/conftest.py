"""Small and large models, loaded once."""

import pytest
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load


@pytest.fixture(scope="session")
def binding_loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A and B that bind, 100 and 50 nM in one volume, with a Kd of 1."""
    path = tmp_path_factory.mktemp("models") / "binding.bngl"
    path.write_text(
        """
begin model
begin parameters
  kf 1e-3
  kr 1e-3
  A_0 100
  B_0 50
end parameters
begin molecule types
  A(b)
  B(a)
end molecule types
begin seed species
  A(b) A_0
  B(a) B_0
end seed species
begin observables
  Molecules A_free A(b)
  Molecules AB A(b!1).B(a!1)
end observables
begin reaction rules
  bind: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr
end reaction rules
end model
""",
        encoding="utf-8",
    )
    return load(path)


@pytest.fixture(scope="session")
def signalling() -> Loaded:
    """The whole network."""
    return load("signalling")
