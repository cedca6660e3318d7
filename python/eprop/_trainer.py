"""Training a network on a task."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from eprop import _core, _job
from eprop._communicator import as_communicator
from eprop._interrupt import InterruptWatch
from eprop._progress import Progress
from eprop._simulation import Simulation
from eprop._task import Phase, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eprop._communicator import AnyCommunicator
    from eprop._simulation_output import FileName


@dataclass(frozen=True)
class IterationReport:
    """An iteration that has been done."""

    #: Iterations done, this one included.
    iteration: int
    #: All there will be if training goes on to the end.
    planned: int
    phase: Phase
    loss: float
    #: Fraction of samples classified wrongly, where the task does.
    error: float | None
    #: That it had.
    learning_rate: float
    #: ms simulated so far.
    time: float


@dataclass(frozen=True)
class PhaseReport:
    """A phase of the plan that has ended: iterations in a row that served the same."""

    phase: Phase
    iterations: int
    #: Means over its iterations.
    loss: float
    error: float | None


@dataclass(frozen=True)
class BestIteration:
    """The iteration with the smallest loss, counted from 1."""

    iteration: int
    loss: float


#: What can be asked for after close().
_RESULTS = (
    "finished",
    "latest_checkpoint",
    "iterations",
    "losses",
    "errors",
    "phases",
    "confusion",
    "best",
)


class Trainer:
    """Trains a network: simulates the iterations of a task's plan.

    Loss of an iteration: 0.5 * sum over steps of the squared error, averaged over readouts and
    samples; with cross entropy its mean over steps and samples. Error: fraction of samples for
    which the readout with the largest mean signal is not the label.

    Parameters
    ----------
    threads : on each rank
    replicas : copies of the network that simulate the samples of an iteration side by side
        (docs/replicas.md); 0: as many as most_replicas() allows
    initial_weights : file to take weights from, as Simulation.load_weights() does
    output : HDF5 file with the results
    record : whether signals, spikes and weights over time go to the output file
    checkpoint_every : iterations between checkpoints; 0: none
    checkpoint_minutes : minutes of wall time between checkpoints, by the clock of rank 0; 0: none
    overwrite : replace what an earlier training has written
    resume : checkpoint to continue from; "latest": the newest in the folder that is not damaged;
        "auto": the same, or start anew if there is none
    keep_best : whether the weights of the best iteration are kept for write_best_weights()
    comm, progress : as of Simulation

    The results do not depend on the number of ranks, threads and replicas, and not on how often a
    training was stopped and resumed. Every rank makes the same calls in the same order, from
    callbacks too. InvalidParameter if the task or the options break a rule, RuntimeError if
    something of an earlier training is in the way, CheckpointError if ``resume`` is of a training
    with other options; Diverged names the iteration, and the last checkpoint before it.
    """

    def __init__(
        self,
        task: Task,
        *,
        threads: int = 1,
        replicas: int = 0,
        initial_weights: FileName | None = None,
        output: FileName | None = None,
        record: bool = False,
        checkpoint_every: int = 0,
        checkpoint_minutes: float = 0.0,
        checkpoint_folder: FileName = "checkpoints",
        overwrite: bool = False,
        resume: FileName | None = None,
        keep_best: bool = False,
        comm: AnyCommunicator = None,
        progress: bool | None = None,
    ) -> None:
        task._require_attributes()
        options = {
            "threads": threads,
            "replicas": replicas,
            "initial_weights": str(initial_weights or ""),
            "output": str(output or ""),
            "record": record,
            "checkpoint_every": checkpoint_every,
            "checkpoint_minutes": checkpoint_minutes,
            "checkpoint_folder": str(checkpoint_folder),
            "overwrite": overwrite,
            "resume": str(resume or ""),
            "keep_best": keep_best,
        }
        self.task = task
        self.communicator = as_communicator(comm)
        self.progress = progress
        self._core = _core.Trainer(task.network._core, task, self.communicator, options)
        self._ended: dict[str, Any] | None = None
        self._on_iteration: Callable[[IterationReport], None] = _nothing
        self._on_phase: Callable[[PhaseReport], None] = _nothing
        self.simulation = Simulation._of_trainer(
            self._core.simulation(), task.network, self.communicator
        )
        _job.end_in_time(self)

    def on_iteration(self, call: Callable[[IterationReport], None]) -> None:
        """``call`` is called after each iteration; replaces what was given before."""
        self._on_iteration = call

    def on_phase(self, call: Callable[[PhaseReport], None]) -> None:
        """``call`` is called when a phase has ended; replaces what was given before."""
        self._on_phase = call

    def run(self) -> None:
        """Trains until the plan is done or stop() was called, and closes the output file. Once.

        Ctrl-C on any rank does as stop(), then raises KeyboardInterrupt on all.
        """
        shows = self.progress if self.communicator.rank == 0 else False
        run = _Run(self._core, self.communicator, shows)
        run.train(self._on_iteration, self._on_phase)
        if self.communicator.rank == 0:
            for warning in self.task.warnings():
                warnings.warn(f"{self.task.name}: {warning}", stacklevel=2)

    def stop(self) -> None:
        """Ends training after the iteration that is going on.

        If there are to be checkpoints, one is written, from which training can be resumed.
        """
        self._core.stop()

    def request_checkpoint(self) -> None:
        """Asks for a checkpoint, with which training goes on.

        It is written as soon as possible, which may be in the middle of an iteration. To be called
        on any rank or several, from callbacks, other threads and handlers of signals::

            signal.signal(signal.SIGUSR1, lambda *_: trainer.request_checkpoint())

        Python calls such a handler when the iteration that runs is done.
        """
        self._core.request_checkpoint()

    def request_stop(self) -> None:
        """Asks for a checkpoint likewise, with which training ends."""
        self._core.request_stop()

    def scale_learning_rate(self, factor: float) -> None:
        """Multiplies the learning rates of all training iterations to come, resumed or not."""
        self._core.scale_learning_rate(factor)

    @property
    def replicas(self) -> int:
        """How many there are; most_replicas() tells why not more."""
        return self._core.replicas()[0]

    @property
    def finished(self) -> bool:
        """Whether the plan is done, and nothing is left to train."""
        return bool(self._result("finished"))

    @property
    def latest_checkpoint(self) -> str:
        """The last one that was written, or that training goes on from; empty if there is none."""
        return str(self._result("latest_checkpoint"))

    @property
    def iterations(self) -> int:
        """Iterations done."""
        return int(self._result("iterations"))

    @property
    def losses(self) -> NDArray[np.float64]:
        """Of each iteration done."""
        losses: NDArray[np.float64] = self._result("losses")
        return losses

    @property
    def errors(self) -> NDArray[np.float64]:
        """Of each iteration done; zeros unless the task classifies."""
        errors: NDArray[np.float64] = self._result("errors")
        return errors

    @property
    def phases(self) -> list[Phase]:
        """What each iteration served."""
        return [Phase(phase) for phase in self._result("phases")]

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Numbers of test samples, [label][prediction]."""
        confusion: NDArray[np.int64] = self._result("confusion")
        return confusion

    @property
    def best(self) -> BestIteration | None:
        """With ``keep_best``: the validation iteration with the smallest loss so far.

        The training iteration, if the plan has no validations.
        """
        best = self._result("best")
        return None if best is None else BestIteration(*best)

    def write_best_weights(self, path: FileName, overwrite: bool = False) -> None:
        """Writes the weights with which the best iteration began, for load_weights()."""
        self._core.write_best_weights(str(path), overwrite)

    def __repr__(self) -> str:
        return f"<Trainer of {self.task.name}>"

    def close(self) -> None:
        """Ends the training: others may go on with its checkpoints, also in this process.

        What it has come to can still be asked for, but for its simulation.
        """
        if self._ended is None:
            self._ended = {name: getattr(self._core, name)() for name in _RESULTS}
            self._core.end()

    def _result(self, name: str) -> Any:
        """What the trainer has come to, or had when it was closed."""
        return getattr(self._core, name)() if self._ended is None else self._ended[name]

    def __enter__(self) -> Trainer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _end(self) -> None:
        self._core.end()


