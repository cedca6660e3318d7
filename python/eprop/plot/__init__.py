"""Figures of what the output file of a simulation or of a training holds.

Each function takes the path of such a file, which may be one that is still written, and returns a
matplotlib figure, to be looked at in a notebook or saved with its ``savefig()``. RunFileError says
what is not in the file. ``python3 -m eprop.plot FILE`` saves all figures.

The package needs matplotlib and h5py, and nothing else of eprop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from matplotlib.figure import Figure

from .drawing import File, draw_all, draw_one, saved
from .run_file import RunFile, RunFileError

__all__ = [
    "RunFileError",
    "activity",
    "confusion",
    "curve",
    "figures",
    "sample",
    "save",
    "spikes",
    "traces",
    "training",
    "weight_matrix",
    "weights",
]


def figures(file: File) -> dict[str, Figure]:
    """All figures that the file holds data for, by name."""
    with RunFile(file) as run:
        return dict(draw_all(run))


def save(file: File, folder: File | None = None, format: str = "png") -> list[Path]:
    """Saves all figures as FOLDER/FILE_NAME.FORMAT and returns the paths.

    The folder is the file's if none is given; it is made if need be.
    """
    folder = Path(folder) if folder is not None else Path(file).parent
    folder.mkdir(parents=True, exist_ok=True)
    return list(saved(Path(file), folder, format))


def training(file: File) -> Figure:
    """Loss, and classification error where there is one, over iterations."""
    return draw_one(file, "loss")


def confusion(file: File) -> Figure:
    """How often samples of each class were taken for which in the test."""
    return draw_one(file, "confusion")


def activity(file: File, iteration: Literal["first", "last"] = "last") -> Figure:
    """Spikes, the signals of a neuron, and the readout against its target.

    Of the first sample in the first or the last iteration of a training.
    """
    return draw_one(file, f"activity_{iteration}")


def sample(file: File) -> Figure:
    """The input spikes of one sample of a training."""
    return draw_one(file, "sample_input")


def curve(file: File) -> Figure:
    """The curve that readouts have learnt to draw, in the first and the last iteration."""
    return draw_one(file, "curve")


def spikes(file: File) -> Figure:
    """Spikes of each population when recording began and when it ended, of runs without a task."""
    return draw_one(file, "spikes")


def traces(file: File, recording: str) -> Figure:
    """The variables of a recording over time; ``recording`` is its name, or its population's."""
    return draw_one(file, f"traces_{recording}")


def weights(file: File) -> Figure:
    """Weights over time, of some synapses of each projection that was recorded."""
    return draw_one(file, "weights")


def weight_matrix(file: File, projection: str) -> Figure:
    """All weights of a projection before and after training, and what has changed."""
    return draw_one(file, f"weight_matrix_{projection}")
