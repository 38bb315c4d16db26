"""The large network, which takes a while to generate."""

import pytest
from mtorules.network import generate
from mtorules.network.network import Network


@pytest.fixture(scope="session")
def signalling() -> Network:
    return generate.network("signalling")