class _Run:
    """What happens around the iterations of Trainer.run()."""

    def __init__(
        self, core: _core.Trainer, communicator: _core.Communicator, progress: bool | None
    ) -> None:
        self._core = core
        self._communicator = communicator
        self._bar = Progress(progress, 0, "it")
        self._watch = InterruptWatch()
        self._interrupted = False

    def train(
        self,
        on_iteration: Callable[[IterationReport], None],
        on_phase: Callable[[PhaseReport], None],
    ) -> None:
        """KeyboardInterrupt on all ranks if any was interrupted."""

        def iteration(n: int, planned: int, phase: str, *numbers: Any) -> None:
            report = IterationReport(n, planned, Phase(phase), *numbers)
            on_iteration(report)
            self._show(report)
            self._stop_if_interrupted()

        def end_of_phase(phase: str, *numbers: Any) -> None:
            on_phase(PhaseReport(Phase(phase), *numbers))

        self._core.on_iteration(iteration)
        self._core.on_phase(end_of_phase)
        try:
            with self._watch:
                self._core.run()
        finally:
            self._core.forget_callbacks()
            self._bar.close()
        if self._interrupted:
            raise KeyboardInterrupt

    def _show(self, report: IterationReport) -> None:
        facts = {"loss": f"{report.loss:.4g}"}
        if report.error is not None:
            facts["error"] = f"{report.error:.3f}"
        self._bar.total = report.planned
        self._bar.update(report.iteration, **facts)

    def _stop_if_interrupted(self) -> None:
        interrupted, _ = _core.agree(self._communicator, self._watch.seen, 0)
        if interrupted:
            self._interrupted = True
            self._core.stop()


def _nothing(report: object) -> None:
    """What is called if nothing is wanted."""
