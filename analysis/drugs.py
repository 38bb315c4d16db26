"""Drugs side by side on the same cells: which complexes they cover, and what answers to that.

The reviews set rapalogs, TOR-KIs, dual inhibitors and PI3K inhibitors against each other in tables
of what each class reaches. Here each compound is given at its usual dose, and a readout is told as
a multiple of what it is in untreated cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ..models.perturbations import compounds
from ..simulation.results import figures
from ..simulation.results.figures import COLOURS
from ..simulation.sbml.model import SbmlModel
from .asking import treatments
from .asking.answer import Answer, Drawn, when
from .asking.grid import AnalysisError, failures
from .asking.treatments import TREATMENT, Agent, Treatment
from .dose_response.curves import NOISE
from .dose_response.question import ALL
from .synergy.question import classes

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "covers": (
        "MTORC1_uncovered = MTORC1_intact * uninhibited_MTORC1",
        "MTORC2_uncovered = MTORC2 * uninhibited_MTORC2",
        "PI3K_uncovered = uninhibited_PI3K",
        "MTORC1_intact",
        "MTORC2",
    ),
    "mTORC1": ("S6K_pT389", "EBP1_pT37", "EBP1_pS65", "ULK1_pS758"),
    "mTORC2": ("AKT_pS473", "SGK1_pS422", "PKC_pS657"),
    "feedback": ("IRS1_pS636", "AKT_pT308", "RAS_GTP", "ERK_p"),
    "growth": ("protein_synthesis", "autophagy", "proliferation", "death"),
}
"""What a comparison looks at unless the user says, by what it tells."""
MAIN: Final = ("rapalog", "TOR-KI", "dual PI3K/TOR-KI", "PI3K inhibitor")
"""The classes of the reviews' tables; of any other, a partner, one compound stands for all."""
BLOCKED, LOWERED, RAISED = 0.2, 0.8, 1.25
"""Up to which multiple of the untreated a readout is blocked, and lowered; from which raised."""
MOST: Final = 3
"""So many cells or times are drawn side by side; the tables hold all."""
# Beyond these, as powers of two, a colour says no more.
_ENDS: Final = 3.0
_PALETTE: Final = ("blue", "vermilion", "green", "purple", "orange", "sky", "grey")


def preferred() -> list[str]:
    """Return what a comparison looks at unless the user says."""
    return [each for group in GROUPS.values() for each in group]


def agents(model: SbmlModel, named: Sequence[str] = ()) -> list[Agent]:
    """Return the compounds to compare, each at one dose, class by class.

    Parameters
    ----------
    model : SbmlModel
        Whose targets count.
    named : sequence of str
        ``NAME``, ``NAME=DOSE`` or ``all``; by default the classes of the reviews' tables and a
        partner of each other class.

    Raises
    ------
    AnalysisError
        If there is nothing to compare, or a compound acts on nothing in the model.
    """
    usable = [each.name for each in treatments.usable(model)]
    found: list[Agent] = []
    for text in named:
        if text.strip() == ALL:
            found += [_usual(model, name) for name in usable]
        else:
            found.append(_usual(model, text))
    if not named:
        stand = set(classes(model))
        found = [_usual(model, n) for n in usable if n in stand or class_of(n) in MAIN]
    if not found:
        raise AnalysisError(
            f"Model {model.id!r} holds the target of no compound, so there are none to compare; "
            "'mtorules analyse dose-response' doses any species."
        )
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise AnalysisError(f"{name!r} is asked for twice.")
    order = {
        each: place for place, each in enumerate(dict.fromkeys((*MAIN, *map(class_of, names))))
    }
    return sorted(found, key=lambda each: order[class_of(each.name)])


def class_of(name: str) -> str:
    """Return the class of a compound; one that is put there with a reservation counts too."""
    return compounds.find(name).drug_class.partition(" (as")[0]


def _usual(model: SbmlModel, text: str) -> Agent:
    agent = treatments.compound(model, text)
    if "=" not in text:
        usual = compounds.find(agent.name).usual_dose
        if usual is None:
            raise AnalysisError(
                f"No usual dose is known of {agent.name}; give one, as in '{agent.name}=10 nM'."
            )
        return replace(agent, levels=(usual,))
    if len(agent.levels) > 1:
        raise AnalysisError(
            f"{agent.name} is compared at one dose, and {len(agent.levels)} are given; "
            "'mtorules analyse dose-response' takes many."
        )
    return agent


def rows(given: Sequence[Agent]) -> list[Treatment]:
    """Return the treatments: none, and each compound alone."""
    return [{}, *({agent.name: agent.levels[0]} for agent in given)]


