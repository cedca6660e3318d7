"""Times in ms as whole steps. As in PyNEST, a time counts in tics of 1 us."""

from typing import Any

import numpy as np

from .arrays import Integers
from .errors import NESTErrors

TICS_PER_MS = 1000.0


def tics(time: Any) -> Integers:
    """The nearest tics of a time or an array of times in ms, which have to be finite."""
    nearest: Integers = np.rint(np.multiply(time, TICS_PER_MS, dtype=float)).astype(np.int64)
    return nearest


def steps(times: Any, resolution: float, call: str, name: str) -> Integers:
    """Times in ms as steps of `resolution` ms; BadProperty if one is not on that grid."""
    times = np.asarray(times, dtype=float)
    if not np.all(np.isfinite(times)):
        raise NESTErrors.BadProperty(f"{call}: {name}: {times[~np.isfinite(times)][0]} is no time")
    whole, rest = np.divmod(tics(times), int(tics(resolution)))
    if np.any(rest):
        wrong = np.atleast_1d(times)[np.atleast_1d(rest != 0)][0]
        raise NESTErrors.BadProperty(
            f"{call}: {name} = {wrong} ms: must be a multiple of the resolution, {resolution} ms"
        )
    return whole


def one_step_count(time: float, resolution: float, call: str, name: str) -> int:
    """A single time in ms as steps; BadProperty if it is not on the grid."""
    return int(steps(time, resolution, call, name))
