"""Training spiking neural networks with e-prop, in parallel.

A Network says what to simulate, a Simulation runs it, on threads and MPI ranks; a Trainer trains it
on the samples of a Task. docs/python.md is the introduction.
"""

from eprop import _core, _job, datasets
from eprop._communicator import world
from eprop._core import ChannelMap, Communicator
from eprop._dataset import (
    Dataset,
    DatasetSplit,
    EncodedSample,
    EncodedSpikes,
    InputEncoding,
    MemoryDataset,
    Recording,
    SampleReader,
    select_active_channels,
)
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
from eprop._models import __all__ as _model_names
from eprop._network import Network
from eprop._results import Losses, Spikes, Traces, Transmissions, Weights
from eprop._simulation import Simulation, most_replicas
from eprop._simulation_output import read_user_data
from eprop._simulation_synapses import read_weights
from eprop._task import Phase, Sample, Task, TrainingPlan, learning_rate
from eprop._trainer import BestIteration, IterationReport, PhaseReport, Trainer

__version__ = _core.__version__

_job.install()

__all__ = [
    *_model_names,
    "BestIteration",
    "ChannelMap",
    "CheckpointError",
    "CommError",
    "Communicator",
    "DamagedOutput",
    "Dataset",
    "DatasetError",
    "DatasetSplit",
    "Diverged",
    "EncodedSample",
    "EncodedSpikes",
    "InputEncoding",
    "InvalidParameter",
    "IterationReport",
    "Losses",
    "MemoryDataset",
    "Network",
    "OutOfMemory",
    "OutputError",
    "Phase",
    "PhaseReport",
    "PoissonSource",
    "Population",
    "Projection",
    "RateGenerator",
    "Recording",
    "Sample",
    "SampleReader",
    "Simulation",
    "SpikeTrains",
    "Spikes",
    "StepRates",
    "Task",
    "Traces",
    "Trainer",
    "TrainingPlan",
    "Transmissions",
    "Weights",
    "datasets",
    "learning_rate",
    "most_replicas",
    "read_user_data",
    "read_weights",
    "select_active_channels",
    "world",
]


def __dir__() -> list[str]:
    return [name for name in globals() if not name.startswith("_") or name.endswith("__")]
