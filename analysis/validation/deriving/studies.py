"""How the rows of each study become ratios to a reference of the same study and line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from ..targets import Dataset
from . import labels
from .drafts import NO_SIGNAL, OFF, REFERENCE, Draft

Study = Callable[[pd.DataFrame, Dataset], Draft]

# How far below its control an assay of Bosdriesz 2022 still sees AKT.
_FLOOR: Final = -4.0
# nM in 1 ng/mL, from the masses of the ligands as they are sold: 6.2, 83, 7.5, 7.6 and 5.8 kDa.
_PER_NG: Final = {"EGF": 0.161, "HGF": 0.012, "NRG1": 0.13, "IGF1": 0.13, "INS": 0.172}
# What the range of so many repeats is in standard deviations (d2 of control charts).
_RANGE: Final = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847}


def _nanomolar(number: float) -> str:
    return f"{np.format_float_positional(float(f'{number:.4g}'), trim='-')} nM"


def bosdriesz(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Log2 ratios to DMSO; drugs and doses are in one text, as ``EGFRi 0.3uM + AKTi 1uM``."""
    draft = Draft(rows, dataset, medium="MCF10A growth", reference="vehicle")
    draft.name("line")
    draft.name("readout")

    def drug(text: str) -> labels.Meaning:
        names = []
        for part in text.split(" + "):
            match = re.fullmatch(r"(.+?) ([\d.]+) ?uM", part)
            found = labels.meaning("drug", dataset.name, match[1] if match else part)
            if found.reason or match is None:
                return found
            names.append(f"{found.name}={_nanomolar(1000 * float(match[2]))}")
        return labels.Meaning(" + ".join(names))

    found = rows["drug"].map(drug)
    draft.made["drug"] = found.str[0]
    draft.leave(found.str[1] != "", found.str[1])
    draft.log2 = draft.rows["number"].clip(lower=_FLOOR)
    draft.sd = pd.to_numeric(rows["sd"], errors="coerce")
    draft.n = pd.to_numeric(rows["n"], errors="coerce").fillna(1).astype(int)
    return draft


