"""What is recorded of a course of amounts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..base import Vector
from .kinetics import Kinetics


class Recording:
    """Turns amounts of a network into the outputs asked for.

    Parameters
    ----------
    kinetics : Kinetics
        The network.
    outputs : sequence of str
        Ids of observables, species (as amounts), functions or parameters.

    Attributes
    ----------
    sums : array of shape (outputs, species)
        Weights of those that are sums of amounts.
    amounts, plain, computed : list of (int, int)
        Rows of species that are kept as concentrations, parameters and functions, and which of
        those each is.
    """

    def __init__(self, kinetics: Kinetics, outputs: Sequence[str]) -> None:
        self.kinetics = kinetics
        report, network = kinetics.loaded.report, kinetics.network
        assert report is not None
        species = {id: index for index, id in enumerate(report.species)}
        groups = {kinetics.ids[group.name]: group for group in network.groups}
        functions = {kinetics.ids[name]: index for index, name in enumerate(kinetics.functions)}
        # Few outputs are asked for, and for those a plain product is the fastest.
        self.sums = np.zeros((len(outputs), len(network.species)))
        self.plain: list[tuple[int, int]] = []
        self.computed: list[tuple[int, int]] = []
        self.amounts: list[tuple[int, int]] = []
        for row, id in enumerate(outputs):
            if id in species and species[id] not in kinetics.dense:
                self.sums[row, species[id]] = 1.0
            elif id in species:
                self.amounts.append((row, species[id]))
            elif id in groups:
                for weight, index in groups[id].terms:
                    self.sums[row, index] += weight
            elif id in functions:
                self.computed.append((row, functions[id]))
            else:
                self.plain.append((row, kinetics.place[id]))

    def of(self, course: Vector, values: Vector, times: Vector) -> Vector:
        """Return the outputs of a course of amounts, of shape (times, outputs)."""
        found = course @ self.sums.T
        scale = np.broadcast_to(self.kinetics.scale(values), course.shape[1:])
        for row, index in self.amounts:
            found[:, row] = course[:, index] * scale[index]
        for row, place in self.plain:
            found[:, row] = values[place]
        if self.computed:
            for line, (amounts, time) in enumerate(zip(course, times, strict=True)):
                all_ = self.kinetics.told(amounts, values, float(time))
                for row, index in self.computed:
                    found[line, row] = all_[index]
        return found
