"""Part of Simulation: weights and learning rates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from eprop import _core
from eprop._communicator import as_communicator
from eprop._handles import Projection
from eprop._results import Weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import spmatrix

    from eprop._communicator import AnyCommunicator
    from eprop._simulation_output import FileName


class SynapsesPart:
    """Weights and learning rates of a simulation."""

    _core: _core.Simulation

    def weights(self, projection: Projection) -> Weights:
        """The weights with which a transmission in the next step would act, on every rank."""
        shape = (projection.target.size, projection.source.size)
        return Weights(*self._core.weights(projection.index), shape)

    def set_weights(self, projection: Projection, weights: ArrayLike | spmatrix) -> None:
        """Sets all weights: in the order of weights(), or as a matrix [target][source].

        A matrix must have the projection's synapses and no others: NaN where there is none, or of
        scipy.sparse without these.
        """
        if hasattr(weights, "tocoo"):
            weights = _with_nan(weights)
        array = np.asarray(weights, dtype=float)
        if array.ndim == 2:
            self._core.set_weight_matrix(projection.index, array)
        else:
            self._core.set_weights(projection.index, array)

    def load_weights(self, path: FileName, projections: Iterable[Projection]) -> None:
        """Sets the weights of projections to those that a file has under their names.

        The file is an output file or a checkpoint, of any network with these synapses.
        """
        self._core.load_weights(str(path), [projection.index for projection in projections])

    def set_learning_rate(
        self, projection: Projection, eta: float, running_interval: bool = False
    ) -> None:
        """The learning rate from now on.

        bsshslm_2020: from the update interval on that begins next, or from the running one on.
        """
        self._core.set_learning_rate(projection.index, eta, running_interval)

    def synapse_count(self, projection: Projection) -> int:
        """Number of synapses of a projection, over all ranks."""
        return self._core.synapse_count(projection.index)


def _with_nan(matrix: Any) -> NDArray[np.float64]:
    """A sparse matrix as a dense one, with NaN for what it does not store."""
    entries = matrix.tocoo()
    dense = np.full(entries.shape, np.nan)
    dense[entries.row, entries.col] = entries.data
    return dense


def read_weights(path: FileName, projection: Projection, comm: AnyCommunicator = None) -> Weights:
    """The weights that an output file has of a projection, under its name; on every rank.

    The matrix /weights/PROJECTION/after, otherwise the last row of /weights/PROJECTION/data.
    OutputError if the file cannot be read or has neither.
    """
    table = _core.read_weights(str(path), projection.name, as_communicator(comm))
    return Weights(*table, (projection.target.size, projection.source.size))
