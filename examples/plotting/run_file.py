"""Access to the HDF5 file of a training run, which reads no more of it than is drawn."""
import bisect
import math

import h5py
import numpy as np

MAGIC = 0x0A7A  # root attribute of every SONATA file
SORTED_BY_TIME = 2  # of the SONATA attribute `sorting` of a spike population
SPIKES_PER_READ = 1 << 22
LAST = ".last"  # of the name of a report that continues another


class RunFileError(Exception):
    """The file is missing, unreadable, or no training run's; the message is for the user."""


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def texts(values):
    return [text(value) for value in np.atleast_1d(values)]


class Task:
    """The task's name and times, all in ms."""

    def __init__(self, attributes):
        if "sequence" not in attributes:
            raise RunFileError("/task lacks the attribute 'sequence' (duration of a sample, ms)")
        self.name = text(attributes.get("name", ""))
        self.dt = float(attributes.get("dt", 1.0))
        self.sequence = float(attributes["sequence"])
        self.batch_size = int(attributes.get("batch_size", 1))
        self.offset = float(attributes.get("offset", 0.0))
        self.offset_recurrent = float(attributes.get("offset_recurrent", 0.0))

    def window(self, iteration, offset):
        """(begin, end] of the first sample of an iteration, counted from 0, `offset` later."""
        begin = offset + iteration * self.sequence * self.batch_size
        return begin, begin + self.sequence


class Report:
    """Recorded variables of some neurons of a population, in one stretch of time or several."""

    def __init__(self, groups):
        self._stretches = [(group["data"], group["mapping/time"][:]) for group in groups]
        data, mapping = groups[0]["data"], groups[0]["mapping"]
        attributes = {**groups[0].attrs, **data.attrs}
        self.variables = texts(attributes["variables"])
        units = texts(attributes.get("units", ""))
        self._units = units if len(units) > 1 else units * len(self.variables)
        self.nodes = mapping["node_ids"][:]
        self._first_column = mapping["index_pointers"][: len(self.nodes)]

    def label(self, variable, name):
        unit = self._units[self.variables.index(variable)]
        return f"{name} ({unit})" if unit not in ("", "1") else name

    def window(self, variable, begin, end, n_nodes=1):
        """Times since `begin` and values [time][node] in (begin, end] of the first nodes."""
        columns = self._first_column[:n_nodes].astype(int) + self.variables.index(variable)
        times, values = [], []
        for data, (start, _, step) in self._stretches:
            first, last = (max(0, math.floor((time - start) / step + 1e-6) + 1)
                           for time in (begin, end))
            rows = np.arange(first, min(last, len(data)))
            times.append(start + step * rows - begin)
            values.append(np.column_stack([data[first:last, column] for column in columns]))
        return np.concatenate(times), np.concatenate(values)


class RunFile:
    """The results of a training run."""

    def __init__(self, path):
        try:
            self.h5 = h5py.File(path, "r")
        except FileNotFoundError:
            raise RunFileError("no such file") from None
        except OSError as error:
            raise RunFileError(f"cannot be read as HDF5: {error}") from None
        magic = np.ravel(self.h5.attrs.get("magic", "missing"))
        if magic.tolist() != [MAGIC]:
            raise RunFileError("not the file of a training run: root attribute 'magic' is "
                               f"{text(magic[0])}, not {MAGIC}")
        self.task = Task(self.h5["task"].attrs) if "task" in self.h5 else None
        self.loss = self._training("loss")
        self.error = self._training("error")
        self.iterations = 0 if self.loss is None else len(self.loss)

    def _training(self, name):
        path = f"training/{name}"
        return self.h5[path][:] if path in self.h5 else None

    def shown_iterations(self):
        """The names and numbers, counted from 0, of the first iteration and the last one."""
        if self.task is None:
            return []
        return [("first", 0), ("last", self.iterations - 1)][: self.iterations]

    def phases(self):
        """Which iterations served what: {"training": numbers, ...}."""
        if "training/phase" not in self.h5:
            return {"training": np.arange(self.iterations)}
        dataset = self.h5["training/phase"]
        labels, codes = texts(dataset.attrs["labels"]), dataset[:]
        found = {label: np.flatnonzero(codes == code) for code, label in enumerate(labels)}
        return {label: where for label, where in found.items() if len(where)}

    def groups(self, name):
        return dict(self.h5[name]) if name in self.h5 else {}

    def reports(self):
        """By population; NAME.last continues NAME in the last iteration."""
        groups = self.groups("report")
        return {name: Report([group, groups[name + LAST]] if name + LAST in groups else [group])
                for name, group in groups.items() if not name.endswith(LAST)}

    def readout_reports(self):
        return [report for report in self.reports().values()
                if {"readout_signal", "target_signal"} <= set(report.variables)]

    def input_populations(self):
        return [name for name in self.groups("spikes") if name.startswith("in")]

    def recurrent_populations(self):
        return [name for name in self.groups("spikes") if not name.startswith("in")]

    def spikes(self, population, begin, end):
        """Times since `begin` and neurons of the spikes in (begin, end]."""
        group = self.h5["spikes"][population]
        times, nodes = group["timestamps"], group["node_ids"]
        low, high = begin + 0.5 * self.task.dt, end + 0.5 * self.task.dt  # times are whole steps
        if group.attrs.get("sorting") in (SORTED_BY_TIME, "by_time", b"by_time"):
            where = slice(bisect.bisect_left(times, low), bisect.bisect_left(times, high))
            return times[where] - begin, nodes[where]
        parts = [(np.empty(0), np.empty(0, nodes.dtype))]
        for first in range(0, len(times), SPIKES_PER_READ):
            block = slice(first, first + SPIKES_PER_READ)
            inside = (times[block] >= low) & (times[block] < high)
            if inside.any():
                parts.append((times[block][inside] - begin, nodes[block][inside]))
        return tuple(np.concatenate(column) for column in zip(*parts))
