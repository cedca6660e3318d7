"""Spikes of generators, handed to the engine just before they are due.

So nest.set() can replace those that have not been played.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

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
            self._links = generators.spikes.onto(first, size)
        else:
            own = np.arange(first, first + size)
            self._links = Links(own, own, np.zeros(size, dtype=np.int64))
        self.changed = True
        self._due = self._step = self._neuron = np.empty(0, dtype=np.int64)

    def _load(self) -> None:
        """Sorts all spikes by the step at whose end the generator sends them (`_due`)."""
        links, trains = self._links, []
        for piece in self._nodes.pieces(links.generator):
            columns = piece.block.columns
            for position, index in zip(piece.positions, piece.index):
                times = columns["spike_times"].at(index)
                start, stop = columns["start"].at(index), columns["stop"].at(index)
                trains.append((position, times[(times > start) & (times <= stop)]))
        counts = np.array([len(times) for _, times in trains], dtype=np.int64)
        link = np.repeat(np.array([position for position, _ in trains], dtype=np.int64), counts)
        times = np.concatenate([np.empty(0), *(times for _, times in trains)])
        due = steps(times, kernel.settings.resolution, "Simulate", "spike_times")
        order = np.argsort(due, kind="stable")
        self._due = due[order]
        self._step = (due - 1 + links.delay[link])[order]
        self._neuron = (links.target[link] - self._population.first)[order]
        self.changed = False

    def play(self, simulation: Any, begin: int, end: int) -> None:
        """Hands over what is sent in the steps from `begin` to before `end`."""
        if self.changed:
            self._load()
        due = slice(*np.searchsorted(self._due, [begin, end], side="right"))
        if due.start == due.stop:
            return
        neuron, step = self._without_repeats(self._neuron[due], self._step[due])
        bounds = np.searchsorted(neuron, np.arange(1, self._population.size))
        times = np.split(step * kernel.settings.resolution, bounds)
        simulation.append_spikes(self._population.handle, times)

    def _without_repeats(self, neuron: np.ndarray, step: np.ndarray
                         ) -> tuple[np.ndarray, np.ndarray]:
        """Sorted by neuron, then step."""
        order = np.lexsort([step, neuron])
        neuron, step = neuron[order], step[order]
        first = np.ones(len(step), dtype=bool)
        first[1:] = (neuron[1:] != neuron[:-1]) | (step[1:] != step[:-1])
        if not first.all() and kernel.verbosity <= VerbosityLevel.WARNING:
            warnings.warn(
                f"{self._population.run.name}: {(~first).sum()} spikes come in a step in which "
                "the node spikes already: they count once, where NEST sends each",
                stacklevel=2,
            )
        return neuron[first], step[first]
