"""What users give as values of parameters, as columns: one value for all nodes or one for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from .arrays import Integers, Objects, Reals
from .errors import NESTErrors
from .models import Kind, Parameter
from .random import Parameter as Distribution

ARRAYS = (Kind.times, Kind.numbers, Kind.nodes, Kind.words)


@dataclass(frozen=True)
class Column:
    """Values of a parameter: one for all nodes, or `values[i]` of node i."""

    shared: bool
    values: Any

    def at(self, index: Any) -> Any:
        """The values at an array of indices: an array, or the shared one."""
        return self.values if self.shared else self.values[index]

    def replaced(self, index: Integers, new: "Column", size: int) -> "Column":
        """The column of `size` nodes in which those at `index` have the values of `new`."""
        if new.shared and len(index) == size:
            return new
        values = per_node(self, size).copy()
        if new.shared and values.dtype == object:
            for i in index:
                values[i] = new.values
        else:
            values[index] = new.values
        return Column(False, values)


def objects(values: Sequence[Any]) -> Objects:
    """A one-dimensional array of objects, also of such as have a length."""
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        array[i] = value
    return array


def per_node(column: Column, size: int) -> Objects:
    """One value for each of `size` nodes; NaN for numbers that are not given."""
    values: Objects = column.values
    if not column.shared:
        return values
    if column.values is None:
        return np.full(size, np.nan)
    if isinstance(column.values, (bool, float)):
        return np.full(size, column.values)
    return objects([column.values] * size)


def _number(value: Any) -> float:
    if isinstance(value, (str, bytes)):
        raise TypeError
    number = float(value)
    if number != number:
        raise ValueError
    return number


def _truth(value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError
    return bool(value)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _numbers(value: Any) -> Reals:
    array: Reals = np.atleast_1d(np.array(value, dtype=float))
    if array.ndim != 1:
        raise ValueError
    return array


def _nodes(value: Any) -> Integers:
    array = np.atleast_1d(np.array(value))
    if array.size and (array.ndim != 1 or not np.issubdtype(array.dtype, np.integer)):
        raise TypeError
    ids: Integers = array.astype(np.int64)
    return ids


def _words(value: Any) -> tuple[str, ...]:
    return tuple(_word(v) for v in ([value] if isinstance(value, str) else value))


_CONVERT: dict[Kind, Callable[[Any], Any]] = {
    Kind.number: _number,
    Kind.truth: _truth,
    Kind.word: _word,
    Kind.times: _numbers,
    Kind.numbers: _numbers,
    Kind.nodes: _nodes,
    Kind.words: _words,
}


def convert(kind: Kind, value: Any, call: str, name: str) -> Any:
    """One value of a kind; TypeMismatch if it is none."""
    try:
        return _CONVERT[kind](value)
    except (TypeError, ValueError):
        raise NESTErrors.TypeMismatch(f"{call}: {name} = {value!r}: must be {kind.value}") from None


def each(kind: Kind, values: Sequence[Any], call: str, name: str) -> Column:
    """A column of one value per node."""
    converted = [convert(kind, value, call, name) for value in values]
    if kind is Kind.number:
        return Column(False, np.array(converted, dtype=float))
    if kind is Kind.truth:
        return Column(False, np.array(converted, dtype=bool))
    return Column(False, objects(converted))


def column(parameter: Parameter, value: Any, count: int, generator: Callable[[], Any], call: str,
           name: str) -> Column:
    """What a single value in a dictionary says for `count` nodes.

    A list of numbers has one for each node; an array of times is the same for all. `generator`
    makes the random numbers of a distribution.
    """
    if isinstance(value, Distribution) and parameter.kind is Kind.number:
        return Column(False, value.draw(generator(), count))
    if parameter.kind in ARRAYS or isinstance(value, (str, Mapping)) or np.ndim(value) != 1:
        return Column(True, convert(parameter.kind, value, call, name))
    if len(value) != count:
        raise NESTErrors.BadProperty(
            f"{call}: {name} has {len(value)} values for {count} nodes: give one value, or as "
            "many as there are nodes"
        )
    return each(parameter.kind, value, call, name)
