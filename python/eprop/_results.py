"""What a Simulation gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Reals = NDArray[np.float64]
    Indices = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Weights:
    """Synapses of a projection, ordered by target, then source: one entry each."""

    source: Indices
    target: Indices
    #: pA
    weight: Reals
    #: Numbers of targets and of sources.
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.weight)

    def __repr__(self) -> str:
        targets, sources = self.shape
        return f"Weights({len(self)} synapses from {sources} to {targets} neurons)"

    def matrix(self) -> Reals:
        """Weights as [target][source], NaN where there is no synapse.

        ValueError if several synapses connect a pair of neurons.
        """
        repeated = (np.diff(self.target) == 0) & (np.diff(self.source) == 0)
        if repeated.any():
            first = int(np.flatnonzero(repeated)[0])
            raise ValueError(
                f"weights: neuron {self.source[first]} has several synapses to "
                f"{self.target[first]}, which a matrix cannot tell apart; use sparse()"
            )
        matrix = np.full(self.shape, np.nan)
        matrix[self.target, self.source] = self.weight
        return matrix

    def sparse(self) -> csr_matrix:
        """Weights as a scipy.sparse matrix [target][source]; a pair's synapses are added up."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.weight, (self.target, self.source)), shape=self.shape)


@dataclass(frozen=True, eq=False)
class Spikes:
    """Spikes in order of time; the time, in ms, is the end of the spike's step."""

    times: Reals
    neurons: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.times)

    def __repr__(self) -> str:
        return f"Spikes({len(self)} spikes)"


@dataclass(frozen=True, eq=False)
class Transmissions:
    """Spikes that synapses have transmitted, in order of time, source and target.

    The time, in ms, is the end of the step in which the source spiked; the weight, in pA, that with
    which it was transmitted.
    """

    times: Reals
    source: Indices
    target: Indices
    weight: Reals

    def __len__(self) -> int:
        return len(self.times)

    def __repr__(self) -> str:
        return f"Transmissions({len(self)} spikes)"


@dataclass(frozen=True, eq=False)
class Traces:
    """State variables over time: ``values[sample][neuron][variable]`` at ``times[sample]`` (ms)."""

    times: Reals
    values: Reals
    variables: tuple[str, ...]
    #: Indices of the neurons in their population.
    neurons: NDArray[np.int64]

    def __getitem__(self, variable: str) -> Reals:
        """``values`` of one variable, as [sample][neuron]."""
        return self.values[:, :, self.variables.index(variable)]

    def __repr__(self) -> str:
        samples, neurons, _ = self.values.shape
        return f"Traces({', '.join(self.variables)}: {samples} samples of {neurons} neurons)"


@dataclass(frozen=True, eq=False)
class Losses:
    """Sums over the steps of each interval, as [interval][readout]."""

    #: Sum of (readout_signal - target_signal)^2.
    squared_error: Reals
    #: -Sum of target_signal * log(readout_signal).
    cross_entropy: Reals
    #: Mean readout_signal.
    readout: Reals
    #: Mean target_signal.
    target: Reals

    def __len__(self) -> int:
        return len(self.squared_error)

    def __repr__(self) -> str:
        intervals, readouts = self.squared_error.shape
        return f"Losses({intervals} intervals of {readouts} readouts)"
