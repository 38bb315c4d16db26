"""BioNetGen's own formats: the rules, and the network that they make."""

from __future__ import annotations

from ..network.bionetgen import net as netfile
from ..network.network import Network


def bngl(network: Network) -> str:
    """Return the rules that a network was generated from."""
    return network.bngl


def net(network: Network) -> str:
    """Return a network as a ``.net`` file."""
    return netfile.text(network)
