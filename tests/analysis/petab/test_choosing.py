import pytest
from mtorules.analysis.petab import choosing
from mtorules.simulation.engines import Loaded


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kff=1..2"], "'kff' is no parameter of model 'binding'. Did you mean 'kf'"),
        (["kf"], "'kf' has no range; write it like 'kf=0.01..10'"),
        (["kf=2..1"], "is no range above zero"),
        (["kf=0..1"], "is no range above zero"),
        (["kf=1..2"], "'kf' is 0.001, which lies outside 1..2"),
        (["kf=1e-4..1", "kf=1e-4..1"], "named twice"),
    ],
)
def test_what_cannot_be_estimated_is_told(binding: Loaded, words: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=r"parameter|range|twice|outside") as raised:
        choosing.chosen(binding, [], words)
    assert said in str(raised.value)
