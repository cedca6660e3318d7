"""GetConnections() and what it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

import numpy as np

from .arrays import Integers, Reals, Truths
from .connect import require_within_bounds
from .connection_table import Connections
from .errors import NESTErrors
from .kernel import kernel
from .synapse_models import SynapseKind

_NAMES = ("source", "target", "weight", "delay", "synapse_model", "optimizer")


class SynapseCollection:
    """Connections, sorted by source, then target.

    `get(name)` and `get([names])` give lists, of a single connection the value, of none ().
    `weight` is the weight with which a transmission now would act, at any time and without a spike
    that forces an update, or, after such a spike, that of the last transmission, as in NEST;
    reading it is collective: every process does it.
    """

    __slots__ = ("_made", "_number", "_entry")

    def __init__(self, made: list[Connections], number: Integers, entry: Integers) -> None:
        self._made = made
        self._number = number
        self._entry = entry

    def __len__(self) -> int:
        return len(self._number)

    def __getitem__(self, key: Any) -> SynapseCollection:
        if isinstance(key, (int, np.integer)):
            if not -len(self) <= key < len(self):
                raise IndexError(
                    f"SynapseCollection: index {key}: there are {len(self)} connections"
                )
            key = [key]
        key = key if isinstance(key, slice) else np.asarray(key)
        return SynapseCollection(self._made, self._number[key], self._entry[key])

    def __iter__(self) -> Iterator[SynapseCollection]:
        for i in range(len(self)):
            yield self[i]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SynapseCollection):
            return NotImplemented
        return self._identities() == other._identities()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<SynapseCollection of {len(self)} connections>"

    def _identities(self) -> list[tuple[int, int]]:
        return [(id(self._made[n]), e) for n, e in zip(self._number, self._entry.tolist())]

    def _groups(self) -> Iterator[tuple[Connections, Integers, Integers]]:
        """By call of Connect(): what it made, which entries, and where they are here."""
        for number in np.unique(self._number):
            positions = np.flatnonzero(self._number == number)
            yield self._made[number], self._entry[positions], positions

    def get(self, names: Any = None) -> Any:
        """Values by name: source, target, weight, delay (ms), synapse_model, optimizer."""
        if not len(self):
            return ()
        if isinstance(names, str):
            return self._get(names)
        if names is None:
            names = _NAMES[:5]
        return {name: self._get(name) for name in names}

    def _get(self, name: str) -> Any:
        values = self._values(name)
        return values[0] if len(self) == 1 else values

    def _values(self, name: str) -> list[Any]:
        if name not in _NAMES:
            raise KeyError(f"SynapseCollection.get: there is no {name!r}; there are {_NAMES}")
        values = np.empty(len(self), dtype=object)
        for made, entries, positions in self._groups():
            values[positions] = _READ[name](made, entries)
        return list(values.tolist())

    def set(self, params: Any = None, **named: Any) -> None:
        """Sets `weight`, or `optimizer` to its initial state, before the first Simulate().

        A dictionary, in which a list has one value for each connection, a list of one dictionary
        per connection, or keywords.
        """
        given = named if params is None else params
        if isinstance(given, Mapping):
            for name, value in given.items():
                listed = isinstance(value, (list, tuple, np.ndarray))
                self._set(name, value if listed else [value] * len(self), np.arange(len(self)))
            return
        if len(given) != len(self):
            raise ValueError(
                f"SynapseCollection.set: {len(given)} dictionaries for {len(self)} connections"
            )
        for name in dict.fromkeys(name for dictionary in given for name in dictionary):
            where = [i for i, dictionary in enumerate(given) if name in dictionary]
            self._set(name, [given[i][name] for i in where], np.array(where))

    def _set(self, name: str, values: Sequence[Any], where: Integers) -> None:
        if len(values) != len(where):
            raise ValueError(
                f"SynapseCollection.set: {len(values)} values of {name} for {len(where)} "
                "connections"
            )
        if name not in ("weight", "optimizer"):
            raise NESTErrors.NotImplemented(
                f"SynapseCollection.set: {name}: only weight and optimizer can be set; give it to "
                "Connect()"
            )
        chosen = self[where]
        for made, entries, positions in chosen._groups():
            mine = [values[i] for i in positions]
            if name == "weight":
                _set_weight(made, entries, np.array(mine, dtype=float))
            else:
                _require_initial(made, mine)

    def __getattr__(self, name: str) -> Any:
        if name in _NAMES:
            return self.get(name)
        raise AttributeError(f"SynapseCollection has no {name!r}; there are {', '.join(_NAMES)}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in SynapseCollection.__slots__:
            object.__setattr__(self, name, value)
        else:
            self.set({name: value})


def _weights(made: Connections, entries: Integers) -> list[Any]:
    """Those in force now, or transmitted with last (final_updates)."""
    if kernel.engine is None:
        return list(made.weight[entries].tolist())
    weights = made.weight.copy()
    for projection in kernel.engine.projections(made):
        weights[projection.entries] = kernel.engine.weights(projection)
    return list(weights[entries].tolist())


def _set_weight(made: Connections, entries: Integers, values: Reals) -> None:
    call = "SynapseCollection.set"
    if not np.all(np.isfinite(values)):
        raise NESTErrors.BadProperty(f"{call}: weight: must be finite")
    if made.model.kind is SynapseKind.eprop:
        require_within_bounds(made.model, values, call)
    elif made.model.kind is not SynapseKind.static:
        kernel.require_unbuilt(f"{call}: weight of {made.model.name}", "set it before")
    if kernel.engine is None:
        made.weight[entries] = values
        return
    new = np.full(len(made), np.nan)
    new[entries] = values
    for projection in kernel.engine.projections(made):
        changed = new[projection.entries]
        if not np.all(np.isnan(changed)):
            weights = kernel.engine.weights_in_force(projection).copy()
            weights[~np.isnan(changed)] = changed[~np.isnan(changed)]
            kernel.engine.set_weights(projection, weights)


def _optimizers(made: Connections, entries: Integers) -> list[Any]:
    """The moments that each connection has before it learns."""
    if made.model.kind is not SynapseKind.eprop:
        raise KeyError(f"SynapseCollection.get: {made.model.name} has no optimizer")
    kernel.require_unbuilt("SynapseCollection.get: optimizer", "its moments cannot be read")
    return [dict(_moments(made)) for _ in entries]


def _moments(made: Connections) -> dict[str, float]:
    return {"m": 0.0, "v": 0.0} if made.model.optimizer == "adam" else {}


def _require_initial(made: Connections, optimizers: Sequence[Mapping[str, float]]) -> None:
    call = "SynapseCollection.set: optimizer"
    if made.model.kind is not SynapseKind.eprop:
        raise NESTErrors.UnaccessedDictionaryEntry(f"{call}: {made.model.name} has none")
    kernel.require_unbuilt(call, "its moments cannot be set")
    for optimizer in optimizers:
        for name, value in optimizer.items():
            if name not in _moments(made):
                raise NESTErrors.UnaccessedDictionaryEntry(
                    f"{call}: {made.model.optimizer} has no {name!r}"
                )
            if value != 0.0:
                raise NESTErrors.NotImplemented(
                    f"{call}: {name} = {value}: must be 0.0, which it is anyway"
                )


_READ = {
    "source": lambda made, entries: made.source[entries].tolist(),
    "target": lambda made, entries: made.target[entries].tolist(),
    "weight": _weights,
    "delay": lambda made, entries: (
        made.delay[entries] * kernel.settings.resolution
    ).tolist(),
    "synapse_model": lambda made, entries: [made.model.name] * len(entries),
    "optimizer": _optimizers,
}


def GetConnections(source: Any = None, target: Any = None,
                   synapse_model: Optional[str] = None) -> SynapseCollection:
    """The connections from any of `source` to any of `target`, NodeCollections; None: all nodes."""
    if synapse_model is not None:
        kernel.synapse_model(synapse_model, "GetConnections")
    allowed = [_mask(nodes) for nodes in (source, target)]
    numbers, entries = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for n, made in enumerate(kernel.connections):
        if synapse_model not in (None, made.model.name):
            continue
        found = np.flatnonzero(allowed[0][made.source] & allowed[1][made.target])
        numbers.append(np.full(len(found), n))
        entries.append(found)
    number, entry = np.concatenate(numbers), np.concatenate(entries)
    ends = np.zeros((2, len(number)), dtype=np.int64)
    for made_number in np.unique(number):
        here = number == made_number
        made = kernel.connections[made_number]
        ends[:, here] = made.source[entry[here]], made.target[entry[here]]
    order = np.lexsort([ends[1], ends[0]])
    return SynapseCollection(kernel.connections, number[order], entry[order])


def _mask(nodes: Any) -> Truths:
    mask = np.full(kernel.nodes.size + 1, nodes is None)
    if nodes is not None:
        ids = np.asarray(nodes, dtype=np.int64)
        kernel.nodes.block_numbers(ids)
        mask[ids] = True
    return mask
