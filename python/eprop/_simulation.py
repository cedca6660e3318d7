"""Running a network."""

from __future__ import annotations

import contextlib
import math
import pickle
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from eprop import _core, _job
from eprop._communicator import as_communicator
from eprop._errors import Diverged, InvalidParameter, OutputError
from eprop._handles import Population, Projection, RateGenerator
from eprop._inputs import StepRates
from eprop._network import Network
from eprop._running import Runner, grid_of
from eprop._results import Losses, Spikes, Traces, Transmissions, Weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import spmatrix

    from eprop._communicator import AnyCommunicator

    FileName = Union[str, Path]


class Simulation:
    """Simulates a network on all ranks of a communicator.

    Parameters
    ----------
    network : is copied
    threads : on each rank, from 1 to 1024
    replicas : copies of the network that simulate the samples of a batch side by side
        (docs/replicas.md)
    comm : eprop.world() (None), or a communicator of mpi4py
    progress : a bar on rank 0's stderr for runs of more than some seconds (None), of any length
        (True), or of none (False)

    All functions but ``step``, ``time`` and ``phase_seconds()`` are collective: every rank calls
    them in the same order with the same arguments, and gets the same results, which do not depend
    on the number of ranks, threads and replicas. Errors in what is asked for raise
    InvalidParameter on all ranks and change nothing.
    """

    def __init__(
        self,
        network: Network,
        threads: int = 1,
        replicas: int = 1,
        comm: AnyCommunicator = None,
        progress: bool | None = None,
    ) -> None:
        self.communicator = as_communicator(comm)
        self.progress = progress
        core = _core.Simulation(network._core, self.communicator, threads, replicas)
        self._take(core, network, replicas)
        _job.end_in_time(self)

    @classmethod
    def _of_trainer(
        cls, core: _core.Simulation, network: Network, communicator: _core.Communicator
    ) -> Simulation:
        """That of a Trainer, who ends it."""
        simulation = cls.__new__(cls)
        simulation.communicator = communicator
        simulation.progress = False
        simulation._take(core, network, 1)
        return simulation

    def _take(self, core: _core.Simulation, network: Network, replicas: int) -> None:
        self._core = core
        self._dt = network.dt
        self._reports: dict[str, tuple[tuple[str, ...], NDArray[np.int64]]] = {}
        self._runner = Runner(core, grid_of(network._core, replicas), network.dt)

    # Time

    def run(self, duration: float) -> None:
        """Simulates further ``duration`` ms, a multiple of dt.

        Ctrl-C ends it within a fraction of a second, with KeyboardInterrupt on all ranks; the
        simulation can be run on, looked at and saved then. Diverged if numbers become infinite or
        NaN, after which it cannot.
        """
        steps = duration / self._dt
        if steps > 0 and math.isfinite(steps) and math.isclose(steps, round(steps), rel_tol=1e-12):
            self.run_steps(round(steps))
        else:
            self._core.run_for(duration)  # which refuses what is no such time

    def run_steps(self, steps: int) -> None:
        """Simulates so many further steps."""
        if steps <= 0:
            self._core.run(steps)
        else:
            self._runner.run(steps, self.progress)

    @property
    def step(self) -> int:
        """The step that run() would compute next: 0 at first."""
        return self._core.step

    @property
    def time(self) -> float:
        """ms simulated so far."""
        return self.step * self._dt

    def phase_seconds(self) -> dict[str, float]:
        """Seconds spent so far in each phase of the loop, on this rank's first thread."""
        return self._core.phase_seconds()

    # Synapses

    def weights(self, projection: Projection) -> Weights:
        """The weights with which a transmission in the next step would act, on every rank."""
        shape = (projection.target.size, projection.source.size)
        return Weights(*self._core.weights(projection.index), shape)

    def set_weights(self, projection: Projection, weights: ArrayLike | spmatrix) -> None:
        """Sets all weights: in the order of weights(), or as a matrix [target][source].

        A matrix must have the projection's synapses and no others: NaN where there is none, or of
        scipy.sparse without these.
        """
        if hasattr(weights, "tocoo"):
            weights = _with_nan(weights)
        array = np.asarray(weights, dtype=float)
        if array.ndim == 2:
            self._core.set_weight_matrix(projection.index, array)
        else:
            self._core.set_weights(projection.index, array)

    def load_weights(self, path: FileName, projections: Iterable[Projection]) -> None:
        """Sets the weights of projections to those that a file has under their names.

        The file is an output file or a checkpoint, of any network with these synapses.
        """
        self._core.load_weights(str(path), [projection.index for projection in projections])

    def set_learning_rate(
        self, projection: Projection, eta: float, running_interval: bool = False
    ) -> None:
        """The learning rate from now on.

        bsshslm_2020: from the update interval on that begins next, or from the running one on.
        """
        self._core.set_learning_rate(projection.index, eta, running_interval)

    def synapse_count(self, projection: Projection) -> int:
        """Number of synapses of a projection, over all ranks."""
        return self._core.synapse_count(projection.index)

    # Inputs and losses

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
            first = self.step if start is None else start
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

    # Recordings

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

        Between some ``sources`` and ``targets``, ascending, or all. In memory, with an output file,
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

    # Files

    def open_output(self, path: FileName, overwrite: bool = False) -> None:
        """Creates the HDF5 file that recordings go to, before any recording.

        OutputError if it cannot be created, or exists and is not to be overwritten.
        """
        self._core.open_output(str(path), overwrite)

    def continue_output(self, path: FileName) -> None:
        """After load_checkpoint(): opens the output file that was open then, to go on from there.

        To be followed by the same calls of record...() as then. DamagedOutput if it is gone or
        damaged.
        """
        self._core.continue_output(str(path))

    def write_output(self, dataset: str, values: ArrayLike, units: str = "") -> None:
        """Writes a whole dataset of the output file, of numbers in one or two dimensions."""
        array = np.asarray(values)
        columns = array.shape[1] if array.ndim == 2 else 0
        if array.dtype.kind in "iub":
            self._core.write_integers(dataset, array, columns)
        else:
            self._core.write_reals(dataset, array, columns, units)

    def write_attribute(self, object: str, name: str, value: float | str | Sequence[str]) -> None:
        """Writes an attribute of a dataset or a group of the output file."""
        if isinstance(value, str):
            self._core.write_text(object, name, value)
        elif isinstance(value, Sequence):
            self._core.write_texts(object, name, list(value))
        else:
            self._core.write_number(object, name, value)

    def append_output(self, dataset: str, values: ArrayLike, units: str = "") -> None:
        """Appends numbers to a 1-D dataset of the output file; the first call creates it."""
        array = np.atleast_1d(np.asarray(values))
        if array.dtype.kind in "iub":
            self._core.append_integers(dataset, array)
        else:
            self._core.append_reals(dataset, array, units)

    def flush_is_due(self) -> bool:
        """Whether some seconds have passed since the output file was flushed last, on rank 0.

        For a program that has something to append now and then.
        """
        return self._core.flush_is_due()

    def flush(self) -> None:
        """Writes what is recorded so far, for others to read."""
        self._core.flush()

    def close(self) -> None:
        """Writes what is recorded so far, closes the output file and ends all recordings."""
        self._core.close()

    def save_checkpoint(self, path: FileName, user_data: str = "") -> None:
        """Writes a file from which the simulation can be continued, on any ranks and threads.

        Only after a multiple of the smallest delay. Recordings in memory are lost, the output file
        must be kept.
        """
        self._core.save_checkpoint(str(path), user_data)

    def load_checkpoint(self, path: FileName) -> str:
        """Goes to where save_checkpoint() was called and returns its user_data.

        In step 0, of a simulation of the same network. CheckpointError if the file does not fit;
        nothing has changed then.
        """
        return self._core.load_checkpoint(str(path))

    def _end(self) -> None:
        """What must happen before MPI ends; the simulation is of no use then."""
        self._core.end()

    def __enter__(self) -> Simulation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        elif self.communicator.size == 1:
            with contextlib.suppress(OutputError, Diverged):  # the other error is on its way
                self.close()

    def __repr__(self) -> str:
        return f"<Simulation at {self.time:g} ms on {self.communicator.size} ranks>"