def multiples(data: xr.Dataset, given: Sequence[Agent]) -> xr.Dataset:
    """Return readouts as multiples of the untreated, over ``compound`` and whatever else varies.

    Where the untreated have nothing, there is no multiple.
    """
    names = [str(name) for name in data.data_vars if name != "message"]
    plain = data.drop_vars([name for name in data.coords if data[name].dims == (TREATMENT,)])
    none, treated = plain.isel({TREATMENT: 0}), plain.isel({TREATMENT: slice(1, None)})
    treated = treated.rename({TREATMENT: "compound"})
    least = {name: NOISE * float(np.abs(data[name]).max()) for name in names}
    shares = {n: treated[n] / none[n].where(none[n] > least[n]) for n in names}
    labels = np.array([agent.name for agent in given], dtype=str)
    return xr.Dataset({n: s.assign_attrs(units="1") for n, s in shares.items()}).assign_coords(
        compound=labels,
        dose=("compound", [agent.levels[0] for agent in given], {"units": "nM"}),
        drug_class=("compound", np.array([class_of(a.name) for a in given], dtype=str)),
    )


def word(multiple: float) -> str:
    """Return a multiple of the untreated in a word, as the reviews' tables have it."""
    if not np.isfinite(multiple):
        return "-"
    if multiple <= BLOCKED:
        return "blocked"
    return "lowered" if multiple <= LOWERED else "raised" if multiple >= RAISED else "spared"


def answer(
    data: xr.Dataset, given: Sequence[Agent], settings: Mapping[str, Any] | None = None
) -> Answer:
    """Return a comparison as an answer.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts at :func:`rows`, as :func:`.grid.run` returns them.
    given : sequence of Agent
        The compounds.
    settings : mapping, optional
        What was asked, for the record.
    """
    made = multiples(data, given)
    table = _table(made)
    by_class = _by_class(made)
    return Answer(
        "drugs",
        "Drugs side by side",
        [*failures(data), *_said(by_class), *_undrawn(made)],
        table,
        made.assign({f"{n}_value": data[n] for n in made.data_vars}),
        lambda: draw(made),
        {**(settings or {}), "doses_nM": {each.name: each.levels[0] for each in given}},
        {"drugs_classes": by_class},
    )


def _places(made: xr.Dataset) -> Iterator[dict[str, Any]]:
    first = made[next(iter(made.data_vars))]
    names = [str(name) for name in first.dims if name != "compound"]
    for values in product(*(made[name].to_numpy().tolist() for name in names)):
        yield dict(zip(names, values, strict=True))


def _words(place: Mapping[str, Any]) -> dict[str, Any]:
    return {n: when(v) if n == "time" else v for n, v in place.items()}


def _table(made: xr.Dataset) -> pd.DataFrame:
    """Return a row a compound and place, with the multiple of each readout."""
    return pd.DataFrame(
        [
            {
                "compound": name,
                "class": str(made.drug_class[row].item()),
                "dose (nM)": float(made.dose[row]),
                **_words(place),
                **{str(n): float(made[n].sel(place)[row]) for n in made.data_vars},
            }
            for row, name in enumerate(made.compound.to_numpy().tolist())
            for place in _places(made)
        ]
    )


def _by_class(made: xr.Dataset) -> pd.DataFrame:
    """Return what each class does, by the median of its compounds: as number and as word."""
    parts = []
    kinds = dict.fromkeys(made.drug_class.to_numpy().tolist())
    for kind, place, name in product(kinds, _places(made), made.data_vars):
        chosen = made[name].sel(place).to_numpy()[made.drug_class.to_numpy() == kind]
        there = chosen[np.isfinite(chosen)]
        middle = float(np.median(there)) if there.size else np.nan
        parts.append(
            {
                "class": kind,
                **_words(place),
                "readout": str(name),
                "compounds": int(chosen.size),
                "lowest": float(there.min()) if there.size else np.nan,
                "median": middle,
                "highest": float(there.max()) if there.size else np.nan,
                "word": word(middle),
            }
        )
    return pd.DataFrame(parts)


def _said(by_class: pd.DataFrame) -> Iterator[str]:
    yield (
        "Readouts are multiples of those of untreated cells; in words, "
        f"blocked is up to {BLOCKED:g}, lowered up to {LOWERED:g}, raised from {RAISED:g} on."
    )
    places = list(by_class.columns[1 : list(by_class.columns).index("readout")])
    first = by_class.iloc[0]
    here = by_class[(by_class[places] == first[places]).all(axis=1)]
    for kind in [each for each in MAIN if (here["class"] == each).any()]:
        rows = here[here["class"] == kind]
        parts = []
        for said in ("blocked", "lowered", "raised"):
            names = rows.loc[rows["word"] == said, "readout"].tolist()
            if names:
                parts.append(f"{said} {', '.join(names)}")
        count = int(rows["compounds"].iloc[0])
        where = " ".join(f"{first[n]}" for n in places)
        yield f"{kind} ({count}; {where}): {'; '.join(parts) or 'nothing changes'}."


def _undrawn(made: xr.Dataset) -> list[str]:
    count = len(list(_places(made)))
    return [f"The first {MOST} of {count} cells and times are drawn."] if count > MOST else []


