"""``mtorules analyse drugs``: rapalogs, TOR-KIs, dual inhibitors and their partners compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example, usage

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer

# Those of `analysis.drugs.GROUPS`, which is not imported for the help; a test compares.
_PREFERRED = (
    "MTORC1_uncovered = MTORC1_intact * uninhibited_MTORC1",
    "MTORC2_uncovered = MTORC2 * uninhibited_MTORC2",
    "PI3K_uncovered = uninhibited_PI3K",
    "MTORC1_intact",
    "MTORC2",
    *("S6K_pT389", "EBP1_pT37", "EBP1_pS65", "ULK1_pS758"),
    *("AKT_pS473", "SGK1_pS422", "PKC_pS657"),
    *("IRS1_pS636", "AKT_pT308", "RAS_GTP", "ERK_p"),
    *("protein_synthesis", "autophagy", "proliferation", "death"),
)


@click.command(
    epilog=example(
        "mtorules analyse drugs signalling --cells 'reference, PTEN_null' --output results/drugs",
        "mtorules analyse drugs signalling --compound all --drug 'trametinib=20 nM'",
    )
)
@click.option(
    "--compound",
    "compounds",
    multiple=True,
    metavar="NAME[=DOSE]",
    help="Compare this compound, at its usual dose or as in 'AZD8055=100 nM'; 'all' is every one "
    "that acts on something in the model. May be repeated.",
)
@question_options(times="24 h", preferred=_PREFERRED)
def command(asked: Asked, compounds: tuple[str, ...]) -> Answer:
    """Compare drugs on the same cells: both complexes, their substrates, feedback and growth.

    Each compound is given alone at its usual dose, on top of what --drug gives to all, untreated
    cells among them. Unless named, all rapalogs, TOR-KIs, dual and PI3K inhibitors are compared,
    and one partner of each other class. It takes fifteen seconds on 'signalling'.
    """
    from ....analysis import drugs
    from ....analysis.asking import treatments
    from ....analysis.asking.grid import AnalysisError
    from ....simulation.scans.parts import ScanError

    model = asked.loaded.model
    with usage(AnalysisError, ScanError):
        given = drugs.agents(model, compounds)
        planned = treatments.plan(model, asked.words, given, drugs.rows(given), asked.fixed)
    data = asked.run("Comparing drugs", planned)
    with usage(AnalysisError):
        answer = drugs.answer(data, given, asked.settings)
    return answer
