"""From targets to experiments: what is done when, what is shared, and what is refused."""

import math
from collections.abc import Callable

import pytest
from mtorules.analysis.validation import comparing
from mtorules.analysis.validation.tables import TargetError
from mtorules.analysis.validation.targets import Target
from mtorules.models.perturbations import conditions
from mtorules.simulation.engines import Loaded
from mtorules.simulation.experiments.experiments import Experiment

HOUR = 3600.0


def when(experiment: Experiment, name: str) -> list[float]:
    """Return from when on something is set or added."""
    return [
        float(period.start)
        for period in experiment.periods
        if name in period.values or name in [dose.species for dose in period.doses]
    ]


def test_cells_are_starved_then_get_the_drug_then_the_stimulus(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    asked = target(
        line="HCC1954",
        medium="starved",
        stimulus="INS=100 nM",
        drug="AZD8055=300 nM",
        lead_h=1.0,
        time_h=0.5,
        readout="pAKT_S473",
    )
    found = comparing.compare([asked], signalling.model)
    (each,) = found.comparisons
    treated = found.experiments[each.above.experiment]
    assert treated.periods[0].start == -math.inf
    assert treated.periods[0].values["ERBB2_0"] == conditions.values("ERBB2_amp")["ERBB2_0"]
    assert when(treated, "EGF_0") == [0.0]  # where starvation begins
    assert when(treated, "TORKI_medium") == when(treated, "Ki_TORKI_MTORC1") == [15 * HOUR]
    assert when(treated, "INS_0") == [0.0, 16 * HOUR]
    assert each.above.time == each.below.time == 16.5 * HOUR
    vehicle = found.experiments[each.below.experiment]
    assert when(vehicle, "TORKI_medium") == when(vehicle, "Ki_TORKI_MTORC1") == []
    assert when(vehicle, "INS_0") == [0.0, 16 * HOUR]


def test_the_reference_before_is_the_moment_of_the_stimulus(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    fed = {"medium": "starved", "stimulus": "EGF=1 nM", "readout": "pERK", "time_h": 2.0}
    asked = [target(reference=name, **fed) for name in ("before", "unstimulated")]
    found = comparing.compare(asked, signalling.model)
    before, unstimulated = found.comparisons
    assert before.above == unstimulated.above
    assert before.below.experiment == unstimulated.below.experiment
    assert before.below.time == 16 * HOUR
    assert unstimulated.below.time == 18 * HOUR
    assert when(found.experiments[before.below.experiment], "EGF_0") == [0.0]
    assert len(found.plans) == 2


def test_experiments_that_are_the_same_are_one(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    drugged = {"drug": "everolimus=20 nM", "line": "MCF7"}
    asked = [
        target(readout=readout, time_h=time, dataset=name, **drugged)
        for readout, time, name in (
            *(("pERK", 1.0, "a"), ("pAKT_S473", 1.0, "a")),
            *(("pERK", 24.0, "a"), ("pERK", 1.0, "b")),
        )
    ]
    found = comparing.compare(asked, signalling.model)
    assert len(found.comparisons) == 4
    assert sorted(len(each.times) for each in found.experiments.values()) == [2, 2]


def test_a_parameter_set_holds_and_conditions_are_multiples_of_it(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    asked = target(line="SKBR3", drug="everolimus=20 nM", readout="pERK")
    found = comparing.compare([asked], signalling.model, {"ERBB2_0": 3.0, "MTOR_0": 77.0})
    for experiment in found.experiments.values():
        assert experiment.periods[0].values["ERBB2_0"] == 30
        assert experiment.periods[0].values["MTOR_0"] == 77


def test_what_names_mean_nothing_is_told_once_with_the_first_place(
    signalling: Loaded, target: Callable[..., Target]
) -> None:
    drugged = {"drug": "everolimus=20 nM"}
    asked = [
        target(line="MCF-7", readout="pERK", where="t.csv:2", **drugged),
        target(line="MCF-7", readout="pMEK", where="t.csv:3", **drugged),
        target(readout="pERKK", where="t.csv:4", **drugged),
    ]
    with pytest.raises(TargetError) as caught:
        comparing.compare(asked, signalling.model)
    first, second = str(caught.value).splitlines()
    assert first.startswith("t.csv:2: there is no cell line 'MCF-7'.")
    assert second.startswith("t.csv:4: there is no readout 'pERKK'.")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"drug": "everolimus=much"}, "much"),
        ({"stimulus": "EGF=10 s", "reference": "before"}, "EGF_0"),
        ({"stimulus": "EGF=1 nM + serum", "reference": "before"}, "EGF_0"),
        ({"line": "PIK3CA_mut+PIK3CA_E545K", "drug": "everolimus=1 nM"}, ""),
    ],
)
def test_an_experiment_that_the_model_cannot_undergo_is_told(
    signalling: Loaded, target: Callable[..., Target], said: dict[str, str], told: str
) -> None:
    asked = target(readout="pERK", where="t.csv:2", **said)
    if not told:  # both hold half of the same gene, so that they agree
        assert comparing.compare([asked], signalling.model).plans
        return
    with pytest.raises(TargetError, match=f"t.csv:2: .*{told}"):
        comparing.compare([asked], signalling.model)


def test_a_line_whose_genes_a_model_lacks_is_told(
    turnover: Loaded, target: Callable[..., Target]
) -> None:
    with pytest.raises(TargetError, match="PTEN_0"):
        comparing.compare([target(line="BT549", drug="B()=1")], turnover.model)
