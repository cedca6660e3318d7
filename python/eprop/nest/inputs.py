"""Generators as inputs of the engine.

A parrot_neuron and the generators that feed it are one input neuron. A spike_generator that is
connected to other nodes is an input neuron of its own. It has the time g, so its spike leaves in
step g/dt - 1, and over a delay of d steps it makes a parrot spike in step g/dt - 1 + d. A
poisson_generator gives each neuron that it is connected to spikes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import eprop

from .arrays import Integers, Reals
from .connection_table import Connections
from .errors import NESTErrors
from .models import NEURONS, Role
from .node_table import NodeTable
from .populations import Population, Run
from .synapse_models import SynapseKind


@dataclass(frozen=True)
class Links:
    """Generators and what they feed, over how many steps: arrays of equal length."""

    generator: Integers
    target: Integers
    delay: Integers

    def onto(self, first: int, size: int) -> Links:
        """Those onto `size` nodes from `first` on."""
        mask = (self.target >= first) & (self.target < first + size)
        return Links(self.generator[mask], self.target[mask], self.delay[mask])

    def by_target(self) -> Links:
        """In ascending order of the targets."""
        order = np.argsort(self.target, kind="stable")
        return Links(self.generator[order], self.target[order], self.delay[order])


def links(nodes: NodeTable, connections: list[Connections], generator: Role,
          *targets: Role) -> Links:
    """All connections from generators of a role to nodes of some."""
    columns: list[list[Integers]] = [[np.empty(0, dtype=np.int64)] for _ in range(3)]
    for made in connections:
        if made.model.kind is SynapseKind.static:
            mask = nodes.have_role(made.source, generator)
            mask &= nodes.have_role(made.target, *targets)
            if mask.any() and Role.parrot in targets and made.model.weight_recorder is not None:
                raise NESTErrors.NotImplemented(
                    f"Simulate: {made.model.name} has a weight_recorder and connects a generator "
                    "to a parrot_neuron, which are one here; connect them by static_synapse"
                )
            for column, values in zip(columns, (made.source, made.target, made.delay)):
                column.append(values[mask])
    return Links(*(np.concatenate(column) for column in columns))


class Generators:
    """Who is fed by which generators."""

    def __init__(self, nodes: NodeTable, connections: list[Connections]) -> None:
        self.nodes = nodes
        self.spikes = links(nodes, connections, Role.spike_generator, Role.parrot)
        self.poisson = links(nodes, connections, Role.poisson_generator, Role.parrot)
        self.direct = links(nodes, connections, Role.spike_generator, *NEURONS,
                            Role.spike_recorder)
        both = np.intersect1d(self.spikes.target, self.poisson.target)
        if len(both):
            raise NESTErrors.NotImplemented(
                f"Simulate: parrot_neuron {both[0]} is fed by a spike_generator and by a "
                "poisson_generator: use a parrot_neuron for each; weights are up to date without "
                "a final spike"
            )

    def windows(self, links: Links, resolution: float) -> Reals:
        """From when to when (ms) Poisson generators make spikes arrive: [link][start, stop]."""
        arrival = np.asarray(links.delay) * resolution
        return np.column_stack(
            [self.numbers(links.generator, name) + arrival for name in ("start", "stop")]
        )

    def tag(self, tags: Integers, resolution: float) -> Reals:
        """Tags parrots by the window of their Poisson generators: 1 + index in what it returns."""
        tags[self.nodes_of(Role.spike_generator)] = -1
        tags[self.direct.generator] = 0
        windows, number = np.unique(
            self.windows(self.poisson, resolution), axis=0, return_inverse=True
        )
        order = np.lexsort([number, self.poisson.target])
        target, tag = self.poisson.target[order], 1 + number.ravel()[order]
        several = (target[1:] == target[:-1]) & (tag[1:] != tag[:-1])
        if several.any():
            raise NESTErrors.NotImplemented(
                f"Simulate: parrot_neuron {target[1:][several][0]} is fed by poisson_generators "
                "with different start or stop: use a parrot_neuron for each"
            )
        tags[target] = tag
        return windows

    def nodes_of(self, role: Role) -> Integers:
        """The ids of all nodes of a role."""
        ids = [np.arange(b.first, b.first + b.size) for b in self.nodes.blocks
               if b.model.role is role]
        return np.concatenate([np.empty(0, dtype=np.int64), *ids])

    def numbers(self, generators: Integers, name: str) -> Reals:
        """A parameter of generators."""
        values = np.empty(len(generators))
        for piece in self.nodes.pieces(generators):
            values[piece.positions] = piece.block.columns[name].at(piece.index)
        return values

    def add(self, network: eprop.Network, run: Run, windows: Reals) -> Population:
        """Adds a run of parrots or spike generators; `windows` are those of tag()."""
        if run.key[0] == 0:
            return Population(run, network.add(
                run.name, eprop.SpikeTrains(times=[np.empty(0)] * run.size)
            ))
        fed = self.poisson.onto(run.first, run.size)
        rates = np.bincount(fed.target - run.first, self.numbers(fed.generator, "rate"), run.size)
        start, stop = windows[run.key[0] - 1]
        return Population(run, network.add(
            run.name, run.size, eprop.PoissonSource(rate=rates, start=start, stop=stop)
        ))
