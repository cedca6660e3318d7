"""All nodes of the network with their parameters. Nodes have ids from 1 on, as in PyNEST."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from .arrays import Integers, Truths
from .errors import NESTErrors
from .models import NodeModel, Role
from .parameter_values import Column, column, each, per_node

Columns = dict[str, Column]


@dataclass
class Block:
    """The nodes of one call of Create(): `size` of a model, with ids from `first` on."""

    model: NodeModel
    first: int
    size: int
    columns: Columns


@dataclass(frozen=True)
class Piece:
    """Those of a list of ids that are in one block: ids[positions] is first + index."""

    block: Block
    index: Integers
    positions: Integers


class NodeTable:
    """The blocks in order of ids."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._firsts = np.empty(0, dtype=np.int64)
        self.size = 0

    def append(self, model: NodeModel, size: int, columns: Columns) -> Block:
        """Adds nodes behind the others."""
        block = Block(model, self.size + 1, size, columns)
        self.blocks.append(block)
        self._firsts = np.append(self._firsts, block.first)
        self.size += size
        return block

    def block_numbers(self, ids: Integers) -> Integers:
        """Index in `blocks` of each id; UnknownNode if there is no such node."""
        if len(ids) and (ids.min() < 1 or ids.max() > self.size):
            wrong = ids[(ids < 1) | (ids > self.size)][0]
            raise NESTErrors.UnknownNode(f"node {wrong}: there are nodes 1 to {self.size}")
        return np.searchsorted(self._firsts, ids, side="right") - 1

    def have_role(self, ids: Integers, *roles: Role) -> Truths:
        """Whether each id is of a node of one of these roles."""
        blocks = np.array([block.model.role in roles for block in self.blocks])
        return blocks[self.block_numbers(ids)]

    def pieces(self, ids: Integers) -> Iterator[Piece]:
        """The ids by block."""
        numbers = self.block_numbers(ids)
        for number in np.unique(numbers):
            block = self.blocks[number]
            positions = np.flatnonzero(numbers == number)
            yield Piece(block, ids[positions] - block.first, positions)


def initial_potential(columns: Columns, size: int) -> Column:
    """V_m of `size` neurons; where it was not given, E_L."""
    given, rest = columns["V_m"], columns["E_L"]
    if given.shared:
        return rest if given.values is None else given
    missing = np.isnan(given.values)
    return Column(False, np.where(missing, per_node(rest, size), given.values))


class Changes:
    """Values that are to be set for `count` nodes: name, which of them, and their values."""

    def __init__(self, given: Any, count: int, call: str) -> None:
        """`given`: a dictionary for all, or a sequence of one dictionary per node."""
        self._call = call
        self._count = count
        self._shared: dict[str, Any] = {}
        self._single: dict[str, tuple[list[int], list[Any]]] = {}
        if isinstance(given, Mapping):
            self._shared = dict(given)
        elif isinstance(given, Sequence) and all(isinstance(d, Mapping) for d in given):
            self._gather(given)
        else:
            raise TypeError(f"{call}: parameters must be a dictionary or a list of dictionaries")

    def _gather(self, dictionaries: Sequence[Mapping[str, Any]]) -> None:
        if len(dictionaries) != self._count:
            raise ValueError(
                f"{self._call}: {len(dictionaries)} dictionaries for {self._count} nodes: give "
                "one, or as many as there are nodes"
            )
        for position, dictionary in enumerate(dictionaries):
            for name, value in dictionary.items():
                positions, values = self._single.setdefault(name, ([], []))
                positions.append(position)
                values.append(value)

    def columns(self, model: NodeModel, generator: Callable[[], Any]) -> Iterator[
            tuple[str, Integers, Column]]:
        """Each name with the positions that it concerns and their values."""
        everywhere = np.arange(self._count)
        for name, value in self._shared.items():
            parameter = model.parameter(name, self._call)
            yield name, everywhere, column(
                parameter, value, self._count, generator, self._call, name
            )
        for name, (positions, values) in self._single.items():
            kind = model.parameter(name, self._call).kind
            yield name, np.array(positions), each(kind, values, self._call, name)


def changed_columns(piece: Piece, changes: Changes, generator: Callable[[], Any]) -> Columns:
    """The columns of a block's parameters that change, with the new values in them."""
    block = piece.block
    index = np.full(int(piece.positions.max(initial=-1)) + 1, -1)
    index[piece.positions] = piece.index
    changed: Columns = {}
    for name, positions, new in changes.columns(block.model, generator):
        inside = positions[positions < len(index)]
        here = np.flatnonzero(index[inside] >= 0)
        if not len(here):
            continue
        values = new if new.shared else Column(False, new.values[here])
        old = changed.get(name, block.columns[name])
        changed[name] = old.replaced(index[inside[here]], values, block.size)
    return changed
