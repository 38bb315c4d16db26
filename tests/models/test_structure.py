"""What the reviews say of who binds, changes and excludes whom, as facts about rules and network.

``structure.csv`` has a fact a row, under the claim that it stands for:

========== ===================================================================================
binds      a rule joins the two sites
shares     the site binds each of the molecules, one at a time
occurs     some species holds all the molecules
excludes   no species holds both molecules
changes    the molecule turns each of the sites to its last state
only       these molecules and no others do
requires   the rule demands the state of each site (``+``: that it is bound)
counts     the observable counts molecules in these states and no others
needs      every species behind an observable that speeds the site's rules up holds the molecules
raises     more of the one gives more of the other, directly
lowers     more of the one gives less of the other, directly
no_effect  nothing leads from the one to the other without passing through another rule
inhibits   the drug inhibits the molecules
slows      the drug stands in the rate of each rule, and lowers it
exceeds    the parameter is more than so many times the other (``one``: 1)
stops      under the condition no rule that turns one of the sites on has a rate
goes_on    under the condition some rule that turns each of the sites on has a rate
========== ===================================================================================
"""

import csv
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import networkx as nx
import pytest
from mtorules.export.drawing import graphs
from mtorules.models.perturbations import conditions
from mtorules.network import generate
from mtorules.network.mathematics import expressions
from mtorules.network.rules.wiring import Wiring

with (Path(__file__).parent / "structure.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
CLAIMS = Path(__file__).parents[3] / "shared" / "biology" / "claims.yaml"


class Facts:
    """The whole network, asked one fact at a time."""

    def __init__(self) -> None:
        self.network = generate.network("signalling")
        self.wiring = Wiring(self.network)
        self.contact = graphs.contact_map(self.network)
        self.influence = graphs.influence_map(self.network)
        self.values = {p.name: p.value for p in self.network.parameters} | {"one": 1.0}

    @cached_property
    def bonds(self) -> set[frozenset[str]]:
        joined = (bond for bond in self.wiring.bonds if bond.joins)
        return {frozenset((str(bond.one), str(bond.other))) for bond in joined}

    @cached_property
    def held(self) -> list[set[str]]:
        return [set(composition) for composition in self.wiring.compositions]

    def workers(self, site: str) -> set[str]:
        """Return who turns a site to its last state."""
        edges = self.contact.in_edges(site, data=True)
        return {one for one, _, data in edges if data["kind"] == "change" and data["sign"] == 1}

    def turning_on(self, site: str) -> list[str]:
        found = (c for c in self.wiring.changes if str(c.place) == site)
        return [change.rule for change in found if change.after in ("p", "gtp", "on", "pip3")]

    # -- the kinds of fact -------------------------------------------------------------------------

    def binds(self, one: str, other: str) -> bool:
        return frozenset((one, other)) in self.bonds

    def shares(self, site: str, molecules: str) -> bool:
        partners = {end.partition(".")[0] for bond in self.bonds if site in bond for end in bond}
        species = (m for s in self.wiring.species for m in s if m.name == site.partition(".")[0])
        bonds = (s.bonds for m in species for s in m.sites if s.name == site.partition(".")[2])
        return set(molecules.split()) <= partners and max(map(len, bonds)) == 1

    def occurs(self, molecules: str, _: str) -> bool:
        return any(set(molecules.split()) <= species for species in self.held)

    def excludes(self, one: str, other: str) -> bool:
        apart = [any(name in species for species in self.held) for name in (one, other)]
        return all(apart) and not self.occurs(f"{one} {other}", "")

    def changes(self, molecule: str, sites: str) -> bool:
        return all(
            (molecule, site) in self.contact.edges
            and self.contact.edges[molecule, site]["kind"] == "change"
            and self.contact.edges[molecule, site]["sign"] >= 0
            for site in sites.split()
        )

    def only(self, molecules: str, site: str) -> bool:
        return self.workers(site) == set(molecules.split())

    def requires(self, rule: str, states: str) -> bool:
        left, _ = self.wiring.sides[rule]
        demanded = {
            f"{molecule.name}.{site.name}={value}"
            for molecule in left.molecules
            for site in molecule.sites
            for value in (site.state, "+" if site.bonds else None)
            if value
        }
        return set(states.split()) <= demanded

    def counts(self, observable: str, states: str) -> bool:
        wanted = dict(each.split("=") for each in states.split())
        (group,) = (group for group in self.network.groups if group.name == observable)
        counted = {index for _, index in group.terms}
        name = next(iter(wanted)).partition(".")[0]
        for index, species in enumerate(self.wiring.species):
            suits = any(
                molecule.name == name
                and all(
                    site.state == wanted[f"{name}.{site.name}"]
                    for site in molecule.sites
                    if f"{name}.{site.name}" in wanted
                )
                for molecule in species
            )
            if index in counted and not suits:
                return False
        return bool(counted)

    def needs(self, site: str, molecules: str) -> bool:
        actors = [actor for rule in self.turning_on(site) for actor in self.wiring.actors(rule)]
        behind = [set(actor.molecules) for actor in actors if actor.sign > 0]
        return bool(behind) and all(set(molecules.split()) <= each for each in behind)

    def raises(self, one: str, other: str) -> bool:
        return self._sign(one, other) == 1

    def lowers(self, one: str, other: str) -> bool:
        return self._sign(one, other) == -1

    def no_effect(self, one: str, other: str) -> bool:
        known = one in self.influence and other in self.influence
        return known and not self.influence.has_edge(one, other)

    def _sign(self, one: str, other: str) -> int | None:
        return (
            self.influence.edges[one, other]["sign"]
            if self.influence.has_edge(one, other)
            else None
        )

    def inhibits(self, drug: str, molecules: str) -> bool:
        edges: nx.classes.reportviews.OutEdgeView = self.contact.edges
        return all(
            (drug, name) in edges and edges[drug, name]["kind"] == "inhibition"
            for name in molecules.split()
        )

    def slows(self, drug: str, rules: str) -> bool:
        return all(
            any(drug in actor.molecules and actor.sign == -1 for actor in self.wiring.actors(rule))
            for rule in rules.split()
        )

    def exceeds(self, parameter: str, other: str) -> bool:
        times, name = other.split()
        return self.values[parameter] > float(times) * self.values[name]

    def stops(self, condition: str, sites: str) -> bool:
        return not any(self._rates(condition, site) for site in sites.split())

    def goes_on(self, condition: str, sites: str) -> bool:
        return all(self._rates(condition, site) for site in sites.split())

    def _rates(self, condition: str, site: str) -> list[str]:
        """Return the rules that turn a site on and have a rate, with some of everything there."""
        values = self.values | conditions.values(condition)
        trees = {f.name: expressions.parse(f.expression) for f in self.network.functions}
        scope = values | dict.fromkeys((group.name for group in self.network.groups), 1.0)
        found = []
        for rule in self.turning_on(site):
            for law in self.wiring.laws.get(rule, ()):
                tree = trees[law]
                while names := tree.names & trees.keys():
                    tree = tree.substitute({name: trees[name] for name in names})
                if tree.evaluate(scope, 1.0) > 0:
                    found.append(rule)
        return found


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['claim']}: {row['fact']} {row['subject']} {row['object']}"
)
def test_the_network_is_wired_as_the_reviews_say(facts: Facts, row: dict[str, str]) -> None:
    ask: Callable[[str, str], bool] = getattr(facts, row["fact"])
    assert ask(row["subject"], row["object"]), row["note"]


