"""Part of Simulation: what drives it, and what is seen of it."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from eprop import _core
from eprop._errors import InvalidParameter
from eprop._handles import Population, Projection, RateGenerator
from eprop._inputs import StepRates
from eprop._results import Losses, Spikes, Traces, Transmissions, Weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class RecordingPart:
    """Inputs, losses and recordings of a simulation."""

    communicator: _core.Communicator
    _core: _core.Simulation
    _dt: float
    #: Variables and neurons of each.
    _reports: dict[str, tuple[tuple[str, ...], NDArray[np.int64]]]

    def append_spikes(
        self,
        population: Population,
        spikes: Sequence[ArrayLike] | NDArray[np.bool_],
        start: int | None = None,
    ) -> None:
        """Further spikes of a SpikeTrains population, none before the next step.

        ``spikes`` are times in ms, an array or list for each neuron, or a boolean array
        [step][neuron] that is true where a neuron spikes. Its first row is step ``start``; None:
        the next one.
        """
        if isinstance(spikes, np.ndarray) and spikes.dtype == bool and spikes.ndim == 2:
            first = self._core.step if start is None else start
            self._core.append_spike_array(population.index, spikes, first, self._dt)
        else:
            self._core.append_spikes(population.index, spikes, population.name)

    def append_rates(self, generator: RateGenerator, rates: StepRates) -> None:
        """Further amplitudes, later than all given before and not before the next step."""
        self._core.append_rates(
            generator.index, rates.times, np.asarray(rates.amplitudes), rates.round_times
        )

    def track_loss(
        self,
        readouts: Population,
        *,
        offset: float = 0.0,
        interval: float,
        window: float | None = None,
    ) -> None:
        """Sums up the error of readouts from now on, beginning with the next whole interval.

        Interval m covers the time from ``offset + m * interval`` to the next one's begin (ms); only
        the last ``window`` ms of each count, if it is given.
        """
        self._core.track_loss(readouts.index, offset, interval, window)

    def take_losses(self, readouts: Population) -> Losses:
        """The intervals completed since the last call."""
        return Losses(*self._core.take_losses(readouts.index, readouts.size))

    def record_spikes(
        self, population: Population, start: float = 0.0, stop: float = math.inf
    ) -> None:
        """Records spikes with start < time <= stop (ms); again: in a further window."""
        self._core.record_spikes(population.index, start, stop)

    def record(
        self,
        population: Population,
        variables: Sequence[str],
        neurons: Sequence[int] | NDArray[np.int64] | None = None,
        start: float = 0.0,
        stop: float = math.inf,
        interval: float | None = None,
        name: str | None = None,
    ) -> str:
        """Records state variables of some neurons, or of all, with start < time <= stop (ms).

        ``interval`` in ms between samples; None: every step. Returns what take_traces() takes:
        ``name``, or the population's.
        """
        names = (variables,) if isinstance(variables, str) else tuple(variables)
        some = _indices(neurons)
        report = name or population.name
        self._core.record(population.index, names, some, start, stop, interval, name or "")
        of = np.asarray(some, dtype=np.int64) if some else np.arange(population.size)
        self._reports[report] = (names, of)
        return report

    def record_weights(
        self,
        projection: Projection,
        synapses: int | None = None,
        start: float = 0.0,
        stop: float = math.inf,
        interval: float | None = None,
    ) -> None:
        """Records weights to the output file, with start < time <= stop (ms).

        Of the first so many ``synapses`` in the order of weights(), or of all. ``interval`` in ms;
        None: every update interval.
        """
        self._core.record_weights(projection.index, synapses, start, stop, interval)

    def record_transmissions(
        self,
        projection: Projection,
        sources: Sequence[int] | NDArray[np.int64] | None = None,
        targets: Sequence[int] | NDArray[np.int64] | None = None,
        start: float = 0.0,
        stop: float = math.inf,
    ) -> None:
        """Records with which weights synapses transmit, of spikes with start < time <= stop (ms).

        Between some ``sources`` and ``targets``, or all. In memory, with an output file,
        too.
        """
        self._core.record_transmissions(
            projection.index, _indices(sources), _indices(targets), start, stop
        )

    def take_spikes(self, population: Population, everywhere: bool = False) -> Spikes:
        """The spikes recorded since the last call: on rank 0, and none on others.

        ``everywhere``: the same on all ranks. With an output file they are there.
        """
        return Spikes(*self._shared(self._core.take_spikes(population.index), everywhere))

    def take_transmissions(
        self, projection: Projection, everywhere: bool = False
    ) -> Transmissions:
        """What has been transmitted since the last call: on rank 0, and nothing on others.

        ``everywhere``: the same on all ranks.
        """
        taken = self._core.take_transmissions(projection.index)
        return Transmissions(*self._shared(taken, everywhere))

    def keep_transmitted_weights(self, projection: Projection) -> None:
        """Keeps the weights with which synapses transmit last from now on.

        They are those in force now, or set later, until they transmit: for comparison with
        simulators in which a weight is brought up to date when its synapse transmits.
        """
        self._core.keep_transmitted_weights(projection.index)

    def transmitted_weights(self, projection: Projection, everywhere: bool = False) -> Weights:
        """The weights that are kept: on rank 0, and none on others.

        ``everywhere``: the same on all ranks.
        """
        kept = self._core.transmitted_weights(projection.index)
        source, target, weight = self._shared(kept, everywhere)
        return Weights(source, target, weight, (projection.target.size, projection.source.size))

    def take_traces(self, report: str | Population, everywhere: bool = False) -> Traces:
        """The traces recorded since the last call: on rank 0, and none on others.

        ``report`` is what record() returned. ``everywhere``: the same on all ranks. With an output
        file they are there.
        """
        name = report.name if isinstance(report, Population) else report
        variables, neurons = self._reports.get(name, ((), np.arange(0)))
        taken = self._core.take_traces(name, len(neurons), len(variables))
        times, values = self._shared(taken, everywhere)
        return Traces(times, values, variables, neurons)

    def state(self, population: Population, variable: str) -> NDArray[np.float64]:
        """A recordable variable of all neurons after the last step, on every rank."""
        return self._core.state(population.index, variable)

    def _shared(self, arrays: tuple[Any, ...], everywhere: bool) -> tuple[Any, ...]:
        """What rank 0 passes, if it is to be everywhere."""
        if not everywhere or self.communicator.size == 1:
            return arrays
        data = pickle.dumps(arrays) if self.communicator.rank == 0 else b""
        return tuple(pickle.loads(self.communicator.broadcast(data)))


def _indices(neurons: Sequence[int] | NDArray[np.int64] | None) -> Sequence[int]:
    """The indices of neurons for the engine, which takes none for all."""
    if neurons is None:
        return []
    if len(neurons) == 0:
        raise InvalidParameter("recording: neurons = []: must be None for all, or some")
    return [int(i) for i in neurons]
