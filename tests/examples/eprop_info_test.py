"""Asks eprop-info for what example programs have written, whole and damaged.

usage: eprop_info_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py

from example_runs_test import EXAMPLES, run_into

PROGRAM = os.path.join(os.path.dirname(EXAMPLES), "eprop-info")
EXAMPLE = "evidence_accumulation_bsshslm_2020"


class EpropInfo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.output = os.path.join(cls.folder, "run.h5")
        cls.checkpoint = os.path.join(cls.folder, "ck", f"{EXAMPLE}_3.ckpt")
        run_into(cls.output, EXAMPLE, "--iterations", 2, "--batch-size", 1, "--validate-every", 1,
                 "--test-iterations", 0, "--seed", 7, "--record", "--checkpoint-every", 3,
                 "--checkpoint-dir", os.path.dirname(cls.checkpoint))
        with h5py.File(cls.output) as file:
            cls.losses, cls.errors = file["training/loss"][:], file["training/error"][:]
            cls.spikes = len(file["spikes/regular/timestamps"])

    def ask(self, path, *options):
        return subprocess.run([PROGRAM, path, *options], capture_output=True, text=True, timeout=60)

    def json_of(self, path):
        done = self.ask(path, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_checkpoint(self):
        info = self.json_of(self.checkpoint)
        self.assertEqual(info["kind"], "checkpoint")
        training, network = info["training"], info["network"]
        self.assertEqual((training["task"], training["iterations"], training["iterations_of_validation"]),
                         (EXAMPLE, 3, 1))
        self.assertEqual((training["last_loss"], training["last_error"]), (self.losses[2], self.errors[2]))
        self.assertIs(training["finished"], False)
        self.assertEqual((network["seed"], network["dt_ms"]), (7, 1.0))
        self.assertEqual(info["time_ms"], info["step"] * 1.0)
        populations = {population["name"]: population for population in network["populations"]}
        self.assertEqual(populations["regular"]["model"], "eprop_iaf_bsshslm_2020")
        self.assertEqual(populations["out"]["size"], 2)
        sizes = {name: population["size"] for name, population in populations.items()}
        found = {projection["name"]: projection for projection in network["projections"]}
        self.assertEqual(found["in_regular"]["synapses"], sizes["in"] * sizes["regular"])
        self.assertIn("eprop_synapse_bsshslm_2020", found["in_regular"]["model"])
        self.assertEqual(info["rows_in_output"]["/training/loss"], 3)

    def test_output(self):
        info = self.json_of(self.output)
        self.assertEqual((info["kind"], info["version"]), ("output file", [0, 1]))
        self.assertEqual(info["task"]["name"], EXAMPLE)
        self.assertEqual(info["training"], {"iterations": len(self.losses), "last_loss": self.losses[-1],
                                            "last_error": self.errors[-1]})
        network = info["network"]
        self.assertEqual(network, self.json_of(self.checkpoint)["network"])
        self.assertEqual(network["seed"], 7)
        self.assertIn(("regular", self.spikes), [(s["population"], s["spikes"]) for s in info["spikes"]])
        report = next(r for r in info["reports"] if r["name"] == "out.readout_signal")
        self.assertEqual((report["population"], report["neurons"], report["interval_ms"]), ("out", 2, 1.0))
        weights = next(w for w in info["weights"] if w["projection"] == "in_regular")
        self.assertEqual(weights["before"], weights["after"])
        self.assertNotIn("written_by", info)

    def test_to_read(self):
        for path, parts in ((self.checkpoint, ("kind: checkpoint", f"  task: {EXAMPLE}", "  seed: 7",
                                               "    name out, size 2, model eprop_readout_bsshslm_2020")),
                            (self.output, ("kind: output file", f"  last loss: {self.losses[-1]}"))):
            done = self.ask(path)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for part in parts:
                self.assertIn(part + "\n", done.stdout)

    def test_damaged_texts(self):
        """Told, as well as may be, or refused: HDF5 keeps no checksum of them."""
        path = os.path.join(self.folder, "texts")
        with open(self.output, "rb") as file:
            content = file.read()
        heap = content.index(b"GCOL")
        told = 0
        for at in range(heap, heap + 160, 3):
            with open(path, "wb") as file:
                file.write(content[:at] + bytes([content[at] ^ 4]) + content[at + 1:])
            done = self.ask(path)
            self.assertIn(done.returncode, (0, 1))
            told += done.returncode == 0
            if done.returncode:
                self.assertRegex(done.stderr, r"\Aeprop-info: error: [^\n]*\n\Z")
        self.assertGreater(told, 0)

    def refused(self, path, *parts):
        for options in ((), ("--json",)):
            done = self.ask(path, *options)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, r"\Aeprop-info: error: [^\n]*\n\Z")
            for part in (path, *parts):
                self.assertIn(part, done.stderr)

    def test_damaged_and_other_files(self):
        path = os.path.join(self.folder, "damaged")
        for whole in (self.checkpoint, self.output):
            with open(whole, "rb") as file:
                content = file.read()
            for length in (0, 1, 7, 20, 100, len(content) // 2, len(content) - 1):
                with open(path, "wb") as file:
                    file.write(content[:length])
                self.refused(path)
        with h5py.File(path, "w") as file:
            file["spikes"] = [1.0]
        self.refused(path, "none that this program has written")
        self.refused(self.folder, "is no file")
        self.refused(path + ".h5", "is not there")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
