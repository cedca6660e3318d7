"""What is to be learnt: a network, its samples, and the plan of the training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from eprop import _core
from eprop._errors import InvalidParameter
from eprop._handles import Population, Projection, RateGenerator
from eprop._network import Network

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Schedule = Union[float, _core.LearningRate, Callable[[int], float]]


class Phase(Enum):
    """What an iteration serves. Outside of training the learning rate is 0."""

    training = "training"
    validation = "validation"
    test = "test"


@dataclass
class TrainingPlan:
    """How training proceeds.

    After every ``validate_every`` training iterations comes a validation; while its error stays
    below ``stop_error`` it goes on, up to ``stop_batches`` iterations, and if their mean error is
    below it too, training ends early. Test iterations come last.
    """

    #: Training iterations, at most.
    iterations: int = 1
    #: A number, a learning rate such as CosineLearningRate(), or a function of the training
    #: iteration (from 0 on) that returns the same on every rank.
    learning_rate: Schedule = 1e-4
    #: Training iterations between validations; 0: none.
    validate_every: int = 0
    #: Fraction of samples; 0: never stop early.
    stop_error: float = 0.0
    stop_batches: int = 8
    test_iterations: int = 0


def learning_rate(schedule: Schedule, n: int) -> float:
    """The rate of training iteration ``n``, from 0 on."""
    return _core.learning_rate(schedule, n)


@dataclass(repr=False)
class Sample:
    """One sample as steps of its sequence.

    ``spikes`` has the steps of each input neuron, above 0 and ascending, or is a boolean array
    [step][input], whose first row is step 1. ``target`` is [readout][change], with a change in each
    of ``target_steps`` (None: in every step, from 0 on), or [readout] if it is constant.
    """

    spikes: Sequence[ArrayLike] | NDArray[np.bool_]
    target: ArrayLike
    #: Class, if the task is to classify.
    label: int = 0
    target_steps: ArrayLike | None = None

    def __repr__(self) -> str:
        return f"<Sample of class {self.label}, target of shape {np.shape(self.target)}>"

    def _plain(self) -> tuple[Any, Any, Any, int]:
        """Spikes as given, steps of changes, [readout][change], label."""
        target = np.asarray(self.target, dtype=float)
        if target.ndim == 1:
            target = target[:, np.newaxis]
        if target.ndim != 2:
            raise InvalidParameter(
                f"sample: target = array of shape {target.shape}: must be [readout][change] or "
                "[readout]"
            )
        changes = self.target_steps
        steps = np.arange(target.shape[1]) if changes is None else np.asarray(changes)
        return self.spikes, steps, target, self.label


class Task(ABC):
    """A task to train on: derive from it, and pass one to a Trainer.

    A subclass describes the network, sets the attributes, and makes samples in ``next()``. Every
    rank has a task, and all are alike.
    """

    #: Begins the names of checkpoints.
    name: str
    network: Network
    #: SpikeTrains, which get the spikes of the samples.
    inputs: Population
    #: Readouts, one per class where the task classifies.
    out: Population
    #: StepRates that feed the target signals of ``out``.
    target: RateGenerator
    #: Those that learn.
    plastic: Sequence[Projection]
    #: To be recorded.
    recurrent: Sequence[Population] = ()
    #: 1 in the last ``window`` steps of each sample (plus family).
    window_signal: RateGenerator | None = None
    #: Steps of a sample.
    sequence: int
    #: Steps at its end in which the readouts are judged; None: all.
    window: int | None = None
    #: Samples of an iteration.
    batch_size: int = 1
    classifies: bool = False
    #: Whether next() may be called in another thread while an iteration is simulated.
    draws_ahead: bool = False
    plan: TrainingPlan

    @abstractmethod
    def next(self, phase: Phase) -> Sequence[Sample]:
        """The samples of the next iteration, ``batch_size`` of them.

        ``phase`` is what it will serve, as far as can be known before the one before it begins.
        Called once per iteration, then once more, as another sample begins at the inputs before the
        last one is done, and again from the first one on when a training is resumed: to the same
        samples.
        """

    def warnings(self) -> list[str]:
        """What the user is to be told of the samples so far, once the training has ended."""
        return []

    def _require_attributes(self) -> None:
        """InvalidParameter unless all are set that have no default."""
        for name in ("name", "network", "inputs", "out", "target", "plastic", "sequence", "plan"):
            if not hasattr(self, name):
                raise InvalidParameter(f"task {type(self).__name__}: {name}: must be set")

    def _next(self, phase: str) -> Sequence[Sample]:
        return self.next(Phase(phase))
