"""Spikes of generators, handed to the engine just before they are due.

So nest.set() can replace those that have not been played.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .arrays import Integers, Reals, Truths
from .inputs import Generators, Links
from .kernel import kernel
from .models import Role
from .populations import Population
from .settings import VerbosityLevel
from .time_grid import steps


class SpikeFeed:
    """Plays the spike_generators of one population of input neurons."""

    def __init__(self, population: Population, generators: Generators) -> None:
        self._population = population
        self._nodes = generators.nodes
        first, size = population.first, population.size
        if population.run.model.role is Role.parrot:
            self._links = generators.spikes.onto(first, size).by_target()
        else:
            own = np.arange(first, first + size)
            self._links = Links(own, own, np.zeros(size, dtype=np.int64))
        self.changed = True
        self._times = np.empty(0)
        self._key = np.empty(0, dtype=np.int64)
        self._span = 1

    def _load(self) -> None:
        """All spikes, by neuron and then by the step at whose end the generator sends them.

        `_key` is neuron * `_span` + that step, `_times` (ms) are those of the neurons.
        """
        trains = self._trains()
        links, counts = self._links, np.array([len(train) for train in trains], dtype=np.int64)
        neuron = np.repeat(links.target - self._population.first, counts)
        sent = steps(np.concatenate([np.empty(0), *trains]), kernel.settings.resolution,
                     "Simulate", "spike_times")
        step = sent - 1 + np.repeat(links.delay, counts)
        self._span = int(sent.max(initial=0)) + 1
        key = neuron * self._span + sent
        order = np.argsort(key, kind="stable")
        order = order[self._is_first(neuron[order], step[order])]
        self._key = key[order]
        self._times = step[order] * kernel.settings.resolution
        self.changed = False

    def _trains(self) -> list[Reals]:
        """The times of the generator of each link."""
        trains: list[Reals] = [np.empty(0)] * len(self._links.generator)
        for piece in self._nodes.pieces(self._links.generator):
            columns = piece.block.columns
            for position, index in zip(piece.positions, piece.index):
                times = columns["spike_times"].at(index)
                start, stop = columns["start"].at(index), columns["stop"].at(index)
                trains[position] = times[slice(*np.searchsorted(times, [start, stop], "right"))]
        return trains

    def _is_first(self, neuron: Integers, step: Integers) -> Truths:
        """False for spikes in a step in which the neuron spikes already."""
        key = neuron * (int(step.max(initial=0)) + 1) + step
        first = np.ones(len(key), dtype=bool)
        if np.all(key[1:] > key[:-1]):
            return first
        first[:] = False
        first[np.unique(key, return_index=True)[1]] = True
        repeats = len(key) - int(first.sum())
        if repeats and kernel.verbosity <= VerbosityLevel.WARNING:
            warnings.warn(
                f"{self._population.run.name}: {repeats} spikes come in a step in which the node "
                "spikes already: they count once, where NEST sends each",
                stacklevel=2,
            )
        return first

    def play(self, simulation: Any, begin: int, end: int) -> None:
        """Hands over what is sent in the steps from `begin` to before `end`."""
        if self.changed:
            self._load()
        neurons = np.arange(self._population.size) * self._span
        low, high = (
            np.searchsorted(self._key, neurons + min(step, self._span - 1), side="right")
            for step in (begin, end)
        )
        if np.any(low < high):
            times = [self._times[i:j] for i, j in zip(low.tolist(), high.tolist())]
            simulation.append_spikes(self._population.handle, times)
