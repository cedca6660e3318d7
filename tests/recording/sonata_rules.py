#!/usr/bin/env python3
"""Checks files against the SONATA guide's rules for spikes and reports, and those of its reader libsonata.

usage: sonata_rules.py FILE.h5 ...

https://github.com/AllenInstitute/sonata/blob/master/docs/SONATA_DEVELOPER_GUIDE.md
"""
import sys

import h5py
import numpy as np

MAGIC, VERSION = 0x0A7A, [0, 1]
SORTING = {"none": 0, "by_id": 1, "by_time": 2}
SAME_TIME = 1e-6  # ms: libsonata's tolerance


class Violations(list):
    """Broken rules, each with the object that breaks it."""

    def require(self, holds, item, rule):
        if not holds:
            self.append(f"{item.name}: {rule}")
        return holds

    def member(self, group, name, kind):
        """A member of a group, or None if it is missing or of another kind."""
        item = group.get(name)
        self.require(isinstance(item, kind), group, f"needs the {kind.__name__.lower()} '{name}'")
        return item if isinstance(item, kind) else None

    def dataset(self, group, name, dtype, dimensions=1):
        item = self.member(group, name, h5py.Dataset)
        if item is None:
            return None
        self.require(item.dtype == np.dtype(dtype), item, f"is {item.dtype}, not {dtype}")
        return item if self.require(item.ndim == dimensions, item,
                                    f"is {item.ndim}-D, not {dimensions}-D") else None

    def string_attribute(self, item, name):
        """A scalar, of characters in UTF-8."""
        if not self.require(name in item.attrs, item, f"needs the attribute '{name}'"):
            return None
        attribute = h5py.h5a.open(item.id, name.encode())
        kind = attribute.get_type()
        is_text = isinstance(kind, h5py.h5t.TypeStringID) and kind.get_cset() == h5py.h5t.CSET_UTF8
        is_one = attribute.get_space().get_simple_extent_type() == h5py.h5s.SCALAR
        self.require(is_text and is_one, item, f"attribute '{name}' is not one string in UTF-8")
        return item.attrs[name] if is_text and is_one else None


def check_root(file, broken):
    for name, value in (("magic", MAGIC), ("version", VERSION)):
        if broken.require(name in file.attrs, file, f"needs the attribute '{name}'"):
            stored = file.attrs[name]
            broken.require(stored.dtype == np.dtype("<u4") and np.array_equal(stored, value), file,
                           f"attribute '{name}' is not {value} in uint32")


def is_sorted(values):
    return bool(np.all(values[1:] >= values[:-1]))


def sorting_of(group, broken):
    if "sorting" not in group.attrs:
        return "none"
    members = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
    if not broken.require(members == SORTING, group, f"'sorting' is no enumeration of {SORTING}"):
        return "none"
    return {code: name for name, code in members.items()}[int(group.attrs["sorting"])]


def check_spikes(group, broken):
    times = broken.dataset(group, "timestamps", "<f8")
    nodes = broken.dataset(group, "node_ids", "<u8")
    sorting = sorting_of(group, broken)
    if times is None or nodes is None:
        return
    broken.require(broken.string_attribute(times, "units") == "ms", times, "units are not ms")
    if not broken.require(len(times) == len(nodes), group, "has times and nodes of two lengths"):
        return
    if sorting == "by_time":
        broken.require(is_sorted(times[:]), times, "is not sorted")
    if sorting == "by_id":
        order = np.lexsort((times[:], nodes[:]))
        broken.require(np.array_equal(order, np.arange(len(order))), group, "is not sorted by_id")
    broken.require(np.all(times[:] >= 0.0), times, "has negative times")


def check_nodes(mapping, broken):
    nodes = broken.dataset(mapping, "node_ids", "<u8")
    if nodes is None:
        return None
    broken.require(len(np.unique(nodes)) == len(nodes), nodes, "names a node twice")
    if "sorted" in nodes.attrs:
        flag = nodes.attrs["sorted"]
        broken.require(flag.dtype == np.int8 and flag in (0, 1), nodes, "'sorted' is no bool")
        broken.require(not flag or is_sorted(nodes[:]), nodes, "is not sorted")
    return nodes


def check_columns(mapping, nodes, n_columns, broken):
    """Which columns belong to which node and element."""
    pointers = broken.dataset(mapping, "index_pointers", "<u8")
    elements = broken.dataset(mapping, "element_ids", "<u4")
    if nodes is None or pointers is None or elements is None:
        return
    broken.require(len(elements) == n_columns, elements, f"has not one entry for each of {n_columns}")
    if not broken.require(len(pointers) == len(nodes) + 1, pointers, "is not one longer than nodes"):
        return
    broken.require(pointers[0] == 0 and pointers[-1] == n_columns and is_sorted(pointers[:]),
                   pointers, "does not share out the columns")
    for begin, end in zip(pointers[:-1].astype(int), pointers[1:].astype(int)):
        changes = np.count_nonzero(np.diff(elements[begin:end].astype(int)))
        broken.require(changes + 1 == len(np.unique(elements[begin:end])) or begin == end, elements,
                       "has values of an element apart")


def check_time(mapping, n_rows, broken):
    time = broken.dataset(mapping, "time", "<f8")
    if time is None or not broken.require(len(time) == 3, time, "is not start, stop and step"):
        return
    broken.require(broken.string_attribute(time, "units") == "ms", time, "units are not ms")
    start, stop, step = time[:]
    if not broken.require(step > 0.0 and stop >= start >= 0.0, time, f"runs {start}, {stop}, {step}"):
        return
    frames = len(np.arange(start, stop - SAME_TIME, step))
    broken.require(frames == n_rows, time, f"is of {frames} samples where there are {n_rows}")
    broken.require(abs(start + frames * step - stop) < SAME_TIME, time, "ends between samples")


def check_report(group, broken):
    data = broken.dataset(group, "data", "<f4", dimensions=2)
    mapping = broken.member(group, "mapping", h5py.Group)
    if data is None or mapping is None:
        return
    broken.require(data.chunks is not None, data, "is not stored in chunks")
    broken.require(broken.string_attribute(data, "units"), data, "has no units")
    nodes = check_nodes(mapping, broken)
    check_columns(mapping, nodes, data.shape[1], broken)
    check_time(mapping, data.shape[0], broken)


def violations(path):
    """What in a closed file is against the rules."""
    broken = Violations()
    with h5py.File(path, "r") as file:
        check_root(file, broken)
        for kind, check in (("spikes", check_spikes), ("report", check_report)):
            for name in file.get(kind, {}):
                group = broken.member(file[kind], name, h5py.Group)
                if group is not None:
                    check(group, broken)
    return broken


if __name__ == "__main__":
    found = [f"{path}: {line}" for path in sys.argv[1:] for line in violations(path)]
    sys.exit("\n".join(found) or 0)
