"""Populations of the engine: runs of consecutive nodes that agree in all that is uniform there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import eprop

from .arrays import Integers, Truths
from .connection_table import Connections
from .errors import NESTErrors
from .models import NEURONS, NodeModel, Role
from .node_checks import engine_parameters
from .node_table import Block, Columns, NodeTable
from .parameter_values import Column, per_node
from .synapse_models import SynapseKind


@dataclass
class Run:
    """Consecutive nodes of a model; `key` is what they have in common."""

    model: NodeModel
    first: int
    size: int
    key: tuple[Any, ...]
    parts: list[tuple[int, Columns]]

    @property
    def name(self) -> str:
        """In the engine."""
        return f"{self.model.name}:{self.first}-{self.first + self.size - 1}"


@dataclass(frozen=True)
class Population:
    """A run with the engine's handle."""

    run: Run
    handle: Any

    @property
    def first(self) -> int:
        """The id of neuron 0."""
        return self.run.first

    @property
    def size(self) -> int:
        """Number of neurons."""
        return self.run.size


class Populations:
    """Where each node is in the engine."""

    def __init__(self, populations: list[Population], nodes: int) -> None:
        self.all = populations
        self._number = np.full(nodes + 1, -1)
        self._first = np.array([p.first for p in populations], dtype=np.int64)
        for number, population in enumerate(populations):
            self._number[population.first : population.first + population.size] = number

    def numbers(self, ids: Integers) -> Integers:
        """Index in `all` of each id, -1 for nodes that are no neurons of the engine."""
        return self._number[ids]

    def are_neurons(self, numbers: Integers) -> Truths:
        """Whether these indices in `all` are of neurons or readouts."""
        roles = [population.run.model.role in NEURONS for population in self.all]
        return np.array([*roles, False])[numbers]

    def inside(self, ids: Integers) -> Iterator[tuple[int, Integers, Integers]]:
        """The ids by population: (index in `all`, positions in `ids`, indices of the neurons)."""
        numbers = self.numbers(ids)
        for number in np.unique(numbers[numbers >= 0]):
            positions = np.flatnonzero(numbers == number)
            yield int(number), positions, ids[positions] - self._first[number]


def runs(nodes: NodeTable, tags: Integers) -> list[Run]:
    """All neurons, inputs and readouts as runs.

    `tags[id]` distinguishes nodes that must not be in one population beyond what their parameters
    say; negative: the node is none of the engine's neurons.
    """
    found: list[Run] = []
    for block in nodes.blocks:
        if block.model.role not in (*NEURONS, Role.parrot, Role.spike_generator):
            continue
        for begin, end in _stretches(block, tags):
            key = _key(block, begin, tags)
            last = found[-1] if found else None
            part = _cut(block, begin, end)
            if tags[block.first + begin] < 0:
                continue
            if (last and last.model == block.model and last.key == key
                    and last.first + last.size == block.first + begin):
                last.size += end - begin
                last.parts.append(part)
            else:
                found.append(Run(block.model, block.first + begin, end - begin, key, [part]))
    return found


def _stretches(block: Block, tags: Integers) -> Iterator[tuple[int, int]]:
    """Where a block has to be cut."""
    changes = np.diff(tags[block.first : block.first + block.size]) != 0
    for name, parameter in block.model.parameters.items():
        if parameter.uniform and not block.columns[name].shared:
            values = block.columns[name].values
            changes |= values[1:] != values[:-1]
    cuts = [0, *(np.flatnonzero(changes) + 1).tolist(), block.size]
    yield from zip(cuts[:-1], cuts[1:])


def _key(block: Block, index: int, tags: Integers) -> tuple[Any, ...]:
    values = [
        block.columns[name].at(index)
        for name, parameter in block.model.parameters.items() if parameter.uniform
    ]
    return (int(tags[block.first + index]), *values)


def _cut(block: Block, begin: int, end: int) -> tuple[int, Columns]:
    """The size and the columns of a part of a block."""
    part = slice(begin, end)
    return end - begin, {
        name: Column(column.shared, column.at(part)) for name, column in block.columns.items()
    }


def _joined(run: Run) -> Columns:
    """The columns of a run; shared where all nodes agree."""
    if len(run.parts) == 1:
        return run.parts[0][1]
    joined = {}
    for name in run.model.parameters:
        values = np.concatenate([per_node(columns[name], size) for size, columns in run.parts])
        same = bool(np.all(values == values[0]))
        joined[name] = Column(same, values[0] if same else values)
    return joined


def exchanges(nodes: NodeTable, connections: list[Connections]) -> tuple[Integers, Integers]:
    """Which readouts send their signals to which others: sources and targets."""
    nobody = np.empty(0, dtype=np.int64)
    sources, targets = [nobody], [nobody]
    for made in connections:
        if made.model.kind is SynapseKind.rate:
            mask = nodes.have_role(made.source, Role.readout) & (made.source != made.target)
            sources.append(made.source[mask])
            targets.append(made.target[mask])
    return np.concatenate(sources), np.concatenate(targets)


def softmax_tags(exchanged: tuple[Integers, Integers], tags: Integers) -> None:
    """Tags readouts by the smallest id among those that they exchange their signals with."""
    sources, targets = exchanged
    tags[targets] = targets
    np.minimum.at(tags, targets, sources)


def require_complete_softmax(populations: Populations,
                             exchanged: tuple[Integers, Integers]) -> None:
    """NotImplemented unless readouts exchange their signals with all of their population."""
    sources, targets = exchanged
    numbers = populations.numbers(targets)
    beyond = populations.numbers(sources) != numbers
    for number in np.unique(numbers[beyond]):
        _refuse_softmax(populations.all[number].run)
    for number, population in enumerate(populations.all):
        size, here = population.size, (numbers == number) & ~beyond
        if "cross_entropy" in population.run.key and size > 1:
            if len(np.unique(sources[here] * (targets.max() + 1) + targets[here])) < size**2 - size:
                _refuse_softmax(population.run)


def _refuse_softmax(run: Run) -> None:
    raise NESTErrors.NotImplemented(
        f"Simulate: readouts {run.first} to {run.first + run.size - 1} do not exchange their "
        "signals all with all of a group of consecutive readouts: connect such groups all_to_all "
        "by rate_connection_delayed, receptor_type 1, weight 1.0"
    )


def add_neurons(network: eprop.Network, run: Run) -> Population:
    """Adds a run of neurons or readouts to the network."""
    model = run.model.engine_model(**engine_parameters(run.model, _joined(run), run.size))
    return Population(run, network.add(run.name, run.size, model))
