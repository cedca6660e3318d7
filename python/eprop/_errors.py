"""What the package raises, with the messages of the C++ engine."""

from __future__ import annotations


class InvalidParameter(ValueError):
    """What was asked for breaks a rule; the message names the thing, the value and the rule."""


class OutputError(OSError):
    """An output file cannot be written or read."""


class DamagedOutput(OutputError):
    """The output file that a checkpoint is to go on with is gone or damaged."""


class CheckpointError(OSError):
    """A checkpoint cannot be written, is damaged or is not of this simulation."""


class DatasetError(OSError):
    """A file of a data set is missing, damaged or of another form."""


class Diverged(ArithmeticError):
    """A simulation has come to numbers that are infinite or NaN.

    ``step`` is the first step in which such a number was found.
    """

    def __init__(self, message: str, step: int) -> None:
        super().__init__(message)
        self.step = step


class OutOfMemory(MemoryError):
    """A rank has not enough memory; the message says which and for what."""


class CommError(RuntimeError):
    """The transport between ranks failed; the message says which operation."""


for _error in (
    InvalidParameter,
    OutputError,
    DamagedOutput,
    CheckpointError,
    DatasetError,
    Diverged,
    OutOfMemory,
    CommError,
):
    _error.__module__ = "eprop"  # as users know it
