"""Access to the HDF5 file of a simulation, which reads no more of it than is drawn."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import h5py
import numpy as np

Result = TypeVar("Result")

MAGIC = 0x0A7A  # root attribute of every SONATA file
SORTED_BY_TIME = 2  # of the SONATA attribute `sorting` of a spike population
SPIKES_PER_READ = 1 << 22
LAST = ".last"  # of the name of a recording that continues another
ROUNDING = 1e-6  # ms, of times in decimal fractions
ATTEMPTS = 5  # to read a file that is being written meanwhile


class RunFileError(Exception):
    """The file is missing, unreadable, or none of a simulation, or lacks what is to be drawn."""


def text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def unit_of(dataset: Any) -> str:
    """The unit as a label has it: " (mV)", or nothing for numbers without one."""
    unit = text(dataset.attrs.get("units", ""))
    return f" ({unit})" if unit not in ("", "1") else ""


class Task:
    """The task's name and times, all in ms."""

    def __init__(self, attributes: Any) -> None:
        self.name = text(attributes.get("name", ""))
        self.input = text(attributes.get("input", "in"))  # as it was in older files
        self.dt = float(attributes.get("dt", 1.0))
        self.sequence = float(attributes["sequence"])
        self.batch_size = int(attributes.get("batch_size", 1))
        self.offset = float(attributes.get("offset", 0.0))
        self.offset_recurrent = float(attributes.get("offset_recurrent", 0.0))

    def window(self, iteration: int, offset: float) -> tuple[float, float]:
        """(begin, end] of the first sample of an iteration, counted from 0, `offset` later."""
        begin = offset + iteration * self.sequence * self.batch_size
        return begin, begin + self.sequence


class Report:
    """Variables of some neurons, recorded under one name in one stretch of time or several."""

    def __init__(self, stretches: list[dict[str, Any]]) -> None:
        """Of {variable: its SONATA report} for each stretch."""
        self._stretches = stretches
        self.variables = list(stretches[0])
        self.nodes = stretches[0][self.variables[0]]["mapping/node_ids"][:]

    def label(self, variable: str, name: str) -> str:
        return name + unit_of(self._stretches[0][variable]["data"])

    def span(self) -> tuple[float, float, float] | None:
        """Times of the first sample and the last one, and between two; None if there is none."""
        spans = [span for span in map(self._span, self._stretches) if span is not None]
        return (spans[0][0], spans[-1][1], spans[0][2]) if spans else None

    @staticmethod
    def _span(stretch: dict[str, Any]) -> tuple[float, float, float] | None:
        group = next(iter(stretch.values()))
        start, _, step = group["mapping/time"]  # the stop is that of the start until the run ends
        rows = len(group["data"])
        return (start, start + (rows - 1) * step, step) if rows and group["data"].shape[1] else None

    def window(
        self, variable: str, begin: float, end: float, n_nodes: int = 1
    ) -> tuple[Any, Any]:
        """Times since `begin` and values [time][node] in (begin, end] of the first nodes."""
        times, values = [], []
        for group in (stretch[variable] for stretch in self._stretches if variable in stretch):
            data, (start, _, step) = group["data"], group["mapping/time"]
            columns = group["mapping/index_pointers"][: len(self.nodes)][:n_nodes].astype(int)
            first, last = (max(0, math.floor((time - start) / step + 1e-6) + 1)
                           for time in (begin, end))
            rows = np.arange(first, min(last, len(data)))
            times.append(start + step * rows - begin)
            values.append(data[first:last, : columns.max(initial=-1) + 1][:, columns])
        return np.concatenate(times), np.concatenate(values)


