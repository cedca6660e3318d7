"""What nest.set() and assignments such as `nest.resolution = 1.0` change."""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Optional

import numpy as np

from .errors import NESTErrors
from .time_grid import TICS_PER_MS, tics


class VerbosityLevel(IntEnum):
    """Messages of less weight are not shown."""

    ALL = 0
    DEBUG = 5
    STATUS = 7
    INFO = 10
    PROGRESS = 15
    DEPRECATED = 18
    WARNING = 20
    ERROR = 30
    FATAL = 40
    QUIET = 100


@dataclass
class Settings:
    """Times in ms. Of `data_path`, `data_prefix` and `overwrite_files` nothing depends."""

    resolution: float = 0.1
    total_num_virtual_procs: int = 1
    local_num_threads: int = 1
    rng_seed: int = 143202461
    eprop_update_interval: float = 1000.0
    eprop_learning_window: Optional[float] = None
    eprop_reset_neurons_on_update: bool = True
    print_time: bool = False
    overwrite_files: bool = False
    data_path: str = ""
    data_prefix: str = ""


NAMES = tuple(f.name for f in fields(Settings))
# may be set at any time
HARMLESS = ("print_time", "overwrite_files", "data_path", "data_prefix")


def as_setting(name: str, value: Any) -> Any:
    """A value of the kind that the setting is of; TypeMismatch or BadProperty if it is none."""
    default = getattr(Settings(), name)
    kind: Any = float if default is None else type(default)
    right = isinstance(value, (bool, np.bool_)) if kind is bool else (
        isinstance(value, str) if kind is str else
        isinstance(value, (int, float, np.number)) and kind(value) == value
    )
    if not right:
        raise NESTErrors.TypeMismatch(f"nest.set: {name} = {value!r}: must be {kind.__name__}")
    if kind in (int, float) and not value > 0:
        raise NESTErrors.BadProperty(f"nest.set: {name} = {value!r}: must be positive")
    if name == "resolution" and abs(value * TICS_PER_MS - tics(value)) > 1e-9:
        raise NESTErrors.BadProperty(
            f"nest.set: resolution = {value} ms: must be a multiple of {1 / TICS_PER_MS} ms"
        )
    return kind(value)
