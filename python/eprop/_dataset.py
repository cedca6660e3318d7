"""Labelled recordings of spikes, and how they become inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from eprop import _core, _job

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Steps = NDArray[np.int64]


class Recording(NamedTuple):
    """Spikes in no certain order: times in ms since the recording began, and their channels."""

    times: ArrayLike
    channels: ArrayLike


class Dataset(ABC):
    """Labelled recordings of spikes.

    One of your own derives from this class. Its functions may be called by several threads at once,
    and on every rank; a SampleReader asks for length, channels and classes once.
    """

    #: Spikes have channels below it.
    channels: int
    #: Labels lie below it.
    classes: int

    @abstractmethod
    def __len__(self) -> int:
        """Number of samples."""

    @abstractmethod
    def label(self, index: int) -> int:
        """Class of a sample."""

    @abstractmethod
    def spikes(self, index: int) -> Recording:
        """Recording of a sample."""


class EngineDataset(Dataset):
    """One of the C++ library."""

    def __init__(self, core: _core.Dataset) -> None:
        self._core = core
        self.channels = core.channels()
        self.classes = core.classes()

    def __len__(self) -> int:
        return self._core.size()

    def label(self, index: int) -> int:
        return self._core.label(index)

    def spikes(self, index: int) -> Recording:
        return Recording(*self._core.spikes(index))

    def __repr__(self) -> str:
        return (
            f"<Dataset: {len(self)} samples of {self.classes} classes, {self.channels} channels>"
        )


class MemoryDataset(EngineDataset):
    """Recordings held in memory, each as times (ms) and channels, and a label for each.

    InvalidParameter if a channel, a label or a time is none.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        recordings: Sequence[tuple[ArrayLike, ArrayLike]],
        labels: Sequence[int],
    ) -> None:
        super().__init__(_core.memory_dataset(channels, classes, recordings, labels))


class DatasetSplit(NamedTuple):
    """What a data set offers to train on and to test with."""

    training: Dataset
    test: Dataset


class EncodedSpikes(NamedTuple):
    """Spikes of input neurons in one sample."""

    #: Steps in ascending order per input; the first step of the sample is step 1.
    spikes: list[Steps]
    #: Number of spikes beyond the last step, which are left out.
    late: int


class InputEncoding:
    """How recordings become spikes of input neurons.

    ``duration`` ms, a whole number of µs, are mapped onto so many ``steps``; ``channels`` says
    which of them have an input neuron (None in select_active_channels' place: ChannelMap.all(n)).
    """

    def __init__(self, channels: _core.ChannelMap, duration: float, steps: int) -> None:
        self._core = _core.InputEncoding(channels, duration, steps)
        self.channels = channels
        self.duration = duration
        self.steps = steps

    def encode(self, recording: tuple[ArrayLike, ArrayLike]) -> EncodedSpikes:
        """Spikes of silent channels are left out, too."""
        return EncodedSpikes(*self._core.encode(recording))

    def __repr__(self) -> str:
        return f"InputEncoding({self.channels}, duration={self.duration}, steps={self.steps})"


def select_active_channels(
    dataset: Dataset,
    duration: float,
    steps: int,
    samples_per_label: int = 100,
    min_spikes_per_sample: float = 0.02,
) -> _core.ChannelMap:
    """Finds the channels that are not (nearly) silent, after encoding.

    Those with at least this mean number of spikes per sample looked at, and one in all.
    """
    return _core.select_active_channels(
        dataset, duration, steps, samples_per_label, min_spikes_per_sample
    )


@dataclass(frozen=True)
class EncodedSample:
    """A sample as a network takes it in."""

    #: In the data set.
    index: int
    label: int
    #: Steps in ascending order per input; the first step of the sample is step 1.
    spikes: list[Steps]
    #: Number of spikes beyond the last step, which are left out.
    late: int


class SampleReader:
    """Reads batches of samples ahead of whoever fetches them, in threads of its own.

    Parameters
    ----------
    samples : in all; more than the set has: epoch after epoch
    batch : samples that are read together; the last batch may have fewer
    shuffled : every epoch in an order of its own, given by seed, size of the set and epoch
    batches_ahead : finished ones that may wait to be fetched
    threads : that read; they change no result

    Every rank has one. What comes out does not depend on timing. An iterator of batches.
    """

    def __init__(
        self,
        dataset: Dataset,
        encoding: InputEncoding,
        samples: int,
        batch: int = 1,
        shuffled: bool = True,
        seed: int = 1,
        batches_ahead: int = 2,
        threads: int = 1,
    ) -> None:
        self._core = _core.SampleReader(
            dataset, encoding._core, samples, batch, shuffled, seed, batches_ahead, threads
        )
        _job.end_in_time(self)

    def next(self) -> list[EncodedSample]:
        """The next batch, waited for if need be; empty after the last.

        What the data set raised for a sample comes out in place of its batch.
        """
        return [EncodedSample(*sample) for sample in self._core.next()]

    def __iter__(self) -> Iterator[list[EncodedSample]]:
        while batch := self.next():
            yield batch

    def _end(self) -> None:
        self._core.end()
