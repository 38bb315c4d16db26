import random
from collections.abc import Callable

import pytest
from mtorules.network.network import Network
from mtorules.network.rules import patterns
from mtorules.network.rules.patterns import PatternError, Site


def test_a_species_is_taken_apart() -> None:
    first, second = patterns.read("L(r!1)@EC.R(l!1,s~p,b!+)")
    assert (first.name, first.compartment) == ("L", "EC")
    assert first.sites == (Site("r", None, ("1",)),)
    assert second.sites[1:] == (Site("s", "p", ()), Site("b", None, ("+",)))
    assert patterns.read("A")[0].sites == ()


@pytest.mark.parametrize("text", ["", "A(b", "A(b)C(d)", "A(b).", "A(b c)"])
def test_what_is_no_species_is_quoted(text: str) -> None:
    with pytest.raises(PatternError, match="Cannot read"):
        patterns.read(text)


def shuffled(pattern: str, chance: random.Random) -> str:
    """Write the same species differently: molecules, sites and bond labels in another order."""
    molecules = list(patterns.read(pattern))
    chance.shuffle(molecules)
    labels = list(dict.fromkeys(b for m in molecules for s in m.sites for b in s.bonds))
    new = dict(zip(labels, chance.sample(range(1, 99), len(labels)), strict=True))
    parts = []
    for molecule in molecules:
        sites = list(molecule.sites)
        chance.shuffle(sites)
        inside = ",".join(
            s.name + (f"~{s.state}" if s.state else "") + "".join(f"!{new[b]}" for b in s.bonds)
            for s in sites
        )
        place = f"@{molecule.compartment}" if molecule.compartment else ""
        parts.append(f"{molecule.name}({inside}){place}")
    return ".".join(parts)


@pytest.mark.parametrize("name", ["homo_oligomers.bngl", "compartment_sizes.py"])
def test_a_digest_depends_on_the_species_alone(
    network_of: Callable[[str], Network], name: str
) -> None:
    chance = random.Random(1)
    species = network_of(name).species
    digests = [patterns.digest(patterns.read(s.pattern), s.compartment) for s in species]
    assert len(set(digests)) == len(digests)  # BioNetGen says that they all differ
    for one, digest in zip(species, digests, strict=True):
        other = patterns.read(shuffled(one.pattern, chance))
        assert patterns.digest(other, one.compartment) == digest
