"""Which parameter of the cell each value of an experiment follows, and what that does to slopes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration.workers import apart, followed, kinds
from mtorules.analysis.claims import binding, reading
from mtorules.simulation.experiments import from_text
from mtorules.simulation.load import load

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


CLAIMS = """
claims:
  - id: halves
    statement: It is so.
    review: A
    kind: dynamics
    experiments:
      cell: []
      treated: {doses: {rapamycin: x 0.5}}
      less: {set: {MTOR_0: x 0.5}}
      least: {like: less, doses: {rapamycin: x 0.5}}
    checks:
      - {ratio: MTORC1, of: treated, to: cell, at: 1 h, expect: <= 1}
      - {ratio: MTORC1, of: least, to: less, at: 1 h, expect: <= 1}
"""


def test_kinds_of_cells_keep_their_names_when_parameters_move(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIMS, encoding="utf-8")
    model, claims = load("complexes").model, reading.read([path])
    one, other = (binding.bind(claims, model, {"MTOR_0": value}).plans for value in (100.0, 110.0))
    assert [plan.rest_key for plan in one.values()] != [plan.rest_key for plan in other.values()]
    assert list(kinds(one).values()) == list(kinds(other).values())
    # Doses come after rest: two kinds for four experiments.
    assert sorted(kinds(one).values()) == ["0", "0", "1", "1"]
