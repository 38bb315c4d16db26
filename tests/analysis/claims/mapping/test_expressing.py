"""Which claims a model can be asked, and what is lacking for the others."""

import pytest
from mtorules.analysis.claims.mapping.expressing import reason
from mtorules.analysis.claims.mapping.planning import LackError
from mtorules.analysis.claims.reading import ClaimsError

from .conftest import MAPPING, Ask, outcomes

RUN = "{value: S6K_pT389, of: run, expect: '>= 0'}"
LATER = "{value: S6K_pT389, of: run, at: 1 h, expect: '>= 0'}"
GOOD = "{value: S6K_pT389, of: fed, expect: '>= 0.5'}"


def test_a_claim_of_which_all_checks_can_be_made_is_asked_in_whole(ask: Ask) -> None:
    answered = ask(
        GOOD,
        "{ratio: S6K_pT389, of: drug, to: fed, expect: <= 0.05}",
        experiments="drug: {conditions: FED, doses: {Torin1: usual}}",
    )
    (asked,) = answered.asked
    assert asked.whole
    assert not asked.part
    assert not asked.lacks
    assert answered.counted(whole=True) == (1, 0)
    assert [outcome.passed for outcome in outcomes(answered)] == [True, False]


@pytest.mark.parametrize(
    ("check", "experiments", "lacking"),
    [
        ("{value: EBP1_pS65, of: fed, expect: '>= 0'}", "{}", "readout EBP1_pS65"),
        # The model has a species of that name, and the mapping says nothing of it.
        ("{value: PIP3, of: fed, expect: '>= 0'}", "{}", "readout PIP3"),
        ("{value: S6K_pT389 / pS6K_t389, of: fed, expect: '>= 0'}", "{}", "readout pS6K_t389"),
        (RUN, "run: [FED, PTEN_null]", "condition PTEN_null"),
        (RUN, "run: FOD", "unknown condition FOD"),
        (
            LATER,
            "run: {conditions: FED, doses: {BKM120: usual}}",
            "compound BKM120",
        ),
        (
            LATER,
            "run: {conditions: FED, doses: {metformin: 2 IC50}}",
            "IC50 of metformin",
        ),
        (
            LATER,
            "run: {conditions: FED, doses: {carboplatin: 5 nM}}",
            "doses of carboplatin",
        ),
        (
            RUN,
            "run: {conditions: FED, set: {S6K_0: 5 nM}}",
            "parameter S6K_0",
        ),
        (
            RUN,
            "run: {conditions: FED, bath: finite}",
            "a medium that cells may drain",
        ),
        ("{exists: 'MTOR(scaf!+)'}", "{}", "rules, whose species are looked through"),
        (
            "{share: {value: S6K_pT389, of: fed}, within: '>= 0', panel: virtual, expect: '>= 0'}",
            "{}",
            "cells that are drawn round our own parameters",
        ),
        ("{value: S6K_pT389, of: fed, panel: two, expect: '>= 0'}", "{}", "condition PTEN_null"),
        (
            RUN,
            "run: [GF0, GF_STIM]",
            "GF0 and GF_STIM at once, which both set L",
        ),
        (
            LATER,
            "run: {conditions: FED, set: {S6K_0: x 2 @ 1 min}}",
            "after rest, condition S6K_0",
        ),
    ],
)
def test_what_is_lacking_is_said(ask: Ask, check: str, experiments: str, lacking: str) -> None:
    answered = ask(GOOD, check, experiments=experiments)
    (asked,) = answered.asked
    assert asked.part
    assert asked.why == lacking
    assert answered.counted(whole=True) == (0, 0)
    assert answered.counted(whole=False) == (1, 1)
    assert len(outcomes(answered)) == 1


def test_a_claim_of_which_no_check_can_be_made_is_not_asked(ask: Ask) -> None:
    answered = ask("{value: EBP1_pS65, of: fed, expect: '>= 0'}")
    assert not answered.verdicts
    assert not answered.asked[0].whole
    assert not answered.asked[0].part


def test_a_model_that_never_rests_cannot_be_asked(ask: Ask) -> None:
    """D is made for ever, and nothing takes it away."""
    mapping = MAPPING + "without_events: all\n"
    mapping = mapping.replace("  GF0: {set: {L: 0}}", "  GF0: {set: {L: 0, make: 1, kd: 0}}")
    answered = ask(GOOD, RUN, experiments="run: GF0", mapping=mapping)
    assert answered.broken == 1
    (asked,) = answered.asked
    assert asked.part
    assert asked.why == "runs that end well (The model has no steady state that it comes to)"


def test_without_a_fed_dish_only_other_dishes_can_be_asked(ask: Ask) -> None:
    mapping = MAPPING.replace("  FED: {}\n", "") + "without_events: all\n"
    answered = ask(
        GOOD,
        "{value: S6K_pT389, of: nothing, expect: '>= 0'}",
        "{value: S6K_pT389, of: starved, expect: <= 0.001}",
        experiments="nothing: []\n      starved: GF0",
        mapping=mapping,
    )
    assert answered.asked[0].why == "condition FED"
    assert len(answered.asked[0].claim.checks) == 1


def test_what_is_only_near_is_told(ask: Ask) -> None:
    answered = ask(
        GOOD,
        "{value: MTOR_free, of: run, at: 1 min, expect: '>= 0'}",
        experiments="run: {conditions: FED, doses: {rapamycin: 1 nM}}",
    )
    assert answered.asked[0].proxies == ("MTOR_free", "rapamycin")


def test_readouts_of_claims_may_rest_on_what_a_mapping_says(ask: Ask) -> None:
    """The claims say how a share is made, the mapping what its parts are."""
    mapping = MAPPING.replace("S6K_pT389: Sp / (S + Sp)", "pS6K_t389: Sp\n  S6K_total: S + Sp")
    (outcome,) = outcomes(ask(GOOD, mapping=mapping + "without_events: all\n"))
    assert outcome.value == pytest.approx(1 / 1.5)


def test_faults_of_claims_are_no_lack_of_the_model(ask: Ask) -> None:
    with pytest.raises(ClaimsError, match=r"claims.yaml:\d+: one: there is no experiment 'fod'"):
        ask("{value: S6K_pT389, of: fod, expect: '>= 0'}")
    with pytest.raises(ClaimsError, match="There is no unit 'furlong'"):
        ask(
            LATER,
            experiments="run: {conditions: FED, doses: {rapamycin: 2 furlong}}",
        )


def test_a_reason_names_a_kind_once_and_three_of_it() -> None:
    lacks = [LackError("readout", each) for each in "abcad"] + [LackError("condition", "x")]
    assert reason(lacks) == "readouts a, b, c and 1 more; condition x"
