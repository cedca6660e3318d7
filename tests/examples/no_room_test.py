"""Runs trainings whose disk fills up, or whose folder becomes read-only, and goes on when that is over.

usage: no_room_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

from example_runs_test import (EXAMPLES, assert_same, command, datasets, latest_checkpoint,
                               mount_small_disk, run)

EXAMPLE = "sine_waves_bsshslm_2020"
PATIENCE = 120  # seconds


class NoRoom(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.output, self.checkpoints = (os.path.join(self.folder, name) for name in ("run.h5", "ck"))

    def command(self, iterations, *options, **layout):
        return command(EXAMPLE, "--iterations", iterations, "--checkpoint-every", 2, "--checkpoint-dir",
                       self.checkpoints, *options, output=self.output, **layout)

    def assert_refused(self, job, errors, *parts):
        self.assertEqual(job.returncode, 1, errors)
        self.assertEqual(errors.count("eprop: error: "), 1, errors)
        for part in parts:
            self.assertIn(part, errors)

    def latest_checkpoint(self):
        return latest_checkpoint(self.checkpoints, EXAMPLE)

    def assert_goes_on(self, **layout):
        """From the last checkpoint; what the file then has is that of an undisturbed run."""
        latest = self.latest_checkpoint()
        self.assertGreater(latest, 0)
        with h5py.File(self.output) as file:
            self.assertGreaterEqual(len(file["training/loss"]), latest)
        checkpoint = os.path.join(self.checkpoints, f"{EXAMPLE}_{latest}.ckpt")
        done = subprocess.run(self.command(latest + 2, "--resume", checkpoint, **layout),
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        assert_same(self, run(EXAMPLE, "--iterations", latest + 2), datasets(self.output))
        self.assertEqual(sorted(os.listdir(self.folder)), ["ck", "run.h5"])


class FullDisk(NoRoom):
    """A small file system of its own, which others fill while the training goes on."""

    def setUp(self):
        super().setUp()
        mount_small_disk(self, self.folder, "20m")

    def fill(self):
        filler = os.path.join(self.folder, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while file.write(bytes(65536)):
                    pass
            except OSError:
                return filler

    def check(self, ranks, then):
        with subprocess.Popen(self.command(100000, ranks=ranks), stderr=subprocess.PIPE, text=True) as job:
            end = time.monotonic() + PATIENCE
            while not os.path.isdir(self.checkpoints) or self.latest_checkpoint() < 4:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)
            filler = self.fill()
            errors = job.communicate(timeout=PATIENCE)[1]
        self.assert_refused(job, errors, self.folder)
        self.assertRegex(errors, "No space left on device|write[a-z_]* failed|cannot be")
        os.remove(filler)
        self.assert_goes_on(ranks=then)

    def test_training_of_one_rank(self):
        self.check(1, then=2)

    def test_training_of_two_ranks(self):
        self.check(2, then=1)


class ReadOnlyFolder(NoRoom):
    """Root may write everywhere: it is nobody who runs this."""

    def setUp(self):
        super().setUp()
        self.program = os.path.join(EXAMPLES, EXAMPLE)
        self.user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        try:
            subprocess.run([self.program, "--help"], capture_output=True, check=True, **self.user)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest(f"not everybody can run {self.program}")
        os.mkdir(self.checkpoints)
        for folder in (self.folder, self.checkpoints):
            os.chmod(folder, 0o777)

    def check(self, folder, *parts):
        words = self.command(100000)
        words = words[words.index(self.program):]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": self.folder},
                              **self.user) as job:
            end = time.monotonic() + PATIENCE
            while self.latest_checkpoint() < 4:
                self.assertLess(time.monotonic(), end)
                self.assertIsNone(job.poll())
                time.sleep(0.02)
            os.chmod(folder, 0o555)
            errors = job.communicate(timeout=PATIENCE)[1]
        self.assert_refused(job, errors, *parts, "Permission denied")
        with h5py.File(self.output) as file:
            self.assertGreaterEqual(len(file["training/loss"]), self.latest_checkpoint())
        os.chmod(folder, 0o777)
        # The lock could not be removed; its owner has ended.
        self.assert_goes_on(ranks=2)

    def test_of_the_output(self):
        self.check(self.folder, f"output file '{self.output}': cannot be ")

    def test_of_the_checkpoints(self):
        self.check(self.checkpoints, "checkpoint '")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
