"""What is set on nodes and read from them."""

from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from .arrays import Integers
from .event_store import new_events
from .kernel import kernel
from .models import RECORDERS, Role
from .node_checks import check
from .node_table import Block, Changes, Columns, Piece, changed_columns, initial_potential
from .parameter_values import per_node

# what Simulate() takes up anew each time
_PLAYED = {
    Role.spike_generator: ("spike_times", "start", "stop"),
    Role.rate_generator: ("amplitude_times", "amplitude_values"),
}


def check_block(block: Block, changed: Columns, call: str) -> None:
    """Raises one of NESTErrors if a block cannot have these columns."""
    check(block.model, block.columns, changed, block.size, kernel.time,
          kernel.settings.resolution, call)


def set_parameters(ids: Integers, given: Any, call: str) -> None:
    """Sets parameters of nodes, of all or, after an error, of none."""
    changes = Changes(given, len(ids), call)
    staged = []
    for piece in kernel.nodes.pieces(ids):
        changed = changed_columns(piece, changes, kernel.generator)
        check_block(piece.block, changed, call)
        _require_playable(piece.block, changed, call)
        staged.append((piece, changed))
    for piece, changed in staged:
        _take_over(piece, changed)


def _require_playable(block: Block, changed: Columns, call: str) -> None:
    """NotImplemented for what cannot change any more once the network is built."""
    if kernel.engine is None:
        return
    free = (*_PLAYED.get(block.model.role, ()), "n_events")
    for name, column in changed.items():
        if name in free or block.model.parameters[name].meaningless:
            continue
        values = zip(per_node(block.columns[name], block.size), per_node(column, block.size))
        if not all(np.array_equal(old, new) for old, new in values):
            kernel.require_unbuilt(f"{call}: {block.model.name}: {name}", "set it before")


def _take_over(piece: Piece, changed: Columns) -> None:
    block = piece.block
    if "n_events" in changed and kernel.engine is not None:
        for index in piece.index:
            kernel.engine.events(block.first + int(index)).clear()
    changed.pop("n_events", None)
    block.columns.update(changed)
    if kernel.engine is not None and block.model.role in _PLAYED:
        kernel.engine.generators_changed()


def get_parameter(ids: Integers, name: str, call: str) -> list[Any]:
    """The values of a parameter, one for each id; KeyError if the nodes have none of that name."""
    values: list[Any] = [None] * len(ids)
    for piece in kernel.nodes.pieces(ids):
        found = _values(piece, name, call)
        for position, value in zip(piece.positions, found):
            values[position] = value
    return values


def names_of(ids: Integers) -> list[str]:
    """What can be read from all of these nodes."""
    names: Optional[list[str]] = None
    for piece in kernel.nodes.pieces(ids):
        model = piece.block.model
        own = [*model.parameters, "global_id", "model"]
        own += [name for name in model.recordables if name not in own]
        own += ["events"] if model.role in RECORDERS else []
        names = own if names is None else [name for name in names if name in own]
    return names or []


def _values(piece: Piece, name: str, call: str) -> Sequence[Any]:
    block, model = piece.block, piece.block.model
    ids = block.first + piece.index
    if name == "global_id":
        return list(ids.tolist())
    if name == "model":
        return [model.name] * len(ids)
    if model.role in RECORDERS and name in ("events", "n_events"):
        return [_events(int(i), name) for i in ids]
    if name in model.recordables and kernel.engine is not None:
        return list(kernel.engine.state(ids, name).tolist())
    if name in model.parameters:
        return _column_values(piece, name)
    if name in model.recordables:
        return _initial(piece, name)
    raise KeyError(f"{call}: {model.name} has no {name!r}; there are {', '.join(names_of(ids))}")


def _column_values(piece: Piece, name: str) -> Sequence[Any]:
    block = piece.block
    column = (initial_potential(block.columns, block.size) if name == "V_m"
              else block.columns[name])
    values = column.at(piece.index)
    values = [values] * len(piece.index) if column.shared else values.tolist()
    return [value.copy() if isinstance(value, np.ndarray) else value for value in values]


def _initial(piece: Piece, name: str) -> Sequence[Any]:
    if name != "V_th_adapt":
        return [0.0] * len(piece.index)
    parts = [np.array(_column_values(piece, p)) for p in ("V_th", "adapt_beta", "adaptation")]
    return list((parts[0] + parts[1] * parts[2]).tolist())


def _events(recorder: int, name: str) -> Any:
    engine = kernel.engine
    events = engine.events(recorder) if engine else new_events(kernel.nodes, recorder)
    return events.arrays() if name == "events" else len(events)
