"""What a recorder has recorded, as arrays with one entry per event."""

import numpy as np

from .arrays import Objects
from .models import Role
from .node_table import NodeTable

_INTEGERS = ("senders", "targets", "ports", "receptors")
_SPIKES = ("senders", "times")
_TRANSMISSIONS = ("senders", "targets", "weights", "times", "ports", "receptors")


class EventStore:
    """Events in order of time, in arrays that grow by doubling."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._size = 0
        self._arrays: dict[str, Objects] = {}
        self.clear()

    def __len__(self) -> int:
        return self._size

    def clear(self) -> None:
        """Drops all events."""
        self._size = 0
        self._arrays = {
            name: np.empty(0, np.int64 if name in _INTEGERS else float) for name in self.names
        }

    def append(self, **arrays: Objects) -> None:
        """Adds events: an array of each name, all of the same length."""
        size = self._size + len(arrays["times"])
        for name, more in arrays.items():
            array = self._arrays[name]
            if size > len(array):
                array = np.empty(max(size, 2 * len(array)), array.dtype)
                array[: self._size] = self._arrays[name][: self._size]
                self._arrays[name] = array
            array[self._size : size] = more
        self._size = size

    def arrays(self) -> dict[str, Objects]:
        """Copies of all events."""
        return {name: array[: self._size].copy() for name, array in self._arrays.items()}


def new_events(nodes: NodeTable, recorder: int) -> EventStore:
    """No events of a recorder yet, with the names that they will have."""
    (piece,) = nodes.pieces(np.array([recorder]))
    role = piece.block.model.role
    if role is Role.multimeter:
        return EventStore((*_SPIKES, *piece.block.columns["record_from"].at(piece.index[0])))
    return EventStore(_TRANSMISSIONS if role is Role.weight_recorder else _SPIKES)
