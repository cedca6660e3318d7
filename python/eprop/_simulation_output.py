"""Part of Simulation: its output file and its checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Union

import numpy as np

from eprop import _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    FileName = Union[str, Path]


class OutputPart:
    """The output file and the checkpoints of a simulation."""

    _core: _core.Simulation

    def open_output(self, path: FileName, overwrite: bool = False) -> None:
        """Creates the HDF5 file that recordings go to, before any recording.

        OutputError if it cannot be created, or exists and is not to be overwritten.
        """
        self._core.open_output(str(path), overwrite)

    def continue_output(self, path: FileName, overwrite: bool = False) -> None:
        """After load_checkpoint(): opens the output file that was open then, to go on from there.

        To be followed by the same calls of record...() as then. DamagedOutput if it is gone or
        damaged. OutputError if another job is writing it, unless that is to be overwritten.
        """
        self._core.continue_output(str(path), overwrite)

    def write_output(self, dataset: str, values: ArrayLike, units: str = "") -> None:
        """Writes a whole dataset of the output file, of numbers in one or two dimensions."""
        array = np.asarray(values)
        columns = array.shape[1] if array.ndim == 2 else 0
        if array.dtype.kind in "iub":
            self._core.write_integers(dataset, array, columns)
        else:
            self._core.write_reals(dataset, array, columns, units)

    def write_attribute(self, object: str, name: str, value: float | str | Sequence[str]) -> None:
        """Writes an attribute of a dataset or a group of the output file."""
        if isinstance(value, str):
            self._core.write_text(object, name, value)
        elif isinstance(value, Sequence):
            self._core.write_texts(object, name, list(value))
        else:
            self._core.write_number(object, name, value)

    def append_output(self, dataset: str, values: ArrayLike, units: str = "") -> None:
        """Appends numbers to a 1-D dataset of the output file; the first call creates it."""
        array = np.atleast_1d(np.asarray(values))
        if array.dtype.kind in "iub":
            self._core.append_integers(dataset, array)
        else:
            self._core.append_reals(dataset, array, units)

    def flush_is_due(self) -> bool:
        """Whether some seconds have passed since the output file was flushed last, on rank 0.

        For a program that has something to append now and then.
        """
        return self._core.flush_is_due()

    def flush(self) -> None:
        """Writes what is recorded so far, for others to read."""
        self._core.flush()

    def close(self) -> None:
        """Writes what is recorded so far, closes the output file and ends all recordings."""
        self._core.close()

    def save_checkpoint(self, path: FileName, user_data: str = "") -> None:
        """Writes a file from which the simulation can be continued, on any ranks and threads.

        Only after a multiple of the smallest delay. Recordings in memory are lost, the output file
        must be kept.
        """
        self._core.save_checkpoint(str(path), user_data)

    def load_checkpoint(self, path: FileName) -> str:
        """Goes to where save_checkpoint() was called and returns its user_data.

        In step 0, of a simulation of the same network. CheckpointError if the file does not fit;
        nothing has changed then.
        """
        return self._core.load_checkpoint(str(path))


def read_user_data(checkpoint: FileName) -> str:
    """The user_data that save_checkpoint() has kept in a file; by any rank on its own."""
    return _core.read_user_data(str(checkpoint))
