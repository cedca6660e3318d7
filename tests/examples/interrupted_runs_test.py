"""Runs example programs that are killed, started twice, or out of disk space, and looks at what they leave.

usage: interrupted_runs_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import h5py
import numpy as np

from example_runs_test import (EXAMPLES, MPIEXEC, assert_same, command, datasets, kill_all,
                               mount_small_disk, run, run_into)

EXAMPLE = "sine_waves_bsshslm_2020"
CLASSIFIER = ("evidence_accumulation_bsshslm_2020", "--batch-size", 1, "--validate-every", 2,
              "--test-iterations", 0)
PATIENCE = 120  # seconds


def losses_in(path):
    """The losses that the file holds so far; none before it is there or while it is being written."""
    try:
        with h5py.File(path) as file:
            return file["training/loss"][:]
    except (OSError, KeyError):
        return np.empty(0)


class Interrupted(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def refused(self, words, *parts, environment={}):
        """Runs a command that has to fail, with one error that has these parts."""
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE,
                              env={**os.environ, **environment})
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("eprop: error: "), 1, done.stderr)
        line = next(line for line in done.stderr.splitlines() if "eprop: error: " in line)
        for part in parts:
            self.assertIn(part, line)

    @contextlib.contextmanager
    def running(self, words, output, iterations):
        """A run that has written so many losses; killed in the end without warning."""
        with subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as job:
            try:
                end = time.monotonic() + PATIENCE
                while len(losses_in(output)) < iterations:
                    self.assertIsNone(job.poll(), f"{words} ended early")
                    self.assertLess(time.monotonic(), end, f"{words} writes no losses")
                    time.sleep(0.02)
                yield
            finally:
                kill_all(job)


class KilledRuns(Interrupted):
    def check_curves(self, ranks, example, *options):
        output = self.path("run.h5")
        words = command(example, *options, "--iterations", 100000, output=output, ranks=ranks)
        with self.running(words, output, 3):
            pass
        with h5py.File(output) as file:
            curves = {name: data[:] for name, data in file["training"].items()}
            self.assertIn("spikes/rec/timestamps" if example == EXAMPLE else "spikes", file)
        count = len(curves["loss"])
        self.assertEqual({len(curve) for curve in curves.values()}, {count})
        whole = run(example, *options, "--iterations", min(count, 6))
        for name, curve in curves.items():
            expected = whole[f"training/{name}"][:3]
            self.assertEqual(curve[: len(expected)].tobytes(), expected.tobytes(), name)

    def test_losses_can_be_read_while_training_goes_on_and_after_a_kill(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.check_curves(ranks, EXAMPLE)

    def test_errors_and_phases_too(self):
        self.check_curves(2, *CLASSIFIER)

    def test_reports_have_the_time_axis_of_what_was_written(self):
        output = self.path("run.h5")
        with self.running(command(EXAMPLE, "--iterations", 100000, output=output), output, 3):
            pass
        with h5py.File(output) as file:
            for name, report in file["report"].items():
                start, stop, step = report["mapping/time"][:]
                self.assertEqual(round((stop - start) / step), len(report["data"]), name)


class SecondRuns(Interrupted):
    def setUp(self):
        super().setUp()
        self.output, self.checkpoints = self.path("run.h5"), self.path("ck")
        self.options = (EXAMPLE, "--iterations", 40, "--checkpoint-every", 2, "--checkpoint-dir",
                        self.checkpoints)

    def interrupt(self):
        words = command(*self.options, output=self.output, ranks=2)
        words[words.index("40")] = "100000"
        with self.running(words, self.output, 6):
            pass
        return max(int(name.split("_")[-1].removesuffix(".ckpt"))
                   for name in os.listdir(self.checkpoints) if name.endswith(".ckpt"))

    def resume_options(self, latest, **options):
        return command(EXAMPLE, "--iterations", latest + 2, "--resume",
                       os.path.join(self.checkpoints, f"{EXAMPLE}_{latest}.ckpt"), **options)

    def test_the_same_command_again_loses_nothing(self):
        latest = self.interrupt()
        with open(self.output, "rb") as file:
            before = file.read()
        for ranks in (1, 2):
            self.refused(command(*self.options, output=self.output, ranks=ranks),
                         f"{EXAMPLE}_{latest}.ckpt, after {latest} iterations of an unfinished",
                         "--resume", "--checkpoint-dir", "--overwrite")
        self.refused(command(EXAMPLE, "--iterations", 1, output=self.output),
                     f"output file {self.output}: exists already", "--output", "--overwrite", "--resume")
        with open(self.output, "rb") as file:
            self.assertEqual(file.read(), before)
        self.assertIn(f"{EXAMPLE}_{latest}.ckpt", os.listdir(self.checkpoints))
        # And the run goes on as if nothing had happened.
        done = subprocess.run(self.resume_options(latest, output=self.output, ranks=3),
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_equals_whole_run(latest + 2)

    def assert_equals_whole_run(self, iterations, of=None):
        whole = run(EXAMPLE, "--iterations", iterations)
        found = datasets(self.output)
        if of is not None:
            whole, found = ({name: values[name] for name in of} for values in (whole, found))
        assert_same(self, whole, found)

    def test_a_checkpoint_does_not_go_on_in_the_file_of_another_training(self):
        options = ("--iterations", 2, "--checkpoint-every", 1, "--checkpoint-dir", self.checkpoints)
        run_into(self.output, EXAMPLE, *options)
        other, text = self.path("other.h5"), self.path("notes.txt")
        run_into(other, EXAMPLE, "--iterations", 2, "--seed", 2)
        with open(text, "w") as file:
            file.write("notes")
        checkpoint = os.path.join(self.checkpoints, f"{EXAMPLE}_1.ckpt")
        before = datasets(other)
        for output, message in ((other, f"output file {other}: is of another training: its loss of "
                                        "iteration 1 is "),
                                (text, f"output file '{text}': is no HDF5 file"),
                                (checkpoint, f"output file '{checkpoint}': is no HDF5 file")):
            self.refused(command(EXAMPLE, "--iterations", 2, "--resume", checkpoint, output=output,
                                 ranks=2), message)
            self.assertFalse(os.path.exists(output + ".damaged"))
        self.assertEqual(before["training/loss"].tobytes(), datasets(other)["training/loss"].tobytes())
        self.refused(command(EXAMPLE, *options, output=os.path.join(
            self.checkpoints, f"{EXAMPLE}_2.ckpt")), "has the name of a checkpoint in")
        for option in ("--resume", "--initial-weights"):
            done = subprocess.run(command(EXAMPLE, option, "", output=self.path("new.h5")),
                                  capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{option}: must be a path, not ''", done.stderr)

    def test_a_run_whose_file_is_taken_over_ends_with_an_error(self):
        words = command(EXAMPLE, "--iterations", 100000, output=self.output)
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as job:
            while not len(losses_in(self.output)):
                time.sleep(0.05)
            run_into(self.output, EXAMPLE, "--iterations", 1, "--overwrite")
            error = job.communicate(timeout=PATIENCE)[1]
        self.assertEqual(job.returncode, 1)
        self.assertIn(f"output file '{self.output}': ", error)
        self.assertIn("another job may write it", error)
        self.assertEqual(len(losses_in(self.output)), 1)

    def test_overwrite_starts_anew(self):
        self.interrupt()
        words = command(EXAMPLE, "--iterations", 3, "--checkpoint-every", 3, "--checkpoint-dir",
                        self.checkpoints, "--overwrite", output=self.output)
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_equals_whole_run(3)
        left = [name for name in os.listdir(self.checkpoints)
                if not name.endswith(".tmp")]  # what a kill has left of one being written
        self.assertEqual(left, [f"{EXAMPLE}_3.ckpt"])

    def test_checkpoints_of_a_finished_run_are_in_nobodys_way(self):
        options = ("--iterations", 2, "--checkpoint-every", 2, "--checkpoint-dir", self.checkpoints)
        run_into(self.path("first.h5"), EXAMPLE, *options)
        run_into(self.path("second.h5"), EXAMPLE, *options)

    def test_a_checkpoint_goes_on_without_its_output_file(self):
        latest = self.interrupt()
        good = self.path("good.h5")
        os.rename(self.output, good)

        def truncated():
            shutil.copy(good, self.output)
            os.truncate(self.output, os.path.getsize(good) // 2)

        def emptied():
            open(self.output, "w").close()

        def of_another_run():
            run_into(self.output, EXAMPLE, "--iterations", 1)

        damages = {"is not there": lambda: None, "truncated file": truncated,
                   "": emptied, "it has 1 rows, not": of_another_run}
        for ranks, (reason, damage) in zip((2, 1, 3, 2), damages.items()):
            with self.subTest(reason=reason, ranks=ranks):
                damage()
                damaged = os.path.exists(self.output)
                done = subprocess.run(self.resume_options(latest, output=self.output, ranks=ranks),
                                      capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(f"output file '{self.output}': ", done.stderr)
                self.assertIn(reason, done.stderr)
                self.assertIn(f"recordings from iteration {latest + 1}, {latest * 1000 + 4} ms",
                              done.stderr)
                self.assertEqual(os.path.exists(self.output + ".damaged"), damaged)
                self.assert_equals_whole_run(latest + 2, of=["training/loss", "weights/in_rec/after"])
                with h5py.File(self.output) as file:
                    self.assertEqual(file["weights/in_rec/time"][0], latest * 1000 + 4)
                os.remove(self.output)
                if damaged:
                    os.remove(self.output + ".damaged")

    def test_a_file_that_is_in_use_is_not_taken_for_a_damaged_one(self):
        latest = self.interrupt()
        with h5py.File(self.output, "r+"):
            self.refused(self.resume_options(latest, output=self.output, ranks=2),
                         f"output file '{self.output}': another program, perhaps a notebook, has it "
                         "open for writing: close it there")
        with h5py.File(self.output):  # to read
            subprocess.run(self.resume_options(latest, output=self.output), check=True)


class TwoRuns(Interrupted):
    """At the same time."""

    def test_two_jobs_do_not_write_one_file_or_folder(self):
        output, folder = self.path("run.h5"), self.path("ck")
        options = (EXAMPLE, "--iterations", 100000, "--checkpoint-every", 2, "--checkpoint-dir", folder)
        with self.running(command(*options, output=output, ranks=2), output, 2):
            self.refused(command(EXAMPLE, "--iterations", 100000, "--resume",
                                 self.any_checkpoint(folder), output=output, ranks=2),
                         f"output file '{output}': is being written by process ", f"{output}.lock",
                         environment={"HDF5_USE_FILE_LOCKING": "FALSE"})
            self.refused(command(*options, "--resume", self.any_checkpoint(folder),
                                 output=self.path("other.h5")),
                         f"checkpoints of {EXAMPLE} in {folder}: is being written by process ")
            with self.assertRaises(OSError):
                h5py.File(output, "r+").close()

    def any_checkpoint(self, folder):
        """One that is not about to be removed."""
        copy = self.path("copy.ckpt")
        while not os.path.exists(copy):
            for name in sorted(os.listdir(folder)):
                if name.endswith(".ckpt"):
                    with contextlib.suppress(FileNotFoundError):
                        shutil.copy(os.path.join(folder, name), copy)
        return copy

    def test_readers_are_in_nobodys_way_whatever_locks_hdf5_uses(self):
        output, folder = self.path("run.h5"), self.path("ck")
        run_into(output, EXAMPLE, "--iterations", 2, "--checkpoint-every", 1, "--checkpoint-dir", folder)
        go_on = command(EXAMPLE, "--iterations", 2, "--resume",
                        os.path.join(folder, f"{EXAMPLE}_1.ckpt"), output=output)
        for setting in ("TRUE", "BEST_EFFORT", "FALSE"):
            with self.subTest(setting=setting), h5py.File(output):
                environment = {**os.environ, "HDF5_USE_FILE_LOCKING": setting}
                self.assertEqual(subprocess.run(go_on, env=environment).returncode, 0)

    def test_file_systems_without_locks(self):
        preload = os.path.join(os.path.dirname(EXAMPLES), "tests", "libno_file_locks.so")
        environment = dict(os.environ, LD_PRELOAD=preload)
        output = self.path("run.h5")
        program = [os.path.join(EXAMPLES, EXAMPLE), "--iterations", "1", "--quiet", "--output", output,
                   "--overwrite"]
        for setting in ("FALSE", "BEST_EFFORT"):
            environment["HDF5_USE_FILE_LOCKING"] = setting
            self.assertEqual(subprocess.run(program, env=environment).returncode, 0, setting)
        self.refused(program, f"output file '{output}': cannot create it: unable to lock file: Function "
                     "not implemented; HDF5_USE_FILE_LOCKING=FALSE in the environment does without",
                     environment={"LD_PRELOAD": preload, "HDF5_USE_FILE_LOCKING": "TRUE"})
        environment.pop("HDF5_USE_FILE_LOCKING")
        self.assertEqual(subprocess.run(program, env=environment).returncode, 0)

    def test_copies_that_do_not_know_of_each_other_leave_one_result(self):
        output = self.path("run.h5")
        program = [os.path.join(EXAMPLES, EXAMPLE), "--iterations", "300", "--quiet", "--output", output]
        environment = dict(os.environ, HDF5_USE_FILE_LOCKING="FALSE")
        jobs = [subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=environment)
                for _ in range(3)]
        errors = [job.communicate(timeout=PATIENCE)[1] for job in jobs]
        statuses = sorted(job.returncode for job in jobs)
        self.assertEqual(statuses, [0, 1, 1], errors)
        for job, error in zip(jobs, errors):
            self.assertEqual(error.count("eprop: error: "), job.returncode, error)
        self.assertEqual(len(losses_in(output)), 300)


class FullDisk(Interrupted):
    """A small file system of its own."""

    def setUp(self):
        super().setUp()
        mount_small_disk(self, self.folder, "100k")

    def check(self, words, *parts):
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("eprop: error: "), 1, done.stderr)
        self.assertNotRegex(done.stderr, "received signal|HDF5: |HDF5-DIAG")
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_network_of_the_readme(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.check([MPIEXEC, "--oversubscribe", "-n", str(ranks),
                            os.path.join(EXAMPLES, "own_network")], "output file 'mine.h5': cannot ")

    def test_training(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.check(command(EXAMPLE, "--iterations", 2, "--overwrite", output="run.h5",
                                   ranks=ranks), "output file 'run.h5': cannot ")

    def test_checkpoint(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            for ranks in (1, 2):
                self.check(command(EXAMPLE, "--iterations", 2, "--checkpoint-every", 1,
                                   "--checkpoint-dir", ".", "--overwrite", ranks=ranks,
                                   output=os.path.join(elsewhere, "run.h5")),
                           "checkpoint './sine_waves_bsshslm_2020_1.ckpt.tmp': cannot be written: "
                           "No space left on device")
            self.assertEqual([name for name in os.listdir(self.folder) if "ckpt" in name], [])
            self.assertEqual(len(losses_in(os.path.join(elsewhere, "run.h5"))), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
