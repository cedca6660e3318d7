"""The scripts of examples/python draw their figures, with the losses of the C++ programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[2] / "examples" / "python"

#: Writes what a script has in its variable `losses`.
SAVE_LOSSES = """
import runpy, sys
import numpy, eprop
del sys.argv[0]
losses = runpy.run_path(sys.argv[0])["losses"]
if eprop.world().rank == 0:
    numpy.save("losses.npy", losses)
"""


def call(*words: object, folder: Path, ranks: int = 1) -> str:
    """What a command prints."""
    launcher = [] if ranks == 1 else ["mpirun", "--oversubscribe", "-n", str(ranks)]
    command = [*launcher, *map(str, words)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def losses_in(file: Path) -> list[float]:
    with h5py.File(file) as h5:
        return list(h5["training/loss"])


def losses_of_program(build: Path, name: str, iterations: int, folder: Path) -> list[float]:
    program = build / "examples" / name
    if not program.exists():
        pytest.skip("the examples are not built")
    file = folder / "program.h5"
    call(program, "--iterations", iterations, "--no-record", "--quiet", "--output", file,
         folder=folder)
    return losses_in(file)


def assert_is_drawn(figure: Path) -> None:
    assert figure.read_bytes()[:4] == b"\x89PNG"
    assert figure.stat().st_size > 10_000


on_layouts = pytest.mark.parametrize("ranks, threads", [(1, 1), (1, 2), (2, 1)])


@on_layouts
def test_sine_waves_by_intervals(build: Path, tmp_path: Path, ranks: int, threads: int) -> None:
    script = SCRIPTS / "sine_waves_bsshslm_2020.py"
    printed = call(sys.executable, "-B", script, "--iterations", 5, "--threads", threads,
                   "--output", "run.h5", folder=tmp_path, ranks=ranks)
    assert losses_in(tmp_path / "run.h5") == losses_of_program(build, script.stem, 5, tmp_path)
    assert printed.split() == ["run_loss.png", "run_spikes.png", "run_traces_out.png"]
    for figure in printed.split():
        assert_is_drawn(tmp_path / figure)


@on_layouts
def test_sine_waves_by_transmissions(
    build: Path, tmp_path: Path, ranks: int, threads: int
) -> None:
    script = SCRIPTS / "sine_waves.py"
    call(sys.executable, "-B", "-c", SAVE_LOSSES, script, "--iterations", 5, "--threads", threads,
         "--output", "run.png", folder=tmp_path, ranks=ranks)
    losses = list(np.load(tmp_path / "losses.npy"))
    assert losses == losses_of_program(build, script.stem, 5, tmp_path)
    assert_is_drawn(tmp_path / "run.png")


@on_layouts
def test_evidence_accumulation(build: Path, tmp_path: Path, ranks: int, threads: int) -> None:
    script = SCRIPTS / "evidence_accumulation.py"
    call(sys.executable, "-B", script, "--iterations", 10, "--threads", threads, "--output", "run",
         folder=tmp_path, ranks=ranks)
    losses = losses_in(tmp_path / "run.h5")
    assert losses == losses_of_program(build, f"{script.stem}_bsshslm_2020", 10, tmp_path)
    assert len(losses) > 12  # with a validation and the test
    assert_is_drawn(tmp_path / "run.png")


@pytest.mark.parametrize("ranks", [1, 2])
def test_own_network_learns(tmp_path: Path, ranks: int) -> None:
    printed = call(sys.executable, "-B", SCRIPTS / "own_network.py", folder=tmp_path, ranks=ranks)
    assert printed == "errors in the test: [0. 0.]\n"
    assert_is_drawn(tmp_path / "own_network.png")


@pytest.mark.parametrize("ranks", [1, 2])
def test_live_plot_shows_the_training_so_far(tmp_path: Path, ranks: int) -> None:
    printed = call(sys.executable, "-B", SCRIPTS / "live_plot.py", "--iterations", 20,
                   folder=tmp_path, ranks=ranks)
    losses = [float(line.split()[-1]) for line in printed.splitlines()]
    assert len(losses) == 4
    assert losses[-1] < 0.2 * losses[0]
    assert_is_drawn(tmp_path / "live_plot.png")
