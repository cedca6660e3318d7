"""Recordings of the engine, taken after each Simulate() and given to the recorders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Integers, Reals, Truths
from .connection_table import Connections
from .event_store import EventStore, new_events
from .kernel import kernel
from .models import Role
from .node_table import NodeTable
from .populations import Population, Populations
from .projections import Projection
from .synapse_models import SynapseKind


@dataclass(frozen=True)
class _Window:
    """Recorded is what has start < time <= stop (ms)."""

    start: float
    stop: float

    def is_empty(self) -> bool:
        """No time is in it."""
        return not self.start < self.stop

    def contains(self, times: Reals) -> Truths:
        """Which times are in it, in the middle of whose step they are compared."""
        half = 0.5 * kernel.settings.resolution
        return (times > self.start + half) & (times < self.stop + half)


def _value(nodes: NodeTable, recorder: int, name: str) -> Any:
    (piece,) = nodes.pieces(np.array([recorder]))
    return piece.block.columns[name].at(piece.index[0])


def _window(nodes: NodeTable, recorder: int) -> _Window:
    return _Window(*(float(_value(nodes, recorder, name)) for name in ("start", "stop")))


def _by_recorder(nodes: NodeTable, connections: list[Connections], role: Role) -> Iterator[
        tuple[int, Integers]]:
    """The recorders of a role with the ids of those that each records, in ascending order."""
    recorded: dict[int, list[Integers]] = {}
    for made in connections:
        if made.model.kind is not SynapseKind.static:
            continue
        ends = (made.source, made.target)
        recorders, others = ends if role is Role.multimeter else ends[::-1]
        mask = nodes.have_role(recorders, role)
        for recorder in np.unique(recorders[mask]):
            recorded.setdefault(int(recorder), []).append(others[recorders == recorder])
    for recorder, ids in recorded.items():
        if not _window(nodes, recorder).is_empty():
            yield recorder, np.unique(np.concatenate(ids))


class SpikeRecording:
    """Spikes of a population for all spike recorders of it."""

    def __init__(self, population: Population) -> None:
        self._population = population
        self._recorders: list[tuple[EventStore, _Window, Truths]] = []

    def add(self, store: EventStore, window: _Window, neurons: Integers) -> None:
        """A recorder of some neurons."""
        chosen = np.zeros(self._population.size, dtype=bool)
        chosen[neurons] = True
        self._recorders.append((store, window, chosen))

    def start(self, simulation: Any) -> None:
        """Records from when the first recorder begins until the last one ends."""
        windows = [window for _, window, _ in self._recorders]
        simulation.record_spikes(
            self._population.handle, min(w.start for w in windows), max(w.stop for w in windows)
        )

    def take(self, simulation: Any) -> None:
        """Gives what there is since the last call to the recorders."""
        spikes = simulation.take_spikes(self._population.handle, everywhere=True)
        neurons = spikes.neurons.astype(np.int64)
        for store, window, chosen in self._recorders:
            mine = window.contains(spikes.times) & chosen[neurons]
            store.append(times=spikes.times[mine], senders=self._population.first + neurons[mine])


class TraceRecording:
    """State variables of neurons of a population for a multimeter.

    As in NEST, the sample at the time reached by Simulate() comes with the next one.
    """

    def __init__(self, store: EventStore, population: Population, neurons: Integers,
                 window: _Window, interval: float, name: str) -> None:
        self._store, self._population, self._neurons = store, population, neurons
        self._window, self._interval, self._name = window, interval, name
        self._variables = [name for name in store.names if name not in ("senders", "times")]
        self._held = (np.empty(0), np.empty((0, len(neurons), len(self._variables))))

    def start(self, simulation: Any) -> None:
        """Samples are at multiples of the interval."""
        begin = np.floor(self._window.start / self._interval + 1e-9) * self._interval
        simulation.record(
            self._population.handle, self._variables, self._neurons, start=begin,
            stop=self._window.stop, interval=self._interval, name=self._name,
        )

    def take(self, simulation: Any) -> None:
        """Gives what there is since the last call to the multimeter."""
        taken = simulation.take_traces(self._name, everywhere=True)
        times = np.concatenate([self._held[0], taken.times])
        values = np.concatenate([self._held[1], taken.values])
        given = int(np.searchsorted(times, kernel.time - 0.5 * kernel.settings.resolution))
        self._held = times[given:], values[given:]
        self._store.append(
            times=np.repeat(times[:given], len(self._neurons)),
            senders=np.tile(self._population.first + self._neurons, given),
            **{name: values[:given, :, i].ravel() for i, name in enumerate(self._variables)},
        )


class TransmissionRecording:
    """Transmissions of a projection for a weight recorder."""

    def __init__(self, store: EventStore, projection: Projection, source: Population,
                 senders: Integers, targets: Integers, window: _Window) -> None:
        self._store, self._window = store, window
        self._handle, self._source, self._target = projection.handle, source, projection.target
        self._sources = _indices(senders, source)
        self._targets = _indices(targets, projection.target)

    def is_empty(self) -> bool:
        """No synapse is recorded."""
        return any(i is not None and not len(i) for i in (self._sources, self._targets))

    def start(self, simulation: Any) -> None:
        """From the next step on."""
        simulation.record_transmissions(
            self._handle, sources=self._sources, targets=self._targets,
            start=self._window.start, stop=self._window.stop,
        )

    def take(self, simulation: Any) -> None:
        """Gives what there is since the last call to the weight recorder."""
        taken = simulation.take_transmissions(self._handle, everywhere=True)
        nothing = np.zeros(len(taken.times), dtype=np.int64)
        self._store.append(
            times=taken.times,
            senders=self._source.first + taken.source.astype(np.int64),
            targets=self._target.first + taken.target.astype(np.int64),
            weights=taken.weight, ports=nothing, receptors=nothing,
        )


def _indices(ids: Integers, population: Population) -> Any:
    """The neurons of a population that are among the ids; None, that is all, if there are none."""
    if not len(ids):
        return None
    inside = (ids >= population.first) & (ids < population.first + population.size)
    return np.unique(ids[inside]) - population.first


class Recorders:
    """All recordings, and the events of each recorder."""

    def __init__(self, nodes: NodeTable, connections: list[Connections], populations: Populations,
                 projections: list[Projection]) -> None:
        self._nodes = nodes
        self._stores: dict[int, EventStore] = {}
        self._recordings: list[Any] = [
            *self._spikes(connections, populations),
            *self._traces(connections, populations),
            *self._transmissions(projections),
        ]

    def events(self, recorder: int) -> EventStore:
        """What a recorder has."""
        if recorder not in self._stores:
            self._stores[recorder] = new_events(self._nodes, recorder)
        return self._stores[recorder]

    def start(self, simulation: Any) -> None:
        """Begins all recordings."""
        for recording in self._recordings:
            recording.start(simulation)

    def take(self, simulation: Any) -> None:
        """Gives the recorders what is new."""
        for recording in self._recordings:
            recording.take(simulation)

    def _spikes(self, connections: list[Connections], populations: Populations) -> list[
            SpikeRecording]:
        recordings: dict[int, SpikeRecording] = {}
        for recorder, ids in _by_recorder(self._nodes, connections, Role.spike_recorder):
            for number, _, neurons in populations.inside(ids):
                recording = recordings.setdefault(number, SpikeRecording(populations.all[number]))
                recording.add(self.events(recorder), _window(self._nodes, recorder), neurons)
        return list(recordings.values())

    def _traces(self, connections: list[Connections], populations: Populations) -> Iterator[
            TraceRecording]:
        for recorder, ids in _by_recorder(self._nodes, connections, Role.multimeter):
            store, window = self.events(recorder), _window(self._nodes, recorder)
            interval = float(_value(self._nodes, recorder, "interval"))
            for number, _, neurons in populations.inside(ids):
                if len(store.names) > 2:
                    yield TraceRecording(store, populations.all[number], neurons, window,
                                         interval, f"multimeter:{recorder}:{number}")

    def _transmissions(self, projections: list[Projection]) -> Iterator[TransmissionRecording]:
        for projection in projections:
            recorder = projection.made.model.weight_recorder
            source = projection.source
            if recorder is None or source is None or _window(self._nodes, recorder).is_empty():
                continue
            senders, targets = (
                _value(self._nodes, recorder, name) for name in ("senders", "targets")
            )
            recording = TransmissionRecording(
                self.events(recorder), projection, source, senders, targets,
                _window(self._nodes, recorder),
            )
            if not recording.is_empty():
                yield recording
