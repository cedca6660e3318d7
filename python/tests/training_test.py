"""Trainers with tasks in Python, on any number of ranks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from sine_waves import SEQUENCE, Draws, draw, sine_waves, train

import eprop


class SineWaveTask(eprop.Task):
    """Frozen input, as the example has it."""

    def __init__(self, draws: Draws, iterations: int = 3, batch_size: int = 1) -> None:
        built = sine_waves(draws, batch_size)
        self.name = "sine"
        self.network, self.inputs, self.out = built.network, built.inputs, built.out
        self.target, self.plastic = built.target, built.plastic
        self.recurrent = [built.rec]
        self.sequence = SEQUENCE
        self.batch_size = batch_size
        self.plan = eprop.TrainingPlan(iterations=iterations, learning_rate=1e-4)
        self.sample = eprop.Sample(draws.spikes, draws.target[np.newaxis])
        self.asked: list[eprop.Phase] = []

    def next(self, phase: eprop.Phase) -> Sequence[eprop.Sample]:
        self.asked.append(phase)
        return [self.sample] * self.batch_size


def test_training_is_what_a_simulation_does_by_hand() -> None:
    draws = draw()
    task = SineWaveTask(draws)
    trainer = eprop.Trainer(task)
    trainer.run()
    by_hand = sine_waves(draws)
    losses = train(eprop.Simulation(by_hand.network), by_hand, draws, 3)
    assert trainer.losses.tolist() == losses
    assert task.asked == [eprop.Phase.training] * 4
    assert trainer.phases == [eprop.Phase.training] * 3
    assert (trainer.iterations, trainer.errors.tolist()) == (3, [0.0] * 3)
    assert trainer.simulation.step == 3 * SEQUENCE + 4


def test_callbacks_get_reports() -> None:
    trainer = eprop.Trainer(SineWaveTask(draw()))
    reports: list[eprop.IterationReport] = []
    phases: list[eprop.PhaseReport] = []
    trainer.on_iteration(reports.append)
    trainer.on_phase(phases.append)
    trainer.run()
    assert [report.iteration for report in reports] == [1, 2, 3]
    assert [report.loss for report in reports] == trainer.losses.tolist()
    assert reports[0].learning_rate == 1e-4 and reports[0].error is None
    assert [(phase.phase, phase.iterations) for phase in phases] == [(eprop.Phase.training, 3)]


def test_a_callback_may_stop_and_look_at_the_network() -> None:
    task = SineWaveTask(draw(), iterations=10)
    trainer = eprop.Trainer(task)
    counts = []

    def look(report: eprop.IterationReport) -> None:
        counts.append(len(trainer.simulation.weights(task.plastic[0])))
        if report.iteration == 2:
            trainer.stop()

    trainer.on_iteration(look)
    trainer.run()
    assert trainer.iterations == 2
    assert counts == [100 * 100] * 2


def test_exceptions_of_callbacks_and_tasks_come_out() -> None:
    trainer = eprop.Trainer(SineWaveTask(draw()))

    def fail(report: eprop.IterationReport) -> None:
        raise KeyError(report.iteration)

    trainer.on_iteration(fail)
    with pytest.raises(KeyError, match="1"):
        trainer.run()

    class Faulty(SineWaveTask):
        def next(self, phase: eprop.Phase) -> Sequence[eprop.Sample]:
            raise LookupError("no sample")

    with pytest.raises(LookupError, match="no sample"):
        eprop.Trainer(Faulty(draw()))


def test_samples_are_drawn_in_another_thread() -> None:
    losses = []
    for ahead in (False, True):
        task = SineWaveTask(draw())
        task.draws_ahead = ahead
        trainer = eprop.Trainer(task)
        trainer.run()
        losses.append(trainer.losses.tolist())
    assert losses[0] == losses[1]


def test_a_training_is_resumed_from_a_checkpoint(folder: Path) -> None:
    draws = draw()
    whole = eprop.Trainer(SineWaveTask(draws, 4), output=folder / "whole.h5")
    whole.run()
    options = {"checkpoint_every": 2, "checkpoint_folder": folder, "output": folder / "cut.h5"}
    first = eprop.Trainer(SineWaveTask(draws, 4), **options)
    first.on_iteration(lambda report: first.stop() if report.iteration == 2 else None)
    first.run()
    losses = first.losses.copy()
    first.close()
    first.close()
    np.testing.assert_array_equal(first.losses, losses)
    assert first.iterations == len(losses) == len(first.phases)
    eprop.world().barrier()
    checkpoint = next(path for path in folder.iterdir() if path.name.startswith("sine"))
    second = eprop.Trainer(SineWaveTask(draws, 4), resume=checkpoint, **options)
    second.run()
    assert second.losses.tolist() == whole.losses.tolist()
    eprop.world().barrier()
    with h5py.File(folder / "cut.h5") as file:
        assert file["training/loss"][:].tolist() == whole.losses.tolist()


def test_the_same_again_goes_on_until_all_is_done(folder: Path) -> None:
    draws = draw()
    whole = eprop.Trainer(SineWaveTask(draws, 4))
    whole.run()
    last_rank = eprop.world().rank == eprop.world().size - 1

    def train() -> eprop.Trainer:
        trainer = eprop.Trainer(SineWaveTask(draws, 4), checkpoint_folder=folder, resume="auto")

        def stop(report: eprop.IterationReport) -> None:
            if last_rank and report.iteration % 3 == 0:
                trainer.request_stop()

        trainer.on_iteration(stop)
        trainer.run()
        trainer.close()
        eprop.world().barrier()
        return trainer

    stopped = train()
    assert (stopped.iterations, stopped.finished) == (3, False)
    assert stopped.latest_checkpoint == str(folder / "sine_3.ckpt")
    for _ in range(2):
        done = train()
        assert (done.iterations, done.finished) == (4, True)
        assert done.losses.tolist() == whole.losses.tolist()


def test_a_handler_of_a_signal_may_ask_for_a_checkpoint(folder: Path) -> None:
    trainer = eprop.Trainer(SineWaveTask(draw(), 4), checkpoint_folder=folder)
    before = signal.signal(signal.SIGUSR1, lambda *_: trainer.request_checkpoint())
    try:
        trainer.on_iteration(
            lambda report: signal.raise_signal(signal.SIGUSR1) if report.iteration == 2 else None
        )
        trainer.run()
    finally:
        signal.signal(signal.SIGUSR1, before)
    eprop.world().barrier()
    assert "sine_2.ckpt" in {path.name for path in folder.iterdir()}
    assert trainer.finished


def test_checkpoints_come_by_the_clock(folder: Path) -> None:
    options = {"checkpoint_folder": folder, "checkpoint_minutes": 1e-9}
    trainer = eprop.Trainer(SineWaveTask(draw(), 4), **options)
    trainer.run()
    eprop.world().barrier()
    names = {path.name for path in folder.iterdir() if path.suffix == ".ckpt"}
    assert names == {"sine_3.ckpt", "sine_4.ckpt"}
    with pytest.raises(eprop.InvalidParameter, match="checkpoint_minutes = -1: must be at least 0"):
        eprop.Trainer(SineWaveTask(draw()), checkpoint_minutes=-1.0)


def test_what_is_in_the_way_is_refused(folder: Path) -> None:
    eprop.Trainer(SineWaveTask(draw()), output=folder / "run.h5").run()
    with pytest.raises(RuntimeError, match="run.h5"):
        eprop.Trainer(SineWaveTask(draw()), output=folder / "run.h5")


def test_the_best_weights_are_kept(folder: Path) -> None:
    task = SineWaveTask(draw())
    trainer = eprop.Trainer(task, keep_best=True)
    trainer.run()
    best = trainer.best
    assert best is not None
    assert best.loss == trainer.losses.min()
    trainer.write_best_weights(folder / "best.h5")
    sim = eprop.Simulation(task.network)
    sim.load_weights(folder / "best.h5", task.plastic)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (0.5, [0.5, 0.5, 0.5]),
        (eprop.StepLearningRate(eta=1.0, factor=0.5, every=1), [1.0, 0.5, 0.25]),
        (eprop.ExponentialLearningRate(eta=1.0, decay=0.5, floor=0.4), [1.0, 0.5, 0.4]),
        (eprop.CosineLearningRate(eta=1.0, iterations=2), [1.0, 0.5, 0.0]),
        (eprop.ConstantLearningRate(eta=1.0, warm_up=1), [0.5, 1.0, 1.0]),
        (lambda n: 1.0 / (n + 1), [1.0, 0.5, 1.0 / 3.0]),
    ],
)
def test_learning_rates_follow_their_schedule(schedule: Any, rates: list[float]) -> None:
    assert [eprop.learning_rate(schedule, n) for n in range(3)] == pytest.approx(rates)
    task = SineWaveTask(draw())
    task.plan.learning_rate = schedule
    trainer = eprop.Trainer(task)
    used = []
    trainer.on_iteration(lambda report: used.append(report.learning_rate))
    trainer.run()
    assert used == pytest.approx(rates)


def test_wrong_learning_rates_are_refused() -> None:
    with pytest.raises(eprop.InvalidParameter, match="learning rate: schedule = 'fast'"):
        eprop.learning_rate("fast", 0)  # type: ignore[arg-type]
    with pytest.raises(eprop.InvalidParameter, match=r"function\(0\) = 'x': must be a number"):
        eprop.learning_rate(lambda n: "x", 0)  # type: ignore[arg-type, return-value]


def test_replicas_change_nothing() -> None:
    losses = []
    for threads, replicas in ((1, 1), (2, 0)):
        if eprop.world().size > 1 and replicas == 1:
            replicas = 0
        trainer = eprop.Trainer(SineWaveTask(draw(), 2, 6), threads=threads, replicas=replicas)
        trainer.run()
        losses.append(trainer.losses.tolist())
    assert losses[0] == losses[1]
    assert trainer.replicas > 1


def test_ctrl_c_stops_after_the_iteration(folder: Path) -> None:
    if eprop.world().size > 1:
        pytest.skip("of one process")
    task = SineWaveTask(draw(), iterations=100_000)
    trainer = eprop.Trainer(task, output=folder / "run.h5")
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        trainer.run()
    assert 0 < trainer.iterations < 100_000
    with h5py.File(folder / "run.h5") as file:  # which is closed
        assert len(file["training/loss"]) == trainer.iterations


def test_classification_counts_predictions() -> None:
    class Constant(eprop.Task):
        """Two readouts; the inputs say nothing, so that one class is predicted."""

        def __init__(self) -> None:
            net = eprop.Network(update_interval=50.0)
            self.inputs = net.add("in", eprop.SpikeTrains([[]] * 2))
            rec = net.add("rec", 3, eprop.EpropIafBsshslm2020())
            self.out = net.add("out", 2, eprop.EpropReadoutBsshslm2020(I_e=[1.0, 0.0]))
            self.target = net.add("target", eprop.StepRates([], np.empty((2, 0))))
            net.connect_rate(self.target, self.out, "target_signal")
            synapse = eprop.EpropSynapseBsshslm2020()
            self.plastic = [net.connect(rec, self.out, eprop.AllToAll(), synapse)]
            net.connect(self.inputs, rec, eprop.AllToAll(), eprop.StaticSynapse())
            net.connect_learning_signal(self.out, rec, eprop.AllToAll(), 1.0)
            self.network = net
            self.name = "constant"
            self.sequence = 50
            self.classifies = True
            self.batch_size = 2
            self.plan = eprop.TrainingPlan(iterations=1, test_iterations=2)

        def next(self, phase: eprop.Phase) -> list[eprop.Sample]:
            return [
                eprop.Sample([[], [1]], target=[1.0 - label, label], label=label)
                for label in (0, 1)
            ]

        def warnings(self) -> list[str]:
            return ["all samples are alike"]

    trainer = eprop.Trainer(Constant())
    if eprop.world().rank == 0:
        with pytest.warns(UserWarning, match="constant: all samples are alike"):
            trainer.run()
    else:
        trainer.run()
    assert trainer.confusion.tolist() == [[2, 0], [2, 0]]
    assert trainer.errors.tolist() == [0.5] * 3


def test_what_is_missing_or_of_another_kind_is_named() -> None:
    task = SineWaveTask(draw())
    del task.sequence
    with pytest.raises(eprop.InvalidParameter, match="task SineWaveTask: sequence: must be set"):
        eprop.Trainer(task)
    task.sequence = "long"  # type: ignore[assignment]
    with pytest.raises(eprop.InvalidParameter, match="SineWaveTask: sequence = 'long': must be a"):
        eprop.Trainer(task)
    with pytest.raises(eprop.InvalidParameter, match="trainer: threads = 'two': must be a whole"):
        eprop.Trainer(SineWaveTask(draw()), threads="two")  # type: ignore[arg-type]


def test_samples_that_do_not_fit_are_refused() -> None:
    task = SineWaveTask(draw())
    task.sample = eprop.Sample([[1]], task.sample.target)
    with pytest.raises(eprop.InvalidParameter):
        eprop.Trainer(task)
    task.sample = eprop.Sample([[]] * 100, np.zeros((1, 2, 3)))
    with pytest.raises(eprop.InvalidParameter, match=r"sample: target = array of shape \(1, 2, 3"):
        eprop.Trainer(task)
