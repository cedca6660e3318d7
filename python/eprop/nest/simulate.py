"""Simulate() and its parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .engine import Engine
from .errors import NESTErrors
from .kernel import kernel
from .time_grid import one_step_count


def ResetKernel() -> None:
    """Drops all nodes, connections, settings and changed defaults."""
    kernel.reset()


def Simulate(t: float) -> None:
    """Simulates a time in ms, a multiple of the resolution; builds the network first."""
    with RunManager():
        Run(t)


def Prepare() -> None:
    """Builds the network, if that has not been done."""
    if kernel.prepared:
        raise NESTErrors.KernelException("Prepare: was called already; call Cleanup() first")
    if kernel.engine is None:
        kernel.engine = Engine(kernel)
    kernel.prepared = True


def Run(t: float) -> None:
    """Simulates a time in ms, between Prepare() and Cleanup()."""
    if not kernel.prepared or kernel.engine is None:
        raise NESTErrors.KernelException("Run: call Prepare() first")
    steps = one_step_count(t, kernel.settings.resolution, "Simulate", "time")
    if steps < 0:
        raise NESTErrors.BadParameter(f"Simulate: time = {t} ms: must be >= 0")
    kernel.engine.run(steps, kernel.settings.print_time)


def Cleanup() -> None:
    """Ends what Prepare() began."""
    if not kernel.prepared:
        raise NESTErrors.KernelException("Cleanup: call Prepare() first")
    kernel.prepared = False


@contextmanager
def RunManager() -> Iterator[None]:
    """Prepare() before, Cleanup() after calls of Run()."""
    Prepare()
    try:
        yield
    finally:
        Cleanup()
