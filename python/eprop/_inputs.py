"""What drives a network: spikes given or drawn, and step functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from eprop._core import Normal, Uniform

    #: A parameter of many neurons or synapses: one number for all, one for each, or a distribution.
    Value = Union[float, Sequence[float], np.ndarray, Normal, Uniform]


@dataclass(repr=False)
class SpikeTrains:
    """Input neurons that spike at given times.

    ``times`` has for each neuron an array or a list of times in ms; time ``g`` means "spikes in
    step ``g/dt``". Several spikes of a neuron in a step count once. With ``round_times``, times
    that are no multiples of dt are taken to the nearest step, also those that are appended later;
    otherwise they are refused.
    """

    times: Sequence[ArrayLike]
    round_times: bool = False

    def __repr__(self) -> str:
        return f"<SpikeTrains of {len(self.times)} neurons>"


@dataclass
class PoissonSource:
    """Input neurons that spike independently in each step from ``start`` to ``stop`` (ms).

    The probability is that of at least one event, in this step, of a Poisson process of ``rate``
    (spikes/s, one for all neurons, one for each, or a distribution).
    """

    rate: Value = 10.0
    start: float = 0.0
    stop: float = math.inf


@dataclass(repr=False)
class StepRates:
    """Step functions: ``amplitudes[g][i]`` is the output of generator g from ``times[i]`` (ms) on.

    Before the first time it is 0. Of a single generator, ``amplitudes`` may have one dimension.
    ``round_times`` as in SpikeTrains.
    """

    times: ArrayLike
    amplitudes: ArrayLike
    round_times: bool = False

    def __repr__(self) -> str:
        return f"<StepRates with {np.size(self.times)} times>"
