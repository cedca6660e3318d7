"""Connections as projections of the engine: one for each pair of populations and delay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

import eprop

from .arrays import Integers, Reals
from .connection_table import Connections
from .errors import NESTErrors
from .inputs import Generators, Links
from .kernel import kernel
from .models import NEURONS, Role
from .populations import Population, Populations
from .synapse_models import SynapseKind


@dataclass(frozen=True)
class Projection:
    """The engine's handle, and which of the connections of `made` its synapses are.

    `entries` are in the order in which the engine lists synapses: by target, then source. `source`
    is None where it is a Poisson generator's.
    """

    made: Connections
    source: Optional[Population]
    target: Population
    handle: Any
    entries: Integers


@dataclass(frozen=True)
class _Part:
    """Connections between two populations; `source` and `target` are indices of neurons."""

    entries: Integers
    source: Integers
    target: Integers
    sources: Population
    targets: Population
    delay: int

    def is_complete(self) -> bool:
        """Every pair once."""
        return self.is_dense() and len(self.entries) == self.targets.size * self.sources.size

    def is_dense(self) -> bool:
        """No pair twice, and more of them than half of all."""
        pair = self.target * self.sources.size + self.source
        pairs = self.targets.size * self.sources.size
        return 2 * len(self.entries) > pairs and bool(np.all(np.diff(pair) > 0))

    def matrix(self, weight: Reals) -> Reals:
        """[target][source], NaN where there is no synapse."""
        matrix = np.full((self.targets.size, self.sources.size), np.nan)
        matrix[self.target, self.source] = weight[self.entries]
        return matrix

    def pairs(self) -> Any:
        """The rule that lists these connections."""
        return eprop.ExplicitList(source=self.source, target=self.target)


def _parts(made: Connections, populations: Populations) -> Iterator[_Part]:
    """The connections among neurons, each part sorted by target, then source."""
    source, target = populations.numbers(made.source), populations.numbers(made.target)
    group = (source * len(populations.all) + target) * (made.delay.max(initial=0) + 1) + made.delay
    inside = (source >= 0) & populations.are_neurons(target)
    for value in np.unique(group[inside]):
        entries = np.flatnonzero((group == value) & inside)
        order = np.lexsort([made.source[entries], made.target[entries]])
        entries = entries[order]
        sources, targets = (
            populations.all[number[entries[0]]] for number in (source, target)
        )
        yield _Part(entries, made.source[entries] - sources.first,
                    made.target[entries] - targets.first, sources, targets,
                    int(made.delay[entries[0]]))


def connect_all(network: eprop.Network, connections: list[Connections], populations: Populations,
                generators: Generators) -> list[Projection]:
    """Everything that carries spikes or learning signals, in the order of Connect()."""
    made_projections: list[Projection] = []
    for made in connections:
        if made.model.kind is SynapseKind.rate:
            continue
        for part in _parts(made, populations):
            if made.model.kind is SynapseKind.learning_signal:
                _connect_learning_signal(network, made, part)
            else:
                name = f"{made.model.name}:{len(made_projections)}"
                made_projections.append(_connect(network, made, part, name))
        if made.model.kind is SynapseKind.static:
            made_projections += _connect_poisson(
                network, made, populations, generators, len(made_projections)
            )
    return made_projections


def _own(made: Connections, delay: int) -> dict[str, Any]:
    own = {key: value for key, value in made.own.items() if key != "receptor_type"}
    return dict(own, delay=delay * kernel.settings.resolution)


def _connect(network: eprop.Network, made: Connections, part: _Part, name: str) -> Projection:
    own = _own(made, part.delay)
    if part.is_dense():
        rule: Any = part.matrix(made.weight)
    else:
        rule, own["weight"] = part.pairs(), made.weight[part.entries]
    handle = network.connect(
        part.sources.handle, part.targets.handle, rule, made.model.engine_synapse(**own), name
    )
    return Projection(made, part.sources, part.targets, handle, part.entries)


def _connect_learning_signal(network: eprop.Network, made: Connections, part: _Part) -> None:
    if part.is_complete():
        rule, weight = eprop.AllToAll(), part.matrix(made.weight)
    else:
        rule, weight = part.pairs(), made.weight[part.entries]
    network.connect_learning_signal(
        part.sources.handle, part.targets.handle, rule, weight,
        part.delay * kernel.settings.resolution,
    )


def _connect_poisson(network: eprop.Network, made: Connections, populations: Populations,
                     generators: Generators, number: int) -> list[Projection]:
    """Poisson generators onto neurons: a source of its own for each connection."""
    nodes = generators.nodes
    mask = nodes.have_role(made.source, Role.poisson_generator)
    mask &= nodes.have_role(made.target, *NEURONS)
    if not mask.any():
        return []
    if made.model.weight_recorder is not None:
        raise NESTErrors.NotImplemented(
            f"Simulate: {made.model.name} has a weight_recorder and connects a poisson_generator: "
            "connect it to a parrot_neuron, and that to the neurons"
        )
    where = np.flatnonzero(mask)
    links = Links(made.source[where], made.target[where], np.zeros(len(where), dtype=np.int64))
    groups = np.column_stack([
        populations.numbers(links.target), made.delay[where], generators.windows(links, 1.0)
    ])
    projections: list[Projection] = []
    for group in np.unique(groups, axis=0):
        entries = where[(groups == group).all(axis=1)]
        entries = entries[np.argsort(made.target[entries], kind="stable")]
        target = populations.all[int(group[0])]
        name = f"{made.model.name}:{number + len(projections)}"
        source = network.add(f"poisson of {name}", len(entries), eprop.PoissonSource(
            rate=generators.numbers(made.source[entries], "rate"), start=group[2], stop=group[3]
        ))
        rule = eprop.ExplicitList(
            source=np.arange(len(entries)), target=made.target[entries] - target.first
        )
        synapse = made.model.engine_synapse(
            weight=made.weight[entries], **_own(made, int(group[1]))
        )
        handle = network.connect(source, target.handle, rule, synapse, name)
        projections.append(Projection(made, None, target, handle, entries))
    return projections
