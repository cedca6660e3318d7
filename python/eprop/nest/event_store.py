"""What a recorder has recorded, as arrays with one entry per event."""

import numpy as np

from .arrays import Objects
from .models import Role
from .node_table import NodeTable

_INTEGERS = ("senders", "targets", "ports", "receptors")
_SPIKES = ("senders", "times")
_TRANSMISSIONS = ("senders", "targets", "weights", "times", "ports", "receptors")


class EventStore:
    """Events in order of time. They are kept in chunks, which arrays() joins."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._chunks: list[dict[str, Objects]] = []
        self.clear()

    def clear(self) -> None:
        """Drops all events."""
        self._chunks = [
            {name: np.empty(0, np.int64 if name in _INTEGERS else float) for name in self.names}
        ]

    def append(self, **arrays: Objects) -> None:
        """Adds events: an array of each name, all of the same length."""
        if len(arrays["times"]):
            self._chunks.append(arrays)

    def arrays(self) -> dict[str, Objects]:
        """Copies of all events."""
        if len(self._chunks) > 1:
            joined = {
                name: np.concatenate([chunk[name] for chunk in self._chunks])
                for name in self.names
            }
            self._chunks = [joined]
        return {name: array.copy() for name, array in self._chunks[0].items()}


def new_events(nodes: NodeTable, recorder: int) -> EventStore:
    """No events of a recorder yet, with the names that they will have."""
    (piece,) = nodes.pieces(np.array([recorder]))
    role = piece.block.model.role
    if role is Role.multimeter:
        return EventStore((*_SPIKES, *piece.block.columns["record_from"].at(piece.index[0])))
    return EventStore(_TRANSMISSIONS if role is Role.weight_recorder else _SPIKES)
