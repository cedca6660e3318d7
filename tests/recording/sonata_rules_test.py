"""Files of recordings of every kind follow the rules of SONATA, and what does not follow them is noticed.

usage: sonata_rules_test.py EVERY_RECORDING MPIEXEC [unittest arguments]
"""
import os
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

from sonata_rules import SORTING, violations

EVERY_RECORDING, MPIEXEC = sys.argv[1:3]


def write(path):
    """A file as the guide has it."""
    with h5py.File(path, "w") as file:
        file.attrs["magic"] = np.uint32(0x0A7A)
        file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
        spikes = file.create_group("spikes/cells")
        spikes.attrs.create("sorting", 2, dtype=h5py.enum_dtype(SORTING))
        spikes["timestamps"], spikes["node_ids"] = [0.5, 0.5, 2.0], np.array([3, 1, 1], np.uint64)
        spikes["timestamps"].attrs["units"] = "ms"
        report = file.create_group("report/cells")
        report.create_dataset("data", (4, 3), np.float32, chunks=True).attrs["units"] = "mV"
        report["mapping/node_ids"] = np.array([2, 5], np.uint64)
        report["mapping/node_ids"].attrs["sorted"] = np.int8(1)
        report["mapping/index_pointers"] = np.array([0, 2, 3], np.uint64)
        report["mapping/element_ids"] = np.array([0, 1, 0], np.uint32)
        report["mapping/time"] = [1.0, 3.0, 0.5]
        report["mapping/time"].attrs["units"] = "ms"


def replace(path, values):
    def change(file):
        units = file[path].attrs.get("units")
        del file[path]
        file[path] = values
        if units:
            file[path].attrs["units"] = units
    return change


def replace_attribute(path, name, value):
    return lambda file: file[path].attrs.__setitem__(name, value)


BREAKS = {
    "attribute 'magic' is not 2682": lambda file: file.attrs.__setitem__("magic", 2682),
    "needs the attribute 'version'": lambda file: file.attrs.__delitem__("version"),
    "'sorting' is no enumeration": replace_attribute("spikes/cells", "sorting", "by_time"),
    "timestamps: is not sorted": replace("spikes/cells/timestamps", [2.0, 0.5, 0.5]),
    "node_ids: is int64": replace("spikes/cells/node_ids", [3, 1, 1]),
    "times and nodes of two lengths": replace("spikes/cells/timestamps", [2.0]),
    "units are not ms": replace_attribute("report/cells/mapping/time", "units", "s"),
    "attribute 'units' is not one string": replace_attribute("report/cells/data", "units",
                                                             ["mV", "1"]),
    "data: is float64": replace("report/cells/data", np.zeros((4, 3))),
    "data: is not stored in chunks": replace("report/cells/data", np.zeros((4, 3), np.float32)),
    "needs the dataset 'data'": lambda file: file.__delitem__("report/cells/data"),
    "node_ids: is not sorted": lambda file: file["report/cells/mapping/node_ids"].write_direct(
        np.array([5, 2], np.uint64)),
    "is not one longer": replace("report/cells/mapping/index_pointers", np.uint64([0, 3])),
    "does not share out": replace("report/cells/mapping/index_pointers", np.uint64([0, 2, 2])),
    "one entry for each": replace("report/cells/mapping/element_ids", np.uint32([0, 1])),
    "values of an element apart": replace("report/cells/mapping/index_pointers",
                                          np.uint64([0, 3, 3])),
    "is of 5 samples where there are 4": replace("report/cells/mapping/time", [1.0, 3.5, 0.5]),
    "ends between samples": replace("report/cells/mapping/time", [1.0, 2.8, 0.5]),
}


class SonataRules(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = os.path.join(temporary.name, "file.h5")

    def test_the_guide_s_own_form_breaks_none(self):
        write(self.path)
        self.assertEqual(violations(self.path), [])

    def test_what_breaks_one_is_noticed(self):
        for rule, damage in BREAKS.items():
            with self.subTest(rule):
                write(self.path)
                with h5py.File(self.path, "r+") as file:
                    damage(file)
                self.assertTrue([line for line in violations(self.path) if rule in line],
                                violations(self.path))

    def test_recordings_of_every_kind_break_none(self):
        for ranks in (1, 3):
            with self.subTest(ranks=ranks):
                path = os.path.join(os.path.dirname(self.path), f"ranks_{ranks}.h5")
                subprocess.run([MPIEXEC, "--oversubscribe", "-n", str(ranks), EVERY_RECORDING,
                                path], check=True, timeout=120)
                self.assertEqual(violations(path), [])
                with h5py.File(path) as file:
                    self.assertEqual(sorted(file["report"]), sorted([
                        "rec.V_m", "rec.surrogate_gradient", "rec.learning_signal",
                        "rec.V_th_adapt", "some of rec.adaptation", "some of rec.V_m",
                        "out.readout_signal", "out.error_signal", "never.V_m", "nobody.V_m"]))
                    np.testing.assert_array_equal(file["report/some of rec.V_m/data"],
                                                  file["report/rec.V_m/data"][:, [1, 4, 6]])
                    self.assertGreater(len(file["spikes/rec/timestamps"]), 0)
                    self.assertEqual(file["weights/rec_rec/data"].shape, (23, 0))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
