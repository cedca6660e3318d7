"""Runs PyNEST scripts that use e-prop, on eprop.

`import eprop.nest as nest` in place of `import nest`, or, with a script as it is,
`python3 -m eprop.nest script.py`. It understands the part of PyNEST in which e-prop is used, and
says with an error of NESTErrors what it does not. docs/from_pynest.md has the list of calls, and
what differs.
"""

import sys as _sys
from collections.abc import Callable as _Callable
from types import ModuleType as _ModuleType
from typing import Any as _Any

import eprop as _eprop

from . import random
from .connect import Connect
from .create import CopyModel, Create, GetDefaults, SetDefaults
from .errors import NESTError, NESTErrors
from .kernel import kernel as _kernel
from .node_collection import NodeCollection
from .settings import NAMES as _SETTINGS
from .settings import VerbosityLevel
from .simulate import Cleanup, Prepare, ResetKernel, Run, RunManager, Simulate
from .synapse_collection import GetConnections, SynapseCollection
from .time_grid import TICS_PER_MS as _TICS_PER_MS


def Rank() -> int:
    """Which of the processes this one is."""
    return int(_eprop.world().rank)


def NumProcesses() -> int:
    """How many processes mpirun has started."""
    return int(_eprop.world().size)


def set(**settings: _Any) -> None:
    """Changes settings: `nest.set(resolution=1.0)`; ValueError for names that there are not."""
    _kernel.set(settings)


def get(names: _Any) -> _Any:
    """The value of a setting, or a dictionary of those of a list of names."""
    if isinstance(names, str):
        return getattr(_sys.modules[__name__], names)
    return {name: get(name) for name in names}


_READ_ONLY: dict[str, _Callable[[], _Any]] = {
    "biological_time": lambda: _kernel.time,
    "build_info": lambda: {
        "have_threads": True, "have_mpi": True, "have_hdf5": True, "have_boost": True,
        "have_gsl": False, "have_music": False, "have_libneurosim": False, "have_sionlib": False,
    },
    "network_size": lambda: _kernel.nodes.size,
    "node_models": lambda: tuple(_kernel.node_models),
    "num_connections": lambda: sum(len(made) for made in _kernel.connections),
    "num_processes": NumProcesses,
    "synapse_models": lambda: tuple(_kernel.synapse_models),
    "tics_per_ms": lambda: _TICS_PER_MS,
    "tics_per_step": lambda: _TICS_PER_MS * _kernel.settings.resolution,
}

__all__ = [
    "Cleanup", "Connect", "CopyModel", "Create", "GetConnections", "GetDefaults", "NESTError",
    "NESTErrors", "NodeCollection", "NumProcesses", "Prepare", "Rank", "ResetKernel", "Run",
    "RunManager", "SetDefaults", "Simulate", "SynapseCollection", "VerbosityLevel", "get", "random",
    "set",
]


class _Nest(_ModuleType):
    """The module, with the settings as attributes."""

    def __getattr__(self, name: str) -> _Any:
        if name in _SETTINGS:
            return _kernel.get(name)
        if name == "verbosity":
            return _kernel.verbosity
        if name in _READ_ONLY:
            return _READ_ONLY[name]()
        raise AttributeError(f"nest.{name}: there is none; docs/from_pynest.md lists what there is")

    def __setattr__(self, name: str, value: _Any) -> None:
        if name in _SETTINGS:
            _kernel.set({name: value})
        elif name == "verbosity":
            _kernel.verbosity = VerbosityLevel(value)
        elif isinstance(value, _ModuleType) or name.startswith("__"):
            super().__setattr__(name, value)  # what importing does
        else:
            raise AttributeError(
                f"nest.{name} = {value!r}: there is no such setting; there are verbosity, "
                + ", ".join(_SETTINGS)
            )

    def __dir__(self) -> list[str]:
        return sorted([*__all__, *_SETTINGS, *_READ_ONLY, "verbosity"])


_sys.modules[__name__].__class__ = _Nest