def _with_nan(matrix: Any) -> NDArray[np.float64]:
    """A sparse matrix as a dense one, with NaN for what it does not store."""
    entries = matrix.tocoo()
    dense = np.full(entries.shape, np.nan)
    dense[entries.row, entries.col] = entries.data
    return dense


def read_weights(path: FileName, projection: Projection, comm: AnyCommunicator = None) -> Weights:
    """The weights that an output file has of a projection, under its name; on every rank.

    The matrix /weights/PROJECTION/after, otherwise the last row of /weights/PROJECTION/data.
    OutputError if the file cannot be read or has neither.
    """
    table = _core.read_weights(str(path), projection.name, as_communicator(comm))
    return Weights(*table, (projection.target.size, projection.source.size))


def read_user_data(checkpoint: FileName) -> str:
    """The user_data that save_checkpoint() has kept in a file; by any rank on its own."""
    return _core.read_user_data(str(checkpoint))


def _indices(neurons: Sequence[int] | NDArray[np.int64] | None) -> Sequence[int]:
    """The indices of neurons for the engine, which takes none for all."""
    if neurons is None:
        return []
    if len(neurons) == 0:
        raise InvalidParameter("recording: neurons = []: must be None for all, or some")
    return [int(i) for i in neurons]


def most_replicas(
    network: Network, threads: int = 1, comm: AnyCommunicator = None
) -> tuple[int, str]:
    """As many replicas as a network allows, and why they are not more.

    The reason is empty if they are as many as the threads on all ranks of ``comm`` (None:
    eprop.world()).
    """
    ranks = as_communicator(comm).size
    return _core.most_replicas(network._core, ranks, threads)
