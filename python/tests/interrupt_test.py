"""Ctrl-C stops a run, and the simulation can go on."""

from __future__ import annotations

import signal
import subprocess
import threading
import time

import numpy as np
import pytest
from jobs import start
from sine_waves import SEQUENCE, draw, sine_waves, train

import eprop
from eprop._running import Grid

INTERRUPTED = """
from sine_waves import draw, sine_waves
import eprop
draws = draw()
task = sine_waves(draws)
sim = eprop.Simulation(task.network, progress=False)
sim.communicator.barrier()
if sim.communicator.rank == 0:
    print("running", flush=True)
try:
    sim.run(1e12)
except KeyboardInterrupt:
    pass
stopped = sim.step
assert sim.communicator.all_gather(str(stopped).encode()) == [str(stopped).encode()] * {ranks}
sim.run(10.0)
assert sim.step == stopped + 10
print("went on", flush=True)
"""


def pids_of_ranks(mpirun: subprocess.Popen) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(mpirun.pid)], capture_output=True, text=True, check=True
    )
    return [int(pid) for pid in found.stdout.split()]


@pytest.mark.parametrize("ranks", [1, 2])
def test_ctrl_c_stops_all_ranks_at_the_same_step(ranks: int) -> None:
    job = start(INTERRUPTED.format(ranks=ranks), ranks=ranks)
    assert job.stdout is not None and job.stdout.readline() == "running\n"
    time.sleep(0.5)
    pid = job.pid if ranks == 1 else pids_of_ranks(job)[-1]  # of one rank alone
    begin = time.monotonic()
    subprocess.run(["kill", "-INT", str(pid)], check=True)
    out, err = job.communicate(timeout=30)
    assert time.monotonic() - begin < 5.0
    assert (job.returncode, out.count("went on"), err) == (0, ranks, "")


def test_an_interrupted_run_goes_on_to_the_same_losses() -> None:
    draws = draw()
    iterations = 200
    task = sine_waves(draws)
    expected = train(eprop.Simulation(task.network), task, draws, iterations)

    sim = eprop.Simulation(task.network)
    sim.track_loss(task.out, offset=4.0, interval=float(SEQUENCE))
    sim.append_spikes(task.inputs, np.tile(draws.spikes, (iterations, 1)), start=1)
    times = 4.0 + np.arange(iterations * SEQUENCE)
    sim.append_rates(task.target, eprop.StepRates(times, np.tile(draws.target, iterations)))
    last = iterations * SEQUENCE + 4
    interrupts = 0
    while sim.step < last:
        threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()
        try:
            sim.run_steps(last - sim.step)
            sim.run(1e12)  # until the interrupt that is to come
        except KeyboardInterrupt:
            interrupts += 1
    assert interrupts > 1
    losses = 0.5 * sim.take_losses(task.out).squared_error.mean(axis=1)
    assert losses[:iterations].tolist() == expected


def test_a_handler_of_the_program_is_left_alone() -> None:
    seen = []
    previous = signal.signal(signal.SIGINT, lambda *_: seen.append(True))
    try:
        sim = eprop.Simulation(sine_waves(draw()).network)
        threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()
        begin = time.monotonic()
        while not seen and time.monotonic() - begin < 10.0:
            sim.run(1000.0)
        assert seen
    finally:
        signal.signal(signal.SIGINT, previous)


def test_other_threads_run_meanwhile() -> None:
    sim = eprop.Simulation(sine_waves(draw()).network, progress=False)
    counted = []
    stop = threading.Event()

    def count() -> None:
        while not stop.is_set():
            counted.append(sim.step)
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    sim.run(100_000.0)
    stop.set()
    thread.join()
    assert len(counted) > 5


@pytest.mark.parametrize(
    ("grid", "now", "steps", "last", "end"),
    [
        (Grid(1), 0, 64, 1000, 64),
        (Grid(1), 990, 64, 1000, 1000),
        (Grid(5), 0, 64, 1000, 60),
        (Grid(5), 3, 1, 1000, 5),
        (Grid(5), 5, 1, 1000, 10),
        (Grid(5), 3, 1, 4, 4),
        (Grid(4000, 4), 0, 64, 10**6, 4),
        (Grid(4000, 4), 4, 64, 10**6, 4004),
        (Grid(4000, 4), 4, 9000, 10**6, 8004),
        (Grid(4000, 4), 4004, 64, 8000, 8000),
    ],
)
def test_stretches_end_on_the_grid(grid: Grid, now: int, steps: int, last: int, end: int) -> None:
    assert grid.end(now, steps, last) == end
