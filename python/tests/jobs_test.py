"""How jobs begin and end: MPI, failures on some ranks, launchers that do not fit."""

from __future__ import annotations

import pytest
from jobs import run

SIMULATION = """
from sine_waves import draw, sine_waves, train
import eprop
draws = draw()
task = sine_waves(draws)
sim = eprop.Simulation(task.network)
rank = sim.communicator.rank
"""


def tracebacks(err: str) -> int:
    return err.count("Traceback (most recent call last)")


def test_without_a_launcher_there_is_no_mpi() -> None:
    status, out, err = run(
        SIMULATION
        + """
from mpi4py import rc
rc.initialize = False
from mpi4py import MPI
print(sim.communicator.size, MPI.Is_initialized())
"""
    )
    assert (status, out, err) == (0, "1 False\n", "")


@pytest.mark.parametrize("before", ["", "from mpi4py import MPI\n"])
def test_mpi4py_may_be_imported_before_or_after(before: str) -> None:
    program = before + SIMULATION + "from mpi4py import MPI\nprint(MPI.COMM_WORLD.allreduce(rank))"
    status, out, err = run(program, ranks=3)
    assert (status, sorted(out), err) == (0, sorted("3\n" * 3), "")  # lines may be mixed


def test_communicators_of_mpi4py_are_adopted() -> None:
    program = """
from mpi4py import MPI
from sine_waves import draw, sine_waves, train
import eprop
world = MPI.COMM_WORLD
half = world.Split(world.rank // 2)
draws = draw()
task = sine_waves(draws)
sim = eprop.Simulation(task.network, comm=half)
assert (sim.communicator.size, sim.communicator.rank) == (half.size, half.rank)
losses = train(sim, task, draws, 2)
assert len(set(world.allgather(tuple(losses)))) == 1
"""
    assert run(program, ranks=3) == (0, "", "")


def test_what_is_no_communicator_is_refused() -> None:
    program = SIMULATION + "eprop.Simulation(task.network, comm=3)"
    status, _, err = run(program)
    assert status == 1
    assert "InvalidParameter: simulation: comm = 3: must be eprop.world()" in err


def test_a_fault_of_all_ranks_is_told_once() -> None:
    status, _, err = run(SIMULATION + "raise RuntimeError('all of us')", ranks=3)
    assert status != 0
    assert tracebacks(err) == err.count("RuntimeError: all of us") == 1


def test_a_fault_before_ranks_are_connected_is_told_once() -> None:
    program = "import eprop\neprop.Network().add('in', 1, eprop.EpropIaf(C_m=-1.0))"
    status, _, err = run(program, ranks=3)
    assert status != 0
    assert tracebacks(err) == err.count("eprop.InvalidParameter: population 'in': C_m = -1 pF") == 1


@pytest.mark.parametrize("failing", [0, 1])
def test_a_fault_of_one_rank_ends_the_others(failing: int) -> None:
    program = SIMULATION + f"if rank == {failing}: raise RuntimeError('only me')\nsim.run(1e6)"
    status, _, err = run(program, ranks=3)
    assert status != 0
    assert tracebacks(err) == err.count("RuntimeError: only me") == 1


def test_a_rank_that_exits_does_not_leave_others_waiting() -> None:
    program = SIMULATION + "import sys\nif rank == 1: sys.exit(3)\nsim.run(1e6)"
    status, _, err = run(program, ranks=3)
    assert status != 0
    assert tracebacks(err) == 1


def test_ranks_may_exit_together() -> None:
    status, _, err = run(SIMULATION + "import sys\nsys.exit(5)", ranks=2)
    assert status == 5
    assert tracebacks(err) == 0


def test_output_is_closed_when_ranks_end() -> None:
    program = """
import os, tempfile
folder = eprop.world().broadcast(tempfile.mkdtemp().encode()).decode()
sim.open_output(folder + "/run.h5")
sim.record_spikes(task.rec)
train(sim, task, draws, 1)
if rank == 0:
    print(folder)
"""
    status, out, err = run(SIMULATION + program, ranks=2)
    assert (status, err) == (0, "")
    import h5py

    with h5py.File(out.split()[0] + "/run.h5") as file:
        assert len(file["spikes/rec/timestamps"]) > 0


def test_processes_that_mpi_does_not_connect_are_refused() -> None:
    launcher = {"SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "0"}
    status, _, err = run(SIMULATION, env=launcher)
    assert status == 1
    assert "launch: srun started 2 tasks" in err
    assert tracebacks(err) <= 1


def test_an_exception_of_one_process_is_as_ever() -> None:
    status, _, err = run(SIMULATION + "raise KeyError('mine')")
    assert status == 1
    assert err.startswith("Traceback") and err.endswith("KeyError: 'mine'\n")