def draw(made: xr.Dataset) -> Drawn:
    """Draw a map of all compounds on all readouts, and what they leave of both complexes' work."""
    drawn = {"drugs": _map(made)}
    pair = [next((n for n in GROUPS[g] if n in made), None) for g in ("mTORC1", "mTORC2")]
    resistant = "EBP1_pT37" if "EBP1_pT37" in made else pair[0]
    if resistant and pair[1]:
        drawn["drugs_coverage"] = _coverage(made, resistant, pair[1])
    return drawn


def _map(made: xr.Dataset) -> tuple[Any, pd.DataFrame]:
    names = [str(name) for name in made.data_vars]
    labels = made.compound.to_numpy().tolist()
    places = list(_places(made))[:MOST]
    parts = []
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(
            1, len(places), width=1.8 + 0.27 * len(names), height=1.6 + 0.2 * len(labels)
        )
        for axes, place in zip(panels, places, strict=True):
            values = np.array([made[name].sel(place).to_numpy() for name in names]).T
            with np.errstate(divide="ignore", invalid="ignore"):
                logs = np.clip(np.log2(np.where(values < 0, 0, values)), -_ENDS, _ENDS)
            axes.imshow(logs, cmap="RdBu_r", vmin=-_ENDS, vmax=_ENDS, aspect="auto")
            axes.set_xticks(range(len(names)), names, rotation=60, ha="right",
                            rotation_mode="anchor", fontsize=7)  # fmt: skip
            shown = labels if axes is panels[0] else [""] * len(labels)
            axes.set_yticks(range(len(labels)), shown, fontsize=7)
            axes.tick_params(length=0)
            axes.spines[:].set_visible(False)
            named = axes is panels[-1]
            _classes(axes, made.drug_class.to_numpy().tolist(), len(names) if named else None)
            axes.set_title(", ".join(str(v) for v in _words(place).values()))
            parts.append(pd.DataFrame(values, columns=names).assign(compound=labels, **place))
        bar = figure.colorbar(
            panels[0].images[0], ax=panels, location="bottom", shrink=0.5, aspect=40, extend="both"
        )
        bar.set_label("multiple of untreated")
        ticks = np.arange(-_ENDS, _ENDS + 1)
        bar.set_ticks(ticks.tolist(), labels=[f"{2.0**tick:g}" for tick in ticks])
    table = pd.concat(parts, ignore_index=True)
    return figure, table[[*(c for c in table if c not in names), *names]]


def _classes(axes: Axes, kinds: Sequence[str], width: int | None) -> None:
    """Rule off classes, and name them at the right of a map of a width."""
    first = 0
    for row in range(1, len(kinds) + 1):
        if row == len(kinds) or kinds[row] != kinds[first]:
            if row < len(kinds):
                axes.axhline(row - 0.5, color="black", lw=0.5)
            if width is not None:
                middle = (first + row - 1) / 2
                axes.text(width - 0.3, middle, kinds[first], fontsize=6, va="center")
            first = row


def _coverage(made: xr.Dataset, one: str, other: str) -> tuple[Any, pd.DataFrame]:
    """Draw what is left of a substrate of mTORC1 and of one of mTORC2, a point a compound."""
    place = next(_places(made))
    kinds = made.drug_class.to_numpy()
    x, y = made[one].sel(place).to_numpy(), made[other].sel(place).to_numpy()
    main = [kind for kind in MAIN if kind in kinds]
    colours = {kind: COLOURS[c] for kind, c in zip(main, _PALETTE, strict=False)}
    markers = dict(zip(main, "osD^v", strict=False))
    with mpl.rc_context(figures.STYLE):
        figure, (axes,) = figures.panels(1, 1, width=3.6, height=3.6)
        for kind in dict.fromkeys(kinds):
            chosen = kinds == kind
            axes.scatter(x[chosen], y[chosen], s=24, marker=markers.get(kind, "."),
                         color=colours.get(kind, COLOURS["grey"]))  # fmt: skip
        axes.axhline(1, color=COLOURS["grey"], lw=0.6, zorder=0)
        axes.axvline(1, color=COLOURS["grey"], lw=0.6, zorder=0)
        axes.set(xlabel=f"{one}, of untreated", ylabel=f"{other}, of untreated")
        axes.set_xlim(-0.03, max(1.05, float(np.nanmax(x)) * 1.05))
        axes.set_ylim(-0.03, max(1.05, float(np.nanmax(y)) * 1.05))
        handles = [Patch(color=colour, label=kind) for kind, colour in colours.items()]
        if set(kinds) - set(main):
            handles.append(Patch(color=COLOURS["grey"], label="partners"))
        figure.legend(handles=handles, loc="outside lower center", ncols=2)
        axes.set_title(", ".join(str(v) for v in _words(place).values()))
    labels = made.compound.to_numpy().tolist()
    return figure, pd.DataFrame({"compound": labels, "class": kinds, **place, one: x, other: y})
