"""Running a network."""

from __future__ import annotations

import contextlib
import math
from types import TracebackType
from typing import TYPE_CHECKING

from eprop import _core, _job
from eprop._communicator import as_communicator
from eprop._errors import Diverged, OutputError
from eprop._network import Network
from eprop._numbers import number, whole_number
from eprop._running import Runner, grid_of
from eprop._simulation_output import OutputPart
from eprop._simulation_recording import RecordingPart
from eprop._simulation_synapses import SynapsesPart

if TYPE_CHECKING:
    from eprop._communicator import AnyCommunicator


class Simulation(SynapsesPart, RecordingPart, OutputPart):
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

    All functions but ``step``, ``time``, ``exchange_interval`` and ``phase_seconds()`` are
    collective: every rank calls them in the same order with the same arguments, and gets the same
    results, which do not depend on the number of ranks, threads and replicas. Errors in what is asked for raise
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
        core = _core.Simulation(
            network._core,
            self.communicator,
            whole_number("simulation", "threads", threads),
            whole_number("simulation", "replicas", replicas),
        )
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
        self._reports = {}
        self._runner = Runner(core, grid_of(network._core, replicas), network.dt)

    def run(self, duration: float) -> None:
        """Simulates further ``duration`` ms, a multiple of dt.

        Ctrl-C ends it within a fraction of a second, with KeyboardInterrupt on all ranks; the
        simulation can be run on, looked at and saved then. Diverged if numbers become infinite or
        NaN, after which it cannot.
        """
        duration = number("simulation", "time", duration)
        steps = duration / self._dt
        if steps > 0 and math.isfinite(steps) and math.isclose(steps, round(steps), rel_tol=1e-12):
            self.run_steps(round(steps))
        else:
            self._core.run_for(duration)  # which refuses what is no such time

    def run_steps(self, steps: int) -> None:
        """Simulates so many further steps."""
        steps = whole_number("simulation", "steps", steps)
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

    @property
    def exchange_interval(self) -> int:
        """Steps between exchanges of spikes: the network's smallest delay, or 1 with cross_entropy."""
        return self._core.exchange_interval

    def phase_seconds(self) -> dict[str, float]:
        """Seconds spent so far in each phase of the loop, on this rank's first thread."""
        return self._core.phase_seconds()

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


def most_replicas(
    network: Network, threads: int = 1, comm: AnyCommunicator = None
) -> tuple[int, str]:
    """As many replicas as a network allows, and why they are not more.

    The reason is empty if they are as many as the threads on all ranks of ``comm`` (None:
    eprop.world()).
    """
    ranks = as_communicator(comm).size
    return _core.most_replicas(network._core, ranks, threads)
