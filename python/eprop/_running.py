"""Running a simulation in stretches, between which it can be interrupted and tells its progress."""

from __future__ import annotations

import time
from dataclasses import dataclass

from eprop import _core
from eprop._interrupt import InterruptWatch
from eprop._progress import Progress

#: Seconds that a stretch should take: how long Ctrl-C may wait.
STRETCH_SECONDS = 0.1
#: Steps of the first stretch, before anything is known of their speed.
FIRST_STRETCH = 64
#: A stretch has at most so many times the steps of the one before.
GROWTH = 8


@dataclass(frozen=True)
class Grid:
    """Steps at which a stretch may end: ``phase`` and every ``period`` after it.

    Results do not depend on where a run is cut. But checkpoints are possible after multiples of the
    smallest delay only, and replicas work side by side on whole batches.
    """

    period: int
    phase: int = 0

    def end(self, now: int, steps: int, last: int) -> int:
        """The end of a stretch of some ``steps`` from ``now`` on, not after step ``last``."""
        periods = max((now + steps - self.phase) // self.period, 0)
        end = self.phase + periods * self.period
        if end <= now:
            end += self.period * ((now - end) // self.period + 1)
        return min(end, last)


def grid_of(network: _core.Network, replicas: int) -> Grid:
    """The grid of simulations of a network with so many replicas."""
    options = network.options()
    if replicas > 1:
        # The first steps of a batch are those in which the readouts end the one before.
        sample = round(options["update_interval"] / options["dt"])
        return Grid(network.batch_size() * sample, phase=4)
    delays = network.delays()
    return Grid(round(min(delays) / options["dt"]) if delays else 1)


class Runner:
    """Runs a simulation; all ranks agree after every stretch."""

    def __init__(self, core: _core.Simulation, grid: Grid, dt: float) -> None:
        self._core = core
        self._grid = grid
        self._dt = dt
        self._steps = FIRST_STRETCH

    def run(self, steps: int, progress: bool | None) -> None:
        """Simulates so many steps.

        KeyboardInterrupt on all ranks after Ctrl-C on any, at the end of a stretch; the simulation
        can go on then.
        """
        begin = self._core.step
        last = begin + steps
        shows = progress if self._core.comm.rank == 0 else False
        bar = Progress(shows, steps * self._dt, "ms")
        try:
            with InterruptWatch() as watch:
                while self._core.step < last:
                    self._run_stretch(last)
                    self._agree(watch.seen)
                    bar.update((self._core.step - begin) * self._dt)
        finally:
            bar.close()

    def _run_stretch(self, last: int) -> None:
        now = self._core.step
        steps = self._grid.end(now, self._steps, last) - now
        begin = time.perf_counter()
        self._core.run(steps)
        seconds = max(time.perf_counter() - begin, 1e-9)
        fitting = int(steps * STRETCH_SECONDS / seconds)
        # A short stretch, at the end of a run, says little.
        if steps >= self._steps or fitting < self._steps:
            self._steps = max(1, min(fitting, GROWTH * self._steps))

    def _agree(self, interrupted: bool) -> None:
        """All ranks take the next stretch from rank 0, and any rank's interrupt for their own."""
        any_interrupted, self._steps = _core.agree(self._core.comm, interrupted, self._steps)
        if any_interrupted:
            raise KeyboardInterrupt
