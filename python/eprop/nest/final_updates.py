"""Spikes by which a script forces the last update of its synapses.

In NEST a weight is as of its synapse's last transmission. Scripts therefore end with a spike of all
neurons, made by a spike_generator with weights of 1000 pA. Once it has been sent, weights are those
that synapses have transmitted with last, as NEST has them; else those in force.
"""

from __future__ import annotations

import numpy as np

from .arrays import Integers
from .connection_table import Connections
from .kernel import kernel
from .models import NEURONS, Role
from .node_table import NodeTable
from .synapse_models import SynapseKind
from .time_grid import steps

FORCING_WEIGHT = 1000.0  # pA, at least


class FinalUpdates:
    """Whether a script forces updates, and has done so."""

    def __init__(self, nodes: NodeTable, connections: list[Connections]) -> None:
        self._nodes = nodes
        self._generators = np.unique(np.concatenate(
            [np.empty(0, dtype=np.int64), *(_forcing(nodes, made) for made in connections)]
        ))
        self.are_done = False

    @property
    def are_planned(self) -> bool:
        """Whether there is a generator for them."""
        return len(self._generators) > 0

    def play(self, begin: int, end: int) -> None:
        """The generators send what is due in the steps from `begin` to before `end`."""
        if self.are_done:
            return
        for piece in self._nodes.pieces(self._generators):
            for index in piece.index:
                times = piece.block.columns["spike_times"].at(index)
                due = steps(times, kernel.settings.resolution, "Simulate", "spike_times")
                self.are_done |= bool(np.any((due > begin) & (due <= end)))


def _forcing(nodes: NodeTable, made: Connections) -> Integers:
    """The generators among the sources of connections that make neurons spike."""
    if made.model.kind is not SynapseKind.static:
        return np.empty(0, dtype=np.int64)
    mask = nodes.have_role(made.source, Role.spike_generator)
    mask &= nodes.have_role(made.target, *NEURONS) & (made.weight >= FORCING_WEIGHT)
    return made.source[mask]