def korkut(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Log2 ratios to untreated cells; the drug's text ends with its dose."""
    draft = Draft(rows, dataset, reference="vehicle")
    micromolar = {"ZSTK474", "AKTi-1/2"}
    draft.rows["label"] = rows["drug"].str.rpartition("@")[0]
    draft.name("line")
    draft.name("drug", "label")
    draft.name("readout")
    doses = rows["drug"].str.rpartition("@")[2].astype(float)
    doses *= draft.made["drug"].isin(micromolar).map({True: 1000.0, False: 1.0})
    draft.made["drug"] += "=" + doses.map(_nanomolar)
    draft.log2 = draft.rows["number"]
    return draft


def hpn_dream(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Intensities: a stimulus against PBS, and inhibitors against DMSO under the stimulus.

    Cells were handled alike with PBS as with a ligand, which by itself takes AKT of UACC812 down by
    a third in 15 min; the moment before cannot tell that from what a ligand does.
    """
    draft = Draft(rows, dataset, medium="starved", reference="unstimulated")
    draft.leave(
        (rows["cell_line"] == "MCF7")
        & (rows["stimulus"] == "PBS")
        & (rows["drug"] == "GSK690693")
        & (draft.rows["hours"] == 1),
        "cut: looks like a swap of samples",
    )
    draft.name("line")
    draft.name("drug")
    draft.name("readout")
    draft.leave(draft.rows["hours"] == 0, "cut: before anything was given")
    none = draft.rows["drug"] == "DMSO"
    draft.against(none & (rows["stimulus"] == "PBS"), "cell_line", "readout", "time_h")
    alone = draft.log2
    draft.name("stimulus")
    draft.against(none & (draft.why == ""), "cell_line", "readout", "stimulus", "time_h")
    draft.log2 = draft.log2.where(~none, alone)
    draft.why = draft.why.where((draft.why != REFERENCE) | (rows["stimulus"] == "PBS"), "")
    draft.made.loc[~none, "reference"] = "vehicle"
    draft.made.loc[~none, "lead_h"] = 2.0
    draft.leave(none & ~draft.rows["hours"].isin((0.25, 2.0)), OFF)
    draft.leave(~none & (draft.rows["hours"] != 1), OFF)
    draft.leave(~none & ~rows["stimulus"].isin(("EGF", "IGF1", "Serum")), OFF)
    return draft


def korkola(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Centred log2: drugs against DMSO at the same time."""
    draft = Draft(rows, dataset, reference="vehicle")
    draft.name("line")
    draft.name("drug")
    draft.name("readout")
    same = ("cell_line", "readout", "time_h")
    draft.against(rows["drug"] == "DMSO", *same, log2=True)
    draft.keep(hours=(1.0, 24.0))
    return draft


def hass(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Intensities: ligands against all that was measured at time 0 of the same file and line.

    The file that has no time 0 gives it, as cells that had nothing, at every time again, beside a
    few of other plates with another scale; the median is not moved by these.
    """
    draft = Draft(rows, dataset, medium="starved", reference="before")
    draft.name("line")
    draft.name("readout")
    names = {"EGF": "EGF", "HRG": "NRG1", "IGF1": "IGF1", "HGF": "HGF", "BTC": "BTC"}
    nothing, zero = rows["stimulus"] == "none", draft.rows["hours"] == 0
    begun = zero.groupby(rows["note"]).transform("any")
    draft.leave(nothing & begun, "stimulus none: nothing was given")
    draft.leave(rows["stimulus"].str.contains("+", regex=False), "cut: pairs of ligands")
    doses = pd.to_numeric(rows["stim_dose"], errors="coerce")
    draft.made["stimulus"] = rows["stimulus"].map(names) + "=" + doses.map(_nanomolar)
    same = ("note", "cell_line", "readout")
    draft.against(nothing & ~begun, *same, middle="median")
    beside = draft.log2
    draft.against(zero, *same)
    draft.log2 = draft.log2.where(begun, beside)
    times = draft.rows["hours"].round(4)
    draft.leave(~times.isin((0.0667, 0.0833, 0.1667, 0.5, 2.0)), OFF)
    draft.leave(doses.isin((0.625, 2.5)), OFF)
    return draft


def bouhaddou(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Ratios to the starved lane of the same time."""
    draft = Draft(rows, dataset, medium="starved", reference="unstimulated")
    draft.name("line")
    draft.name("readout")

    def given(row: pd.Series) -> str:
        first, _, second = row["stim_dose"].partition("/")
        doses = {"EGF": [("EGF", first)], "INS": [("INS", first)]}
        doses["E+I"] = [("EGF", first), ("INS", second)]
        parts = doses.get(row["stimulus"], [])
        return " + ".join(f"{name}={_nanomolar(float(dose))}" for name, dose in parts)

    draft.made["stimulus"] = rows.apply(given, axis=1)
    draft.leave(draft.made["stimulus"] == "", "stimulus none: a control lane")
    numbers = draft.rows["number"]
    draft.log2 = np.log2(numbers.where(numbers > 0))
    draft.sd = pd.to_numeric(rows["sd"], errors="coerce") / numbers / math.log(2)
    draft.n = pd.to_numeric(rows["n"], errors="coerce").fillna(1).astype(int)
    return draft


def niepel(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Log10 ratios to unstimulated cells."""
    draft = Draft(rows, dataset, medium="starved", reference="before")
    draft.name("line")
    draft.name("stimulus")
    draft.name("readout")
    per = draft.made["stimulus"].map(_PER_NG).astype(float)
    doses = per * pd.to_numeric(rows["stim_dose"])
    draft.made["stimulus"] += "=" + doses.map(_nanomolar)
    draft.keep(time_h=rows["time_h"][draft.rows["hours"] != 0.5].unique())
    numbers = draft.rows["number"]
    # What is below detection was given one value in a line, the smallest there.
    same = [rows["cell_line"], rows["readout"]]
    floor = numbers == numbers.groupby(same).transform("min")
    draft.leave(floor & (floor.groupby(same).transform("sum") > 1), NO_SIGNAL)
    draft.log2 = numbers * math.log2(10)
    return draft


def imoto(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Band intensities: each repeat against its own time 0."""
    draft = Draft(rows, dataset, medium="starved", reference="before")
    draft.name("line")
    draft.name("readout")
    names = {"EGF": "EGF=10 nM", "HRG": "NRG1=10 nM"}
    draft.made["stimulus"] = rows["stimulus"].map(names)
    same = ("cell_line", "stimulus", "readout", "note")
    draft.against(draft.rows["hours"] == 0, *same)
    return draft


def hms(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Log2 ratios to DMSO; series of doses for pERK and pMEK, one dose for all else."""
    draft = Draft(rows, dataset, reference="vehicle")
    draft.name("line")
    draft.name("drug")
    draft.name("readout")
    doses = pd.to_numeric(rows["dose_nM"])
    draft.made["drug"] += "=" + doses.map(_nanomolar)
    series = draft.made["readout"].isin(("pERK", "pMEK"))
    draft.keep(hours=(1.0, 24.0, 48.0))
    draft.leave(series & (draft.rows["hours"] == 48) & (doses != 1000), OFF)
    draft.leave(~series & (doses != 1000), OFF)
    draft.log2 = draft.rows["number"]
    return draft


def froehlich(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Ratios to DMSO; cells without EGF."""
    draft = Draft(rows, dataset, reference="vehicle")
    draft.name("line")
    draft.name("drug")
    draft.name("readout")
    draft.leave(rows["stim_dose"] != "0", "cut: with EGF, whose reference is not told")
    draft.made["drug"] += "=" + pd.to_numeric(rows["dose_nM"]).map(_nanomolar)
    numbers = draft.rows["number"]
    draft.log2 = np.log2(numbers.where(numbers > 0))
    return draft


def eduati(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Log2 of something: a ligand against none, and inhibitors against none under the ligand."""
    draft = Draft(rows, dataset, medium="starved", reference="before")
    draft.name("line")
    draft.name("drug")
    draft.name("readout")
    alone = rows["drug"] == "none"
    draft.against(alone & (rows["stimulus"] == "none"), "cell_line", "readout", log2=True)
    ligand = draft.log2
    draft.name("stimulus")
    kept = draft.why
    draft.against(alone, "cell_line", "readout", "stimulus", log2=True)
    draft.why = kept
    draft.log2 = draft.log2.where(~alone, ligand)
    draft.made.loc[~alone, "reference"] = "vehicle"
    draft.made.loc[~alone, "lead_h"] = 1.0
    return draft


def mesistrat(rows: pd.DataFrame, dataset: Dataset) -> Draft:
    """Folds over time 0 of ``hallmarks.csv``: medians, with the range of the repeats."""
    stimulus = "INS=100 nM + amino acids=1"
    draft = Draft(rows, dataset, medium="HBSS", stimulus=stimulus, reference="before")
    draft.name("line")
    draft.name("readout")
    numbers = draft.rows["number"]
    draft.log2 = np.log2(numbers.where(numbers > 0))
    told = rows["uncertainty"].str.extract(r"range ([\d.]+)-([\d.]+), n=(\d+)").astype(float)
    draft.n = told[2].fillna(1).astype(int)
    draft.sd = np.log2(told[1] / told[0]) / draft.n.map(_RANGE)
    return draft


# By the beginning of the name of the data set in the rows.
STUDIES: Final[Mapping[str, Study]] = {
    "bosdriesz2022": bosdriesz,
    "korkut2015": korkut,
    "hpn_dream": hpn_dream,
    "korkola2015": korkola,
    "hass2017": hass,
    "bouhaddou2018": bouhaddou,
    "niepel2014": niepel,
    "imoto2022": imoto,
    "hms20218": hms,
    "froehlich2023": froehlich,
    "mesistrat": mesistrat,
    "eduati2017": eduati,
}
# Data sets that no study is written for, and why.
LEFT: Final[Mapping[str, str]] = {
    "fujita2010": "PC12 cells of the rat; the basal level is set to 0, so there is no ratio",
    "brannmark2010": "shares of the peak of each series; there is no ratio to a common reference",
    "chen2009": "shares of the maximum over two lines, whose stimulus is not told",
    "raimundez2020": "each blot has a scale of its own and no common reference",
}
