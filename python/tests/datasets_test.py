"""Data sets, of the library and in Python, and what becomes of them."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import eprop
from eprop import datasets


class Taps(eprop.Dataset):
    """Sample i has a spike of channel i % 4 at i ms."""

    channels = 4
    classes = 2

    def __init__(self, n: int = 6) -> None:
        self._n = n
        self.threads: set[int] = set()

    def __len__(self) -> int:
        return self._n

    def label(self, index: int) -> int:
        return index % 2

    def spikes(self, index: int) -> eprop.Recording:
        self.threads.add(threading.get_ident())
        return eprop.Recording([float(index)], [index % 4])


ENCODING = eprop.InputEncoding(eprop.ChannelMap.all(4), duration=10.0, steps=10)


def test_a_reader_reads_a_dataset_of_python_in_other_threads() -> None:
    taps = Taps()
    reader = eprop.SampleReader(taps, ENCODING, samples=7, batch=3, shuffled=False, threads=2)
    batches = list(reader)
    assert [len(batch) for batch in batches] == [3, 3, 1]
    samples = [sample for batch in batches for sample in batch]
    assert [sample.index for sample in samples] == [0, 1, 2, 3, 4, 5, 0]
    assert [sample.label for sample in samples] == [0, 1, 0, 1, 0, 1, 0]
    assert [spikes.tolist() for spikes in samples[5].spikes] == [[], [6], [], []]
    assert threading.get_ident() not in taps.threads
    assert reader.next() == []


def test_a_reader_shuffles_alike_for_a_seed() -> None:
    orders = [
        [s.index for batch in eprop.SampleReader(Taps(), ENCODING, 6, seed=seed) for s in batch]
        for seed in (1, 1, 2)
    ]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[2]) == list(range(6))


def test_a_reader_may_be_left_before_it_has_read_all() -> None:
    reader = eprop.SampleReader(Taps(), ENCODING, samples=10_000)
    assert len(reader.next()) == 1
    del reader


def test_faults_of_a_dataset_come_out_in_place_of_the_batch() -> None:
    class Faulty(Taps):
        def spikes(self, index: int) -> eprop.Recording:
            if index == 1:
                raise LookupError("sample 1 is lost")
            return super().spikes(index)

    reader = eprop.SampleReader(Faulty(), ENCODING, samples=3, shuffled=False)
    assert len(reader.next()) == 1
    for _ in range(2):
        with pytest.raises(LookupError, match="sample 1 is lost"):
            reader.next()


@pytest.mark.parametrize(
    ("spikes", "message"),
    [
        (([1.0], [4]), "data set: sample 0: channel = 4: must be below the number of channels, 4"),
        (([-1.0], [0]), "data set: sample 0: time = -1"),
        (([1.0, 2.0], [0]), "same length"),
    ],
)
def test_recordings_that_are_none_are_refused(spikes: tuple[Any, Any], message: str) -> None:
    class Wrong(Taps):
        def spikes(self, index: int) -> eprop.Recording:
            return eprop.Recording(*spikes)

    reader = eprop.SampleReader(Wrong(), ENCODING, samples=1, shuffled=False)
    with pytest.raises((eprop.DatasetError, eprop.InvalidParameter), match=message):
        reader.next()


def test_memory_holds_recordings() -> None:
    recordings = [([1.0, 2.5], [0, 3]), ([], [])]
    dataset = eprop.MemoryDataset(4, 2, recordings, [1, 0])
    assert (len(dataset), dataset.channels, dataset.classes, dataset.label(0)) == (2, 4, 2, 1)
    times, channels = dataset.spikes(0)
    assert (list(times), list(channels)) == ([1.0, 2.5], [0, 3])
    with pytest.raises(eprop.InvalidParameter, match="labels = 1: must be as many"):
        eprop.MemoryDataset(4, 2, recordings, [1])
    with pytest.raises(eprop.InvalidParameter):
        dataset.label(2)
    encoded = ENCODING.encode(dataset.spikes(0))
    assert [spikes.tolist() for spikes in encoded.spikes] == [[2], [], [], [3]]
    assert encoded.late == 0


def test_channels_that_are_silent_get_no_input() -> None:
    channels = eprop.select_active_channels(Taps(3), duration=10.0, steps=10)
    assert (channels.inputs, channels.channels) == (3, 4)
    assert channels.active.tolist() == [0, 1, 2]
    chosen = eprop.ChannelMap(np.array([False, True, False, True]))
    assert chosen.active.tolist() == [1, 3]


def test_drawn_digits_and_made_up_words_need_no_files() -> None:
    split = datasets.drawn_digits(1, 20, 10, digits=[3, 5])
    assert isinstance(split.training, eprop.Dataset)
    assert (len(split.training), len(split.test), split.training.classes) == (20, 10, 10)
    assert {split.training.label(i) for i in range(20)} == {3, 5}
    times, channels = split.test.spikes(0)
    assert len(times) == len(channels) > 500
    assert times.max() <= datasets.DIGIT_DURATION
    words = datasets.made_up_words(1, 4, 2, classes=2)
    assert words.training.channels == datasets.EAR_CHANNELS
    with pytest.raises(eprop.DatasetError):
        datasets.read_digits("/nowhere", 1)
    with pytest.raises(eprop.DatasetError):
        datasets.read_heidelberg("/nowhere")
