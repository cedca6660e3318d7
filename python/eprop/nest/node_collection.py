"""NodeCollection: a set of nodes, in ascending order of their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

import numpy as np

from .arrays import Integers, Objects
from .errors import NESTErrors
from .kernel import kernel
from .node_access import get_parameter, names_of, set_parameters


class NodeCollection:
    """Nodes, as Create() returns them; or of the ids given.

    Slices, arrays of indices and sums are NodeCollections, too. Parameters are attributes:
    `neurons.V_th = 15.0`.
    """

    __slots__ = ("_ids",)
    _ids: Integers

    def __init__(self, ids: Any = ()) -> None:
        ids = np.array(ids)
        if ids.size and (ids.ndim != 1 or not np.issubdtype(ids.dtype, np.integer)):
            raise TypeError("NodeCollection: ids must be a list of whole numbers")
        ids = np.sort(ids.astype(np.int64))
        if np.any(np.diff(ids) == 0):
            raise NESTErrors.BadProperty("NodeCollection: ids: a node is named twice")
        kernel.nodes.block_numbers(ids)
        object.__setattr__(self, "_ids", ids)

    @classmethod
    def _of(cls, ids: Integers) -> NodeCollection:
        """Of ids that are known to be right."""
        new = cls.__new__(cls)
        object.__setattr__(new, "_ids", ids)
        return new

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[NodeCollection]:
        for i in range(len(self)):
            yield self._of(self._ids[i : i + 1])

    def __getitem__(self, key: Any) -> NodeCollection:
        if isinstance(key, (int, np.integer)):
            if not -len(self) <= key < len(self):
                raise IndexError(f"NodeCollection: index {key}: there are {len(self)} nodes")
            key = [key]
        if isinstance(key, slice):
            ids = self._ids[key]
        else:
            key = np.asarray(key)
            ids = self._ids[key if key.size else key.astype(int)]
        if np.any(np.diff(ids) <= 0):
            raise NESTErrors.BadProperty("NodeCollection: indices must ascend")
        return self._of(ids)

    def __add__(self, other: NodeCollection) -> NodeCollection:
        if not isinstance(other, NodeCollection):
            return NotImplemented
        ids = np.sort(np.concatenate([self._ids, other._ids]))
        if np.any(np.diff(ids) == 0):
            raise NESTErrors.BadProperty("NodeCollection: the sum has a node twice")
        return self._of(ids)

    def __contains__(self, node: Any) -> bool:
        if isinstance(node, NodeCollection):
            return bool(len(node) == 1 and node._ids[0] in self._ids)
        return bool(np.any(self._ids == node))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NodeCollection):
            return NotImplemented
        return np.array_equal(self._ids, other._ids)

    def __hash__(self) -> int:
        return hash(self._ids.tobytes())

    def __bool__(self) -> bool:
        return len(self) > 0

    def __array__(self, dtype: Any = None, copy: Any = None) -> Objects:
        return self._ids.astype(dtype or np.int64)

    def __repr__(self) -> str:
        return f"NodeCollection({self._ids.tolist()})"

    def tolist(self) -> list[int]:
        """The ids."""
        return list(map(int, self._ids))

    def index(self, node: int) -> int:
        """Where the node of that id is; ValueError if it is not here."""
        found = np.flatnonzero(self._ids == node)
        if not len(found):
            raise ValueError(f"NodeCollection: node {node} is not here")
        return int(found[0])

    @property
    def global_id(self) -> Union[int, tuple[int, ...]]:
        """The id of a single node, or a tuple of ids."""
        return int(self._ids[0]) if len(self) == 1 else tuple(self.tolist())

    def get(self, names: Any = None, keys: Any = None) -> Any:
        """Parameters, state variables and events.

        `get(name)`: the value of a single node, a tuple of several; `get(list of names)`, `get()`:
        a dictionary of such. `get("events", keys)`: only one array, or a dictionary of those.
        """
        if names is None:
            names = names_of(self._ids)
        if not isinstance(names, str):
            return {name: self._get(name, None) for name in names}
        return self._get(names, keys)

    def _get(self, name: str, keys: Any) -> Any:
        values = get_parameter(self._ids, name, "NodeCollection.get")
        if keys is not None:
            values = [
                v[keys] if isinstance(keys, str) else {key: v[key] for key in keys} for v in values
            ]
        return values[0] if len(self) == 1 else tuple(values)

    def set(self, params: Any = None, **named: Any) -> None:
        """Sets parameters: a dictionary, a list of one dictionary per node, or by keyword."""
        if params is not None and named:
            raise TypeError("NodeCollection.set: give a dictionary or keywords, not both")
        set_parameters(self._ids, named if params is None else params, "NodeCollection.set")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._get(name, None)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self.set({name: value})
