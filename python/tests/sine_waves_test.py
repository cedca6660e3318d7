"""The sine wave task gives the losses of the literature, and of the C++ program to the bit."""

from __future__ import annotations

import os
import pickle
import subprocess
from pathlib import Path

import h5py
import pytest
from sine_waves import REFERENCE_LOSSES, SEQUENCE, draw, sine_waves, train

import eprop

PROGRAM = "examples/sine_waves_bsshslm_2020"


def run_program(build: Path, output: Path, iterations: int) -> None:
    """Trains with the C++ program, as one process."""
    program = build / PROGRAM
    if not program.exists():
        pytest.skip("the examples are not built")
    alone = {k: v for k, v in os.environ.items() if not k.startswith(("OMPI_", "PMIX_"))}
    options = ["--iterations", str(iterations), "--seed", "1", "--quiet", "--overwrite"]
    subprocess.run([program, *options, "--output", output], env=alone, check=True)


def trained(iterations: int, threads: int = 1) -> list[float]:
    draws = draw()
    task = sine_waves(draws)
    sim = eprop.Simulation(task.network, threads=threads)
    return train(sim, task, draws, iterations)


@pytest.mark.parametrize("threads", [1, 2])
def test_losses_are_those_of_the_literature(threads: int) -> None:
    losses = trained(len(REFERENCE_LOSSES), threads)
    assert losses == pytest.approx(REFERENCE_LOSSES, rel=1e-8)


def test_losses_are_those_of_the_program_to_the_bit(build: Path, folder: Path) -> None:
    comm = eprop.world()
    expected = b""
    if comm.rank == 0:
        run_program(build, folder / "program.h5", 5)
        with h5py.File(folder / "program.h5") as file:
            expected = pickle.dumps(list(file["training/loss"]))
    assert trained(5) == pickle.loads(comm.broadcast(expected))


def test_losses_do_not_depend_on_where_a_run_is_cut() -> None:
    draws = draw()
    task = sine_waves(draws)
    sim = eprop.Simulation(task.network)
    sim.append_spikes(task.inputs, draws.spikes, start=1)
    times = [t + 4.0 for t in range(SEQUENCE)]
    sim.append_rates(task.target, eprop.StepRates(times, draws.target))
    sim.track_loss(task.out, offset=4.0, interval=float(SEQUENCE))
    for steps in (1, 2, 500, 501):
        sim.run_steps(steps)
    assert 0.5 * sim.take_losses(task.out).squared_error[0, 0] == trained(1)[0]