class RunFile:
    """What is recorded of a simulation, and the results of a training run."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._open()

    def _open(self) -> None:
        try:
            self.h5 = h5py.File(self.path, "r")
        except FileNotFoundError:
            raise self.refusal("no such file") from None
        except BlockingIOError:
            raise self.refusal("is locked by a run that writes it") from None
        except OSError as error:
            raise self.refusal(f"cannot be read as HDF5: {error}") from None
        magic = np.ravel(self.h5.attrs.get("magic", "missing"))
        if magic.tolist() != [MAGIC]:
            self.h5.close()
            raise self.refusal("not the output file of a simulation: root attribute 'magic' is "
                             f"{text(magic[0])}, not {MAGIC}")
        attributes = self.h5["task"].attrs if "task" in self.h5 else {}
        self._task = Task(attributes) if "sequence" in attributes else None
        self.loss = self._training("loss")
        self.error = self._training("error")
        self.iterations = 0 if self.loss is None else len(self.loss)

    @property
    def has_task(self) -> bool:
        return self._task is not None

    @property
    def task(self) -> Task:
        if self._task is None:
            raise KeyError("no attribute 'sequence' of /task")
        return self._task

    def __enter__(self) -> RunFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.h5.close()

    def refusal(self, problem: str) -> RunFileError:
        """An error that names the file."""
        return RunFileError(f"{self.path}: {problem}")

    def looked_at(self, look: Callable[[], Result]) -> Result:
        """What ``look`` finds, in a file that another process may be writing.

        RunFileError if something is missing or not as eprop writes it.
        """
        for _ in range(ATTEMPTS):
            try:
                return look()
            except (KeyError, RuntimeError, OSError) as error:  # of h5py
                problem = str(error.args[-1])
                self.h5.close()
                self._open()
            except (AttributeError, IndexError, TypeError, ValueError) as error:
                problem = f"what was not written by eprop ({error})"
                break
        raise self.refusal(f"incomplete: {problem}")

    def _training(self, name: str) -> Any:
        path = f"training/{name}"
        return self.h5[path][:] if path in self.h5 else None

    def shown_iterations(self) -> list[tuple[str, int]]:
        """The names and numbers, counted from 0, of the first iteration and the last one."""
        if not self.has_task:
            return []
        return [("first", 0), ("last", self.iterations - 1)][: self.iterations]

    def phases(self) -> dict[str, Any]:
        """Which iterations served what: {"training": numbers, ...}."""
        if "training/phase" not in self.h5:
            return {"training": np.arange(self.iterations)}
        dataset = self.h5["training/phase"]
        labels, codes = map(text, dataset.attrs["labels"]), dataset[: self.iterations]
        found = {label: np.flatnonzero(codes == code) for code, label in enumerate(labels)}
        return {label: where for label, where in found.items() if len(where)}

    def groups(self, name: str) -> dict[str, Any]:
        return dict(self.h5[name]) if name in self.h5 else {}

    def reports(self) -> dict[str, Report]:
        """By the name of the recording; NAME.last continues NAME in the last iteration."""
        found: dict[str, dict[str, Any]] = {}
        for name, group in self.groups("report").items():
            variable = text(group.attrs.get("variable", "value"))
            found.setdefault(name.removesuffix("." + variable), {})[variable] = group
        return {name: Report([variables, found[name + LAST]] if name + LAST in found
                             else [variables])
                for name, variables in found.items() if name.removesuffix(LAST) not in found
                or not name.endswith(LAST)}

    def readout_reports(self) -> list[Report]:
        return [report for report in self.reports().values()
                if {"readout_signal", "target_signal"} <= set(report.variables)]

    def input_populations(self) -> list[str]:
        return [name for name in self.groups("spikes") if name == self.task.input]

    def recurrent_populations(self) -> list[str]:
        return [name for name in self.groups("spikes") if name != self.task.input]

    def spike_span(self, population: str) -> tuple[float, float] | None:
        """Times of a population's first spike and its last one; None if there is none."""
        group = self.h5["spikes"][population]
        times = group["timestamps"]
        if not len(times):
            return None
        if not sorted_by_time(group):
            return np.min(times), np.max(times)
        return times[0], times[-1]

    def spikes(self, population: str, begin: float, end: float) -> tuple[Any, Any]:
        """Times since `begin` and neurons of the spikes in (begin, end]."""
        group = self.h5["spikes"][population]
        times, nodes = group["timestamps"], group["node_ids"]
        length = min(len(times), len(nodes))  # a run under way may have written more of the one
        after = 0.5 * self.task.dt if self.has_task else ROUNDING
        low, high = begin + after, end + after
        if sorted_by_time(group):
            where = slice(bisect.bisect_left(times, low, 0, length),
                          bisect.bisect_left(times, high, 0, length))
            return times[where] - begin, nodes[where]
        parts = [(np.empty(0), np.empty(0, nodes.dtype))]
        for first in range(0, length, SPIKES_PER_READ):
            block = slice(first, min(first + SPIKES_PER_READ, length))
            inside = (times[block] >= low) & (times[block] < high)
            if inside.any():
                parts.append((times[block][inside] - begin, nodes[block][inside]))
        found, neurons = (np.concatenate(column) for column in zip(*parts))
        return found, neurons


def sorted_by_time(group: Any) -> bool:
    return group.attrs.get("sorting") in (SORTED_BY_TIME, "by_time", b"by_time")