@pytest.mark.parametrize(
    ("fact", "subject", "object_"),
    [
        ("binds", "MTOR.frb", "RPTOR.mtor"),
        ("shares", "MTOR.frb", "RPTOR RICTOR"),
        ("occurs", "RPTOR RICTOR", ""),
        ("excludes", "MTOR", "RPTOR"),
        ("excludes", "MTOR", "no such molecule"),
        ("changes", "AKT", "AKT.t308"),
        ("only", "ERK", "AKT.t308"),
        ("only", "RICTOR", "SGK1.s422"),
        ("requires", "PDPK1_phosphorylates_SGK1_t256", "SGK1.s422=u"),
        ("counts", "pAKT_t308", "AKT.t308=p AKT.s473=p"),
        ("needs", "AKT.s473", "DEPTOR"),
        ("raises", "TSC1:TSC2", "RHEB nucleotide"),
        ("lowers", "S6K t389", "IRS1 s636"),
        ("no_effect", "RHEB nucleotide", "MTORC1_drive"),
        ("inhibits", "MEKI", "KRAS"),
        ("slows", "MEKI", "MTORC1_RAPA_phosphorylates_S6K_t389"),
        ("exceeds", "Kd_MTOR_FKBP1A_RAPA", "1 Kd_MTOR_RAPA"),
        ("stops", "FED", "AKT.s473"),
        ("goes_on", "MTOR_kinase_dead", "AKT.s473"),
    ],
)
def test_a_wrong_fact_is_not_found(facts: Facts, fact: str, subject: str, object_: str) -> None:
    assert not getattr(facts, fact)(subject, object_)


@pytest.mark.skipif(not CLAIMS.exists(), reason="the list of claims lies beside the project")
def test_every_claim_about_structure_has_facts() -> None:
    yaml = pytest.importorskip("yaml")
    claims = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    structural = {claim["id"] for claim in claims if claim["kind"] == "structure"}
    assert {row["claim"] for row in ROWS} == structural
