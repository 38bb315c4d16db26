"""What is measured: models of every size, and the scan that is run on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from mtorules.network.network import Group, Network, Parameter, RateLaw, Reaction, Species
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.load import load

TOLERANCES: Final = Tolerances(1e-8)
GENOTYPES, DOSES = 20, 50


def scaffold(sites: int) -> Network:
    """Return the network of a scaffold whose sites bind a ligand, each for itself.

    It has ``2**sites + 1`` species; written down here, since BNG2.pl needs minutes for ten sites.
    """
    patterns = [
        "S("
        + ",".join(f"a{i}!{i + 1}" if mask >> i & 1 else f"a{i}" for i in range(sites))
        + ")"
        + "".join(f".L(s!{i + 1})" for i in range(sites) if mask >> i & 1)
        for mask in range(2**sites)
    ]
    ligand = len(patterns)
    parameters = [("S_0", 100.0), ("L_0", 60.0 * sites)]
    for i in range(sites):
        parameters += [(f"kf{i}", 1e-6 * (1 + i)), (f"kr{i}", 1e-4)]
    reactions = []
    for mask in range(2**sites):
        for i in (i for i in range(sites) if not mask >> i & 1):
            free, bound = (mask, ligand), (mask | 1 << i,)
            reactions += [
                Reaction(free, bound, RateLaw("elementary", (f"kf{i}",)), f"bind{i}"),
                Reaction(bound, free, RateLaw("elementary", (f"kr{i}",)), f"bind{i}", reverse=True),
            ]
    groups = [
        Group("Bound", tuple((float(m.bit_count()), m) for m in range(1, 2**sites))),
        Group("Full", ((1.0, 2**sites - 1),)),
    ]
    starts = ["S_0", *["0"] * (2**sites - 1), "L_0"]
    return Network(
        f"scaffold{sites}",
        tuple(Parameter(name, repr(value), value) for name, value in parameters),
        (),
        (),
        tuple(Species(p, s) for p, s in zip([*patterns, "L(s)"], starts, strict=True)),
        tuple(reactions),
        tuple(groups),
    )


@dataclass
class Task:
    """One model, and what is to be scanned on it."""

    name: str

    @property
    def sites(self) -> int:
        """How many sites a scaffold has; other models have none."""
        return int(self.name.removeprefix("scaffold") if "scaffold" in self.name else 0)

    @cached_property
    def loaded(self) -> Loaded:
        """The model as our engines take it."""
        return load(scaffold(self.sites) if self.sites else self.name)

    @cached_property
    def network(self) -> Network:
        """Its network."""
        assert self.loaded.network is not None
        return self.loaded.network

    @property
    def observables(self) -> tuple[str, str]:
        """What is looked at."""
        return ("Bound", "Full") if self.sites else ("MTORC1", "MTORC2")

    @cached_property
    def drug(self) -> str:
        """The id of the species that is dosed."""
        return self.loaded.model.species_of("RAPA@medium")[0]

    @cached_property
    def drug_place(self) -> int:
        """Where it stands among the network's species."""
        assert self.loaded.report is not None
        return self.loaded.report.species.index(self.drug)

    @cached_property
    def medium(self) -> float:
        """Volume of the medium: what turns a dose in nM into an amount."""
        return self.loaded.model.initial({})[0]["medium"]

    def genotype(self, number: int) -> dict[str, float]:
        """Return what a sort of cells has of its own: two rate constants."""
        fold = 10 ** (number / GENOTYPES - 0.5)
        changed = {"kr_MTOR_binds_RPTOR": fold, "kr_MTOR_binds_RICTOR": 1 / fold}
        values = {p.name: p.value for p in self.network.parameters}
        return {name: values[name] * factor for name, factor in changed.items()}

    def points(self) -> Iterator[tuple[int, dict[str, float], float]]:
        """Yield number, genotype and dose in nM of every point, doses fastest."""
        for number in range(GENOTYPES):
            for dose in np.geomspace(0.01, 1000, DOSES):
                yield number, self.genotype(number), float(dose)


def pysb_scaffold(sites: int) -> Any:
    """Return the scaffold as a PySB model."""
    from mtorules.models.building.drafting import drafting
    from pysb import Initial, Model, Monomer, Observable, Parameter, Rule

    model = Model(f"scaffold{sites}")
    values = {p.name: p.value for p in scaffold(sites).parameters}
    with drafting(model):
        names = [f"a{i}" for i in range(sites)]
        held, ligand = Monomer("S", names), Monomer("L", ["s"])
        for i, name in enumerate(names):
            Rule(
                f"bind{i}",
                held(**{name: None}) + ligand(s=None) | held(**{name: 1}) % ligand(s=1),
                *(Parameter(f"{kind}{i}", values[f"{kind}{i}"]) for kind in ("kf", "kr")),
            )
        Initial(held(**dict.fromkeys(names)), Parameter("S_0", values["S_0"]))
        Initial(ligand(s=None), Parameter("L_0", values["L_0"]))
        from pysb import ANY

        Observable("Bound", ligand(s=ANY))
        Observable("Full", held(**dict.fromkeys(names, ANY)))
    return model


def pysb_model(task: Task) -> Any:
    """Return a model that PySB knows nothing of yet."""
    from mtorules.models import catalogue

    return pysb_scaffold(task.sites) if task.sites else catalogue.build(task.name)
