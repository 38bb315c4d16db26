"""Which parameter of the cell each value of an experiment follows, and what that does to slopes."""

from __future__ import annotations

import numpy as np
import pytest
from mtorules.analysis.calibration.workers import apart, followed
from mtorules.simulation.experiments import from_text

CELL = {"KRAS_0": 115.0, "NF1_0": 60.0, "PIK3CA_0": 20.0}


def sources(**words: tuple[str, ...]) -> list[dict[str, str]]:
    grown = np.exp(apart(np.log(list(CELL.values()))))
    larger = dict(zip(CELL, grown.tolist(), strict=True))
    one, other = (
        from_text.experiment(
            from_text.Words(
                conditions=words.get("conditions", ()),
                settings=tuple(text.format(**cell) for text in words.get("settings", ())),
                equilibrated=True,
            ),
            [0.0],
            base=cell,
        )
        for cell in (CELL, larger)
    )
    return followed(one, other, CELL, larger)


def test_an_allele_follows_the_gene_that_it_is_counted_from() -> None:
    itself = {name: name for name in CELL}
    mutants = {"KRAS_G12V_0": "KRAS_0", "PIK3CA_H1047R_0": "PIK3CA_0"}
    begun, _ = sources(conditions=("KRAS_G12V", "PIK3CA_mut"))
    assert begun == {**itself, **mutants}
    # From a later time on it does so only then; a fixed value stops following.
    first, later = sources(conditions=("KRAS_G12V @ 0 s",), settings=("NF1_0=7 @ 0 s",))
    assert first == itself
    assert later == {"KRAS_0": "KRAS_0", "PIK3CA_0": "PIK3CA_0", "KRAS_G12V_0": "KRAS_0"}
    # A cell that lacks a gene lacks what would follow.
    begun, _ = sources(conditions=("NF1_null",))
    assert begun == {"KRAS_0": "KRAS_0", "PIK3CA_0": "PIK3CA_0"}


def test_a_virtual_cell_follows_what_it_was_drawn_around() -> None:
    begun, _ = sources(settings=("NF1_0={KRAS_0!r}",))
    assert begun["NF1_0"] == "KRAS_0"


def test_a_value_that_follows_no_one_parameter_is_refused() -> None:
    cell, larger = {"a": 1.0, "b": 1.0}, {"a": 1.001, "b": 1.0015}

    def setting(value: float) -> from_text.Experiment:
        words = from_text.Words(settings=(f"c={value!r}",), equilibrated=True)
        return from_text.experiment(words, [0.0])

    with pytest.raises(ValueError, match="'c' is no multiple"):
        followed(setting(1.0), setting(1.001 * 1.0015), cell, larger)
