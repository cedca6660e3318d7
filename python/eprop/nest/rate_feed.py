"""Amplitudes of step_rate_generators, handed to the engine just before they are due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import eprop

from .arrays import Integers, Reals
from .connection_table import Connections
from .errors import NESTErrors
from .kernel import kernel
from .models import Role
from .node_table import NodeTable
from .populations import Population, Populations
from .synapse_models import SynapseKind
from .time_grid import steps

_RECEPTORS: dict[int, Any] = {1: "learning_window", 2: "target_signal"}


class RateFeed:
    """Plays the generators onto one receptor of a population of readouts.

    `generator[i]` is the id of that which feeds readout i, 0 if there is none.
    """

    def __init__(self, network: eprop.Network, nodes: NodeTable, population: Population,
                 receptor: int, generator: Integers) -> None:
        self._nodes = nodes
        self._generators = generator[:1] if np.all(generator == generator[0]) else generator
        self._current = np.zeros(len(self._generators))
        name = f"{_RECEPTORS[receptor]} of {population.run.name}"
        rates = eprop.StepRates(times=np.empty(0), amplitudes=np.empty((len(self._current), 0)))
        self._handle = network.add(name, rates)
        network.connect_rate(self._handle, population.handle, _RECEPTORS[receptor])
        self.changed = True
        self._steps: list[Integers] = []
        self._values: list[Reals] = []

    def _load(self) -> None:
        count = len(self._generators)
        self._steps, self._values = [np.empty(0, np.int64)] * count, [np.empty(0)] * count
        fed = np.flatnonzero(self._generators)
        for piece in self._nodes.pieces(self._generators[fed]):
            columns = piece.block.columns
            for position, index in zip(fed[piece.positions], piece.index):
                times = columns["amplitude_times"].at(index)
                self._steps[position] = steps(
                    times, kernel.settings.resolution, "Simulate", "amplitude_times"
                )
                self._values[position] = columns["amplitude_values"].at(index)
        self.changed = False

    def play(self, simulation: Any, begin: int, end: int) -> None:
        """Hands over what is sent in the steps from `begin` to before `end`.

        What readouts see from step s on is sent in step s - 1.
        """
        if self.changed:
            self._load()
        bounds = [np.searchsorted(s, [begin, end], side="right") for s in self._steps]
        due = np.unique(np.concatenate(
            [s[low:high] for s, (low, high) in zip(self._steps, bounds)]
        ))
        if not len(due):
            return
        amplitudes = np.empty((len(self._generators), len(due)))
        for row, own, values, (low, high), before in zip(
            amplitudes, self._steps, self._values, bounds, self._current
        ):
            latest = np.searchsorted(own[low:high], due, side="right")
            row[:] = np.concatenate([[before], values[low:high]])[latest]
        self._current = amplitudes[:, -1].copy()
        times = due * kernel.settings.resolution
        simulation.append_rates(self._handle, eprop.StepRates(times=times, amplitudes=amplitudes))


def make_rate_feeds(network: eprop.Network, nodes: NodeTable, connections: list[Connections],
                    populations: Populations) -> list[RateFeed]:
    """A feed for each receptor of each population of readouts that is fed."""
    generators: dict[tuple[int, int], Integers] = {}
    for receptor, source, target in _rate_connections(nodes, connections):
        for number, positions, neurons in populations.inside(target):
            size = populations.all[number].size
            row = generators.setdefault((number, receptor), np.zeros(size, dtype=np.int64))
            if np.any(row[neurons]) or len(np.unique(neurons)) < len(neurons):
                raise NESTErrors.NotImplemented(
                    f"Simulate: a readout of {populations.all[number].run.name} has two "
                    f"generators at receptor_type {receptor}: give one the sum of both"
                )
            row[neurons] = source[positions]
    return [
        RateFeed(network, nodes, populations.all[number], receptor, generator)
        for (number, receptor), generator in generators.items()
    ]


def _rate_connections(nodes: NodeTable, connections: list[Connections]
                      ) -> Iterator[tuple[int, Integers, Integers]]:
    for made in connections:
        if made.model.kind is SynapseKind.rate:
            mask = nodes.have_role(made.source, Role.rate_generator)
            if mask.any():
                yield made.own["receptor_type"], made.source[mask], made.target[mask]
