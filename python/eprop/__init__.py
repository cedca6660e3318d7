"""Training spiking neural networks with e-prop, in parallel.

A Network says what to simulate, a Simulation runs it, on threads and MPI ranks; a Trainer trains it
on the samples of a Task. docs/python.md is the introduction.
"""

from eprop import _job
from eprop._communicator import world
from eprop._core import Communicator
from eprop._errors import (
    CheckpointError,
    CommError,
    DamagedOutput,
    DatasetError,
    Diverged,
    InvalidParameter,
    OutOfMemory,
    OutputError,
)
from eprop._handles import Population, Projection, RateGenerator
from eprop._inputs import PoissonSource, SpikeTrains, StepRates
from eprop._models import *  # noqa: F403
from eprop._models import __all__ as _models
from eprop._network import Network
from eprop._results import Losses, Spikes, Traces, Transmissions, Weights
from eprop._simulation import Simulation, most_replicas

_job.install()

__all__ = [
    *_models,
    "CheckpointError",
    "CommError",
    "Communicator",
    "DamagedOutput",
    "DatasetError",
    "Diverged",
    "InvalidParameter",
    "Losses",
    "Network",
    "OutOfMemory",
    "OutputError",
    "PoissonSource",
    "Population",
    "Projection",
    "RateGenerator",
    "Simulation",
    "SpikeTrains",
    "Spikes",
    "StepRates",
    "Traces",
    "Transmissions",
    "Weights",
    "most_replicas",
    "world",
]
