"""Data sets: digits seen by an event camera, and spoken words as spikes of an inner ear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eprop import _core
from eprop._dataset import Dataset, DatasetSplit, EngineDataset

__all__ = [
    "DIGIT_DURATION",
    "EAR_CHANNELS",
    "MADE_UP_WORD_DURATION",
    "SHD_CLASSES",
    "SSC_CLASSES",
    "check_digits",
    "drawn_digits",
    "made_up_words",
    "read_digits",
    "read_heidelberg",
    "read_heidelberg_file",
]

#: ms; no recording of N-MNIST is longer.
DIGIT_DURATION: float = _core.digit_duration
EAR_CHANNELS: int = _core.ear_channels
#: The digits in English, then in German.
SHD_CLASSES: int = _core.shd_classes
#: Words.
SSC_CLASSES: int = _core.ssc_classes
#: ms; no made-up word lasts longer.
MADE_UP_WORD_DURATION: float = _core.made_up_word_duration


def _split(parts: tuple[_core.Dataset, _core.Dataset]) -> DatasetSplit:
    return DatasetSplit(*(EngineDataset(part) for part in parts))


def drawn_digits(
    seed: int, training_size: int, test_size: int, digits: Sequence[int] | None = None
) -> DatasetSplit:
    """Recordings of drawn digits, made when asked for: they need no files.

    10 classes, 2 · 34 · 34 channels as in N-MNIST: polarity · 34 · 34 + y · 34 + x. A sample
    depends on nothing but seed, set, index and the digits in use (None: all), which take turns.
    """
    return _split(_core.drawn_digits(seed, training_size, test_size, digits))


def read_digits(folder: str | Path, seed: int, digits: Sequence[int] | None = None) -> DatasetSplit:
    """Digits from files, of N-MNIST (Train/D/*.bin, Test/D/*.bin) or of MNIST (IDX files).

    MNIST is looked at by the camera that drawn_digits() has; shaking and noise of a sample depend
    on seed, set and index. DatasetError if a folder or a file is missing or damaged.
    """
    return _split(_core.read_digits(Path(folder), seed, digits))


def check_digits(folder: str | Path, digits: Sequence[int] | None = None) -> list[Path]:
    """Looks through the files that read_digits() would use; on one rank, as it takes long.

    DatasetError for the first that is damaged. Returns files that are no recordings and left out.
    """
    return [Path(path) for path in _core.check_digits(Path(folder), digits)]


def read_heidelberg_file(file: str | Path, classes: int) -> Dataset:
    """A file of the Spiking Heidelberg Digits or the Spiking Speech Commands (Cramer et al. 2020).

    HDF5; spikes are read when asked for. DatasetError if it is missing or damaged.
    """
    return EngineDataset(_core.read_heidelberg_file(Path(file), classes))


def read_heidelberg(folder: str | Path) -> DatasetSplit:
    """The files of a folder: shd_train.h5 and shd_test.h5, or ssc_train.h5 and ssc_test.h5."""
    return _split(_core.read_heidelberg(Path(folder)))


def made_up_words(
    seed: int, training_size: int, test_size: int, classes: int = SHD_CLASSES
) -> DatasetSplit:
    """Recordings of words that no one speaks, made when asked for: they need no files.

    700 channels. What a class sounds like depends on the seed and the class, a sample on nothing
    but seed, set, index and number of classes, which take turns.
    """
    return _split(_core.made_up_words(seed, training_size, test_size, classes))
