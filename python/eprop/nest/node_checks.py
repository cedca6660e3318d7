"""Rules of node parameters, checked when they are set."""

from typing import Any

import numpy as np

import eprop

from .arrays import Reals
from .errors import NESTErrors, engine_errors
from .models import NEURONS, RECORDERS, NodeModel, Role
from .node_table import Columns, initial_potential
from .parameter_values import Column, per_node
from .time_grid import steps


def check(model: NodeModel, before: Columns, changed: Columns, size: int, now: float,
          resolution: float, call: str) -> None:
    """Raises one of NESTErrors if the columns of `size` nodes break a rule after a change.

    `now` (ms) is the time simulated so far. Rules of one parameter are checked where it changed.
    """
    columns = {**before, **changed}
    _check_fixed(model, changed, call)
    if model.role in NEURONS:
        _check_neurons(model, columns, size, resolution, call)
    for name in {"start", "stop"} & changed.keys():
        values = np.unique(_as_array(changed[name]))
        steps(values[np.isfinite(values)], resolution, call, name)
    for name in {"spike_times", "amplitude_times"} & changed.keys():
        trains = _new_values(before[name], changed[name], size)
        _check_times(trains, name == "amplitude_times", now, resolution, call, name)
    if model.role is Role.rate_generator:
        _check_amplitudes(columns, size, call)
    if model.role in RECORDERS:
        _check_recorders(model, changed, resolution, call)
    if "rate" in changed and np.any(_as_array(changed["rate"]) < 0.0):
        raise NESTErrors.BadProperty(f"{call}: rate: must be >= 0")


def engine_parameters(model: NodeModel, columns: Columns, size: int) -> dict[str, Any]:
    """The parameters of `size` neurons as the engine takes them.

    Where a parameter has to be uniform, the first value stands for all.
    """
    columns = {**columns, "V_m": initial_potential(columns, size)}
    return {
        name: columns[name].at(0) if parameter.uniform else columns[name].values
        for name, parameter in model.parameters.items() if not parameter.meaningless
    }


def _as_array(column: Column) -> Reals:
    array: Reals = np.atleast_1d(np.asarray(column.values, dtype=float))
    return array


def _check_fixed(model: NodeModel, changed: Columns, call: str) -> None:
    for name, column in changed.items():
        parameter = model.parameters[name]
        if parameter.fixed and np.any(np.asarray(column.values) != parameter.default):
            raise NESTErrors.NotImplemented(
                f"{call}: {model.name}: {name} = {column.values!r}: only {parameter.default!r} "
                "is possible here"
            )


def _check_neurons(model: NodeModel, columns: Columns, size: int, resolution: float,
                   call: str) -> None:
    with engine_errors(call):
        for name, parameter in model.parameters.items():
            if parameter.uniform and not columns[name].shared:
                for value in set(columns[name].values.tolist()):
                    model.engine_model(**{name: value})
        neurons = model.engine_model(**engine_parameters(model, columns, size))
        shared = all(column.shared for column in columns.values())
        eprop.Network(dt=resolution).add(model.name, 1 if shared else size, neurons)


def _new_values(before: Column, after: Column, size: int) -> list[Any]:
    """Those that nodes did not have before: what these have may have passed."""
    if after.shared:
        return [after.values]
    pairs = zip(per_node(before, size), after.values)
    return [new for old, new in pairs if new is not old]


def _check_times(trains: list[Reals], strictly: bool, now: float, resolution: float, call: str,
                 name: str) -> None:
    times = np.concatenate([np.empty(0), *trains])
    grid = steps(times, resolution, call, name)
    rises = np.diff(grid) >= (1 if strictly else 0)
    begins = np.cumsum([len(train) for train in trains[:-1]], dtype=int)
    rises[begins[(begins > 0) & (begins < len(grid))] - 1] = True
    if not rises.all():
        order = "strictly increasing" if strictly else "non-descending"
        i = np.flatnonzero(~rises)[0]
        raise NESTErrors.BadProperty(
            f"{call}: {name}: {times[i]} ms, then {times[i + 1]} ms: must be {order}"
        )
    past = grid <= steps(now, resolution, call, "time")
    if past.any():
        raise NESTErrors.BadProperty(
            f"{call}: {name} = {times[past][0]} ms: must be above the time simulated so far, "
            f"{now} ms"
        )


def _check_amplitudes(columns: Columns, size: int, call: str) -> None:
    times, values = columns["amplitude_times"], columns["amplitude_values"]
    for i in range(1 if times.shared and values.shared else size):
        if len(times.at(i)) != len(values.at(i)):
            raise NESTErrors.BadProperty(
                f"{call}: {len(times.at(i))} amplitude_times, {len(values.at(i))} "
                "amplitude_values: must be as many"
            )


def _check_recorders(model: NodeModel, changed: Columns, resolution: float, call: str) -> None:
    if "interval" in changed:
        intervals = _as_array(changed["interval"])
        if np.any(steps(intervals, resolution, call, "interval") < 1):
            raise NESTErrors.BadProperty(
                f"{call}: interval = {intervals.min()} ms: must be at least the resolution, "
                f"{resolution} ms"
            )
    if "n_events" in changed and np.any(_as_array(changed["n_events"]) != 0):
        raise NESTErrors.BadProperty(
            f"{call}: n_events = {changed['n_events'].values}: can only be set to 0, which "
            "drops the events"
        )
