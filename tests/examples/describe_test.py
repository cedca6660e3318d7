"""Runs example programs with --describe and checks what they say, and that they leave nothing behind.

usage: describe_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import h5py

EXAMPLES, MPIEXEC = os.path.abspath(sys.argv[1]), sys.argv[2]

# Neurons by population.
NETWORKS = {
    "sine_waves_bsshslm_2020": {"in": 100, "rec": 100, "out": 1},
    "sine_waves": {"in": 100, "rec": 100, "out": 1},
    "lemniscate_bsshslm_2020": {"in": 100, "rec": 200, "out": 2},
    "handwriting_bsshslm_2020": {"in": 100, "rec": 200, "out": 2},
    "evidence_accumulation_bsshslm_2020": {"in": 40, "regular": 50, "adaptive": 50, "out": 2},
    "neuromorphic_mnist": {"rec": 150, "out": 10},
    "heidelberg_digits": {"out": 20},
}

UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class Described(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, example, *options, ranks=1):
        launcher = [MPIEXEC, "--oversubscribe", "-n", str(ranks)] if ranks > 1 else []
        words = [*launcher, os.path.join(EXAMPLES, example), *map(str, options)]
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=240)

    def describe(self, example, *options, ranks=1):
        """The paragraphs of the description: lists of lines, each a list of cells."""
        done = self.start(example, "--describe", *options, ranks=ranks)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [[re.split(r"  +", line) for line in paragraph.splitlines()]
                for paragraph in done.stdout.split("\n\n")]

    def table(self, paragraphs, head):
        """Its lines, as dictionaries."""
        heads = [lines for lines in paragraphs if lines[0][0] == head]
        self.assertEqual(len(heads), 1, paragraphs)
        names, *rows = heads[0]
        return [dict(zip(names, row)) for row in rows if len(row) == len(names)]

    def line(self, paragraphs, name):
        found = [cells for lines in paragraphs for cells in lines if cells[0] == name]
        self.assertEqual(len(found), 1, paragraphs)
        return found[0][1]

    def memory(self, paragraphs):
        """Bytes, to the digits that are given, by part: smallest, largest, all ranks."""
        def number(cell):
            value, unit = cell.split()
            return float(value) * UNITS[unit]

        return {row["memory of a rank"]: [number(row[of]) for of in ("smallest", "largest", "all ranks")]
                for row in self.table(paragraphs, "memory of a rank")}

    def test_every_example_tells_its_network_and_leaves_nothing_behind(self):
        for example, sizes in NETWORKS.items():
            with self.subTest(example=example):
                found = self.describe(example)
                self.assertEqual(found[0], [[example]])
                populations = {row["population"]: int(row["neurons"]) for row in self.table(found, "population")}
                self.assertEqual({name: populations[name] for name in sizes}, sizes)
                projections = self.table(found, "projection")
                for row in projections:
                    self.assertLessEqual(int(row["synapses"]), populations[row["source"]] * populations[row["target"]])
                    self.assertGreater(int(row["synapses"]), 0)
                self.assertTrue(any(row["optimizer"] != "-" for row in projections))
                self.assertEqual(self.line(found, "exchange interval"), "1 step of 1 ms, the smallest delay")
                self.assertEqual(os.listdir(self.folder), [])

    def test_numbers_are_those_of_the_run(self):
        options = ("--batch-size", 2, "--model", "eprop_iaf_adapt")
        found = self.describe("sine_waves", "--iterations", 3, *options)
        self.assertEqual(self.line(found, "iteration"), "2000 steps: 2 samples x 1000 steps, 2000 ms of model time")
        self.assertEqual(self.line(found, "iterations"), "3 of training")
        self.assertEqual(self.table(found, "population")[1],
                         {"population": "rec", "neurons": "100", "model": "eprop_iaf_adapt"})
        self.assertEqual(self.table(found, "learning signal of"),
                         [{"learning signal of": "out", "to": "rec", "rule": "AllToAll", "delay": "1 ms"}])
        done = self.start("sine_waves", "--iterations", 0, *options, "--output", "run.h5", "--quiet")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with h5py.File(os.path.join(self.folder, "run.h5")) as file:
            for row in self.table(found, "projection"):
                matrix = file[f"weights/{row['projection']}/after"][:]
                self.assertEqual(int(row["synapses"]), (matrix == matrix).sum())
                self.assertEqual((row["synapse"], row["optimizer"], row["delay"]),
                                 ("eprop_synapse", "gradient_descent", "1 ms"))

    def test_ranks_tell_it_once_and_what_each_has(self):
        options = ("--batch-size", 8, "--threads", 2)
        one = self.describe("sine_waves_bsshslm_2020", *options, "--replicas", 1)
        two = self.describe("sine_waves_bsshslm_2020", *options, "--replicas", 1, ranks=2)
        for table in "population", "projection", "learning signal of":
            self.assertEqual(self.table(one, table), self.table(two, table))
        self.assertEqual(self.line(one, "layout"), "1 rank x 2 threads, 1 replica")
        self.assertEqual(self.line(two, "layout"), "2 ranks x 2 threads, 1 replica")
        self.assertEqual(self.line(self.describe("sine_waves_bsshslm_2020", *options, ranks=2), "layout"),
                         "2 ranks x 2 threads, 4 replicas")
        whole, parts = self.memory(one), self.memory(two)
        self.assertEqual(whole["synapses"][0], whole["synapses"][2])
        for part, (smallest, largest, together) in parts.items():
            self.assertLessEqual(smallest, largest, part)
            self.assertAlmostEqual(together, smallest + largest, delta=0.02 * together, msg=part)
        self.assertAlmostEqual(parts["synapses"][2], whole["synapses"][2], delta=0.02 * whole["synapses"][2])
        self.assertGreater(parts["process"][0], parts["counted"][1])

    def test_replicas_have_neurons_and_archives_of_their_own(self):
        options = ("--batch-size", 8, "--threads", 4)
        one, four = (self.memory(self.describe("sine_waves_bsshslm_2020", *options, "--replicas", n)) for n in (1, 4))
        for part in "neurons", "archives":
            self.assertGreater(four[part][2], 2 * one[part][2], part)
        self.assertEqual(four["synapses"], one["synapses"])

    def test_sparse_network_tells_what_it_counts(self):
        options = ("--neurons", 1000, "--indegree", 100, "--optimizer", "adam")
        found = self.describe("sparse_network", *options)
        rec_rec, rec_out = self.table(found, "projection")
        self.assertEqual((rec_rec["rule"], rec_rec["optimizer"], rec_rec["synapses"]),
                         ("FixedIndegree 100", "adam", "100000"))
        self.assertEqual((rec_out["synapse"], rec_out["optimizer"]), ("static_synapse", "-"))
        counted = json.loads(self.start("sparse_network", *options, "--duration", 1, "--json").stdout)["bytes"]
        self.assertAlmostEqual(self.memory(found)["synapses"][2], counted["synapses"][0], delta=0.1 * UNITS["MiB"])

    def test_what_an_earlier_run_has_written_stays(self):
        options = ("--output", "run.h5", "--checkpoint-dir", "ck", "--checkpoint-every", 1)
        self.assertEqual(self.start("sine_waves", "--iterations", 1, *options).returncode, 0)
        before = {path: os.stat(os.path.join(self.folder, path)) for path in ("run.h5", "ck", "ck/sine_waves_1.ckpt")}
        for further in (), ("--overwrite",), ("--resume", "auto"):
            self.describe("sine_waves", *options, *further)
        for path, was in before.items():
            now = os.stat(os.path.join(self.folder, path))
            self.assertEqual((now.st_ino, now.st_mtime_ns, now.st_size), (was.st_ino, was.st_mtime_ns, was.st_size))

    def test_what_could_not_run_is_refused(self):
        done = self.start("neuromorphic_mnist", "--describe", "--write-data", "digits")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--describe excludes --write-data", done.stderr)
        done = self.start("sine_waves_bsshslm_2020", "--describe", "--replicas", 3)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("simulation: replicas = 3: must be", done.stderr)
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
