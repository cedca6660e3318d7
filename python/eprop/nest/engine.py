"""The network as built from its description, and its simulation."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

import eprop

from .arrays import Integers, Reals
from .errors import engine_errors
from .event_store import EventStore
from .final_updates import FinalUpdates
from .inputs import Generators
from .kernel import Kernel
from .models import NEURONS, Role
from .populations import (
    Population, Populations, Run, add_neurons, exchanges, require_complete_softmax, runs,
    softmax_tags,
)
from .projections import Projection, connect_all
from .rate_feed import make_rate_feeds
from .recorders import Recorders
from .spike_feed import SpikeFeed
from .synapse_models import SynapseKind, SynapseModel


class Engine:
    """See the module. All functions are collective: every process calls them."""

    def __init__(self, described: Kernel) -> None:
        nodes, connections = described.nodes, described.connections
        with engine_errors("Simulate"):
            network = _network(described)
            generators = Generators(nodes, connections)
            self._populations = _populations(network, described, generators)
            self._projections = connect_all(network, connections, self._populations, generators)
            self._feeds: list[Any] = [
                *make_rate_feeds(network, nodes, connections, self._populations),
                *(SpikeFeed(population, generators) for population in self._populations.all
                  if _is_played(population)),
            ]
            self._recorders = Recorders(nodes, connections, self._populations, self._projections)
            self._simulation = eprop.Simulation(network, threads=_threads(described))
            self._recorders.start(self._simulation)
            self._final_updates = FinalUpdates(nodes, connections)
            self._keep_transmitted_weights()
        self._played = 0

    @property
    def step(self) -> int:
        """Steps simulated so far."""
        return self._simulation.step

    def run(self, steps: int, print_time: bool) -> None:
        """Simulates further steps; process 0 shows on stderr how far it is, if it is to."""
        end = self.step + steps
        for feed in self._feeds:
            feed.play(self._simulation, self._played, end)
        self._final_updates.play(self._played, end)
        self._played = max(self._played, end)  # less has been simulated after Ctrl-C
        self._simulation.progress = print_time
        with engine_errors("Simulate"):
            self._simulation.run_steps(steps)
        self._recorders.take(self._simulation)

    def generators_changed(self) -> None:
        """What generators are to play has been set."""
        for feed in self._feeds:
            feed.changed = True

    def events(self, recorder: int) -> EventStore:
        """What a recorder has recorded."""
        return self._recorders.events(recorder)

    def state(self, ids: Integers, variable: str) -> Reals:
        """A state variable of neurons of one model."""
        values = np.empty(len(ids))
        for number, positions, neurons in self._populations.inside(ids):
            state = self._simulation.state(self._populations.all[number].handle, variable)
            values[positions] = state[neurons]
        return values

    def projections(self, made: Any) -> list[Projection]:
        """Those that come from one call of Connect()."""
        return [projection for projection in self._projections if projection.made is made]

    def weights(self, projection: Projection) -> Reals:
        """The weights of a projection as users read them, in the order of its entries."""
        if self._final_updates.are_done and projection.made.model.kind is SynapseKind.eprop:
            handle = projection.handle
            return self._simulation.transmitted_weights(handle, everywhere=True).weight
        return self.weights_in_force(projection)

    def weights_in_force(self, projection: Projection) -> Reals:
        """Those with which a transmission now would act."""
        return self._simulation.weights(projection.handle).weight

    def set_weights(self, projection: Projection, weights: Reals) -> None:
        """Sets them."""
        with engine_errors("SynapseCollection.set"):
            self._simulation.set_weights(projection.handle, weights)

    def set_learning_rate(self, model: SynapseModel, eta: float) -> None:
        """The learning rate of all synapses of a model."""
        for projection in self._projections:
            if projection.made.model is model and model.kind is SynapseKind.eprop:
                self._simulation.set_learning_rate(projection.handle, eta)

    def _keep_transmitted_weights(self) -> None:
        if not self._final_updates.are_planned:
            return
        for projection in self._projections:
            if projection.made.model.kind is SynapseKind.eprop:
                self._simulation.keep_transmitted_weights(projection.handle)


def _network(described: Kernel) -> eprop.Network:
    settings = described.settings
    return eprop.Network(
        dt=settings.resolution,
        seed=settings.rng_seed,
        update_interval=settings.eprop_update_interval,
        learning_window=settings.eprop_learning_window,
        reset_neurons_on_update=settings.eprop_reset_neurons_on_update,
    )


def _threads(described: Kernel) -> int:
    """As many as asked for, but no more than there are processors, on all ranks the same.

    Scripts ask for virtual processes because NEST's results depend on them; here it is only time.
    """
    here = min(described.settings.local_num_threads, len(os.sched_getaffinity(0)))
    return min(int(count) for count in eprop.world().all_gather(str(here).encode()))


def _is_played(population: Population) -> bool:
    role, tag = population.run.model.role, population.run.key[0]
    return role is Role.spike_generator or (role is Role.parrot and tag == 0)


def _populations(network: eprop.Network, described: Kernel, generators: Generators) -> Populations:
    nodes, connections = described.nodes, described.connections
    tags = np.zeros(nodes.size + 1, dtype=np.int64)
    windows = generators.tag(tags, described.settings.resolution)
    exchanged = exchanges(nodes, connections)
    softmax_tags(exchanged, tags)

    def add(run: Run) -> Population:
        if run.model.role in NEURONS:
            return add_neurons(network, run)
        return generators.add(network, run, windows)

    populations = Populations([add(run) for run in runs(nodes, tags)], nodes.size)
    require_complete_softmax(populations, exchanged)
    return populations
