"""Isoforms and alleles of PI3K, with the numbers of the tables alone."""

from typing import Any

from mtorules.models.perturbations import conditions


def lost(isoform: str, tables: Any, **values: float) -> float:
    """Return what is left of PIP3 without an isoform."""
    rest = tables.rest(**values)["PIP3_nM"]
    return tables.rest(**{f"PIK3C{isoform}_0": 0.0}, **values)["PIP3_nM"] / rest


def test_p110_beta_matters_where_pten_is_lost(tables: Any) -> None:
    """Wee 2008, Jia 2008: p110 alpha in the wild type; without PTEN beta gains and alpha loses."""
    assert lost("A", tables) < 0.4 < 0.8 < lost("B", tables)
    none = conditions.values("PTEN_null")
    assert lost("A", tables, **none) > 1.3 * lost("A", tables)
    starved = none | conditions.values("GF0")
    assert lost("B", tables, **starved) < lost("A", tables, **starved)


def test_the_helical_mutant_needs_ras_and_the_kinase_mutant_does_not(tables: Any) -> None:
    """Zhao 2008."""
    helical, kinase = conditions.values("PIK3CA_E545K"), conditions.values("PIK3CA_mut")
    for mutant in (helical, kinase):
        assert tables.rest(**mutant)["PIP3_nM"] > 1.3 * tables.rest()["PIP3_nM"]
    without = {"KRAS_0": 0.0}
    bare = tables.rest(**without)["PIP3_nM"]
    assert tables.rest(**helical, **without)["PIP3_nM"] < 1.05 * bare
    assert tables.rest(**kinase, **without)["PIP3_nM"] > 1.3 * bare
