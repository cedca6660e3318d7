"""Runs example programs that signals stop and the same command starts again, and looks at what they come to.

usage: signalled_runs_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

from example_runs_test import assert_same, command, datasets, descendants, kill_all, run

SINE_WAVES = "sine_waves_bsshslm_2020"
EVIDENCE = "evidence_accumulation_bsshslm_2020"
STOPPED = 75  # exit status
PATIENCE = 240  # seconds


def pids_of(example, job):
    """The processes of a job that run the example, in the order in which they were started."""
    def runs(pid):
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip() == example[:15]

    return sorted(pid for pid in descendants(job.pid) if runs(pid))


class SignalledRuns(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.output, self.checkpoints = self.path("run.h5"), self.path("ck")

    def path(self, name):
        return os.path.join(self.folder, name)

    def words(self, example, *options, **layout):
        return command(example, *options, "--checkpoint-dir", self.checkpoints, output=self.output,
                       **layout)

    def start(self, words):
        """A job that has begun to train: its output file says of what it is."""
        job = subprocess.Popen(words, start_new_session=True, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})
        self.addCleanup(job.stderr.close)
        self.addCleanup(kill_all, job)
        self.wait_until(self.has_begun, job)
        return job

    def has_begun(self):
        try:
            with h5py.File(self.output) as file:
                return "training" in file["task"].attrs
        except (OSError, KeyError):
            return False

    def wait_until(self, true, job):
        end = time.monotonic() + PATIENCE
        while not true():
            self.assertIsNone(job.poll(), "ended early")
            self.assertLess(time.monotonic(), end, "nothing happens")
            time.sleep(0.005)

    def done(self, words):
        """Exit status and messages of a run."""
        ended = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE,
                               env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})
        return ended.returncode, ended.stderr

    def finish(self, words):
        self.assertEqual(self.done(words), (0, ""))

    def names(self):
        """Of the checkpoints, by iteration."""
        return sorted((name for name in os.listdir(self.checkpoints) if name.endswith(".ckpt")),
                      key=lambda name: int(name.removesuffix(".ckpt").split("_")[-1]))

    def assert_equals(self, expected):
        assert_same(self, expected, datasets(self.output))


class Stopped(SignalledRuns):
    def check_stop(self, send, ranks, number):
        """A signal stops a run, which goes on elsewhere to the same results."""
        options = (SINE_WAVES, "--iterations", 120)
        job = self.start(self.words(*options, ranks=ranks))
        send(job, number)
        _, errors = job.communicate(timeout=PATIENCE)
        self.assertEqual(job.returncode, STOPPED, errors)
        self.assertNotIn("eprop: ", errors)
        self.assertEqual(len(self.names()), 1)
        self.finish(self.words(*options, "--resume", "latest", ranks=3 - ranks % 2))
        self.assert_equals(run(*options))
        shutil.rmtree(self.checkpoints)
        os.remove(self.output)

    def test_by_a_signal_to_any_rank(self):
        for ranks, rank, number in ((1, 0, signal.SIGINT), (2, 1, signal.SIGTERM),
                                    (3, 2, signal.SIGUSR2), (2, 0, signal.SIGINT)):
            with self.subTest(ranks=ranks, rank=rank, number=number):
                self.check_stop(lambda job, number, rank=rank:
                                os.kill(pids_of(SINE_WAVES, job)[rank], number), ranks, number)

    def test_by_mpirun_that_passes_it_on(self):
        self.check_stop(lambda job, number: os.kill(job.pid, number), 2, signal.SIGUSR2)

    def test_by_a_signal_to_all_ranks(self):
        def send(job, number):
            for pid in pids_of(SINE_WAVES, job):
                os.kill(pid, number)

        self.check_stop(send, 3, signal.SIGTERM)

    def test_at_once_by_a_second_interrupt(self):
        # Replicas look at signals between batches only; the first one takes some seconds.
        words = self.words(EVIDENCE, "--batch-size", 4096, threads=2)[4:]
        job = self.start(words)
        time.sleep(1)
        job.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.assertIsNone(job.poll())
        job.send_signal(signal.SIGINT)
        job.communicate(timeout=PATIENCE)
        self.assertEqual(job.returncode, 130)
        self.assertFalse(os.path.exists(self.checkpoints))

    def test_in_the_middle_of_a_long_iteration(self):
        options = (EVIDENCE, "--iterations", 1, "--test-iterations", 1, "--validate-every", 1,
                   "--batch-size", 192)
        job = self.start(self.words(*options, "--replicas", 1, ranks=2))
        time.sleep(0.1)
        os.kill(pids_of(EVIDENCE, job)[1], signal.SIGUSR2)
        begin = time.monotonic()
        _, errors = job.communicate(timeout=PATIENCE)
        self.assertEqual(job.returncode, STOPPED, errors)
        self.assertLess(time.monotonic() - begin, 5.0)
        self.assertEqual(self.names(), [f"{EVIDENCE}_0.ckpt"])
        self.finish(self.words(*options, "--resume", "auto", ranks=1, threads=2))
        self.assert_equals(run(*options))


class GoesOn(SignalledRuns):
    def test_after_a_checkpoint_that_was_asked_for(self):
        options = (SINE_WAVES, "--iterations", 120)
        job = self.start(self.words(*options, ranks=2))
        os.kill(pids_of(SINE_WAVES, job)[1], signal.SIGUSR1)
        self.wait_until(lambda: os.path.isdir(self.checkpoints) and self.names(), job)
        first = self.names()[0]
        shutil.copy(os.path.join(self.checkpoints, first), self.path("copy.ckpt"))
        _, errors = job.communicate(timeout=PATIENCE)
        self.assertEqual((job.returncode, errors), (0, ""))
        expected = run(*options)
        self.assert_equals(expected)
        self.finish(command(*options, "--resume", self.path("copy.ckpt"), output=self.output))
        self.assert_equals(expected)

    def test_with_checkpoints_by_the_clock(self):
        options = (SINE_WAVES, "--iterations", 100, "--checkpoint-minutes", 0.001)
        self.finish(self.words(*options, ranks=2))
        self.assert_equals(run(*options[:3]))
        before, last = self.names()
        self.assertEqual(last, f"{SINE_WAVES}_100.ckpt")
        self.finish(self.words(*options[:3], "--resume", os.path.join(self.checkpoints, before)))
        self.assert_equals(run(*options[:3]))


class TheSameCommandAgain(SignalledRuns):
    """--resume auto"""

    def test_until_all_is_done(self):
        """Ten times killed or stopped, on ever other layouts."""
        options = (EVIDENCE, "--iterations", 40, "--batch-size", 4, "--validate-every", 4,
                   "--test-iterations", 1, "--resume", "auto", "--checkpoint-minutes", 0.0001)
        layouts = ((1, 1, 1), (2, 1, 1), (1, 2, 2), (3, 1, 1), (2, 1, 2), (1, 2, 1), (2, 2, 1), (1, 1, 1),
                   (4, 1, 2), (2, 2, 2))
        for i, (ranks, threads, replicas) in enumerate(layouts):
            job = self.start(self.words(*options, "--replicas", replicas, ranks=ranks,
                                        threads=threads))
            begun = self.newest()
            self.wait_until(lambda: self.newest() > begun, job)
            if i % 2 == 0:
                kill_all(job)
            else:
                os.kill(pids_of(EVIDENCE, job)[-1], signal.SIGTERM)
                _, errors = job.communicate(timeout=PATIENCE)
                self.assertEqual(job.returncode, STOPPED, errors)
        self.finish(self.words(*options))
        self.assert_equals(run(*options[:-4]))
        self.assertLessEqual(len(self.names()), 2)

    def newest(self):
        """What tells checkpoints apart: by when they were written."""
        if not os.path.isdir(self.checkpoints):
            return 0
        return max((os.stat(os.path.join(self.checkpoints, name)).st_mtime_ns
                    for name in self.names()), default=0)

    def test_that_is_killed_before_its_first_checkpoint(self):
        options = (SINE_WAVES, "--iterations", 40, "--resume", "auto")
        words = self.words(*options, "--checkpoint-every", 1000)
        kill_all(self.start(words))
        self.assertEqual(self.names(), [])
        with self.subTest("a file that a kill has cut off"):
            os.truncate(self.output, 100)
            status, errors = self.done(self.words(*options, ranks=2))
            self.assertEqual(status, 0)
            self.assertRegex(errors, f"^{SINE_WAVES}: warning: output file {self.output}: is damaged; it "
                             f"is {self.output}.damaged now\n$")
        expected = run(*options[:3])
        self.assert_equals(expected)
        for name in self.names():
            os.remove(os.path.join(self.checkpoints, name))
        os.remove(self.output)
        kill_all(self.start(words))
        self.finish(self.words(*options, ranks=2))
        self.assert_equals(expected)

    def test_that_is_complete_does_no_harm(self):
        options = (SINE_WAVES, "--iterations", 5, "--resume", "auto")
        self.finish(self.words(*options))
        with open(self.output, "rb") as file:
            before = file.read()
        words = self.words(*options, ranks=2)
        self.finish(words)
        words.remove("--quiet")
        status, errors = self.done(words)
        self.assertEqual(status, 0)
        self.assertIn(f"{SINE_WAVES}: training is complete after 5 iterations, nothing is left to do\n",
                      errors)
        with open(self.output, "rb") as file:
            self.assertEqual(file.read(), before)
        self.assertEqual(self.names(), [f"{SINE_WAVES}_5.ckpt"])

    def test_passes_over_damaged_checkpoints(self):
        options = (SINE_WAVES, "--iterations", 120, "--checkpoint-every", 2, "--resume", "auto")
        job = self.start(self.words(*options))
        self.wait_until(lambda: os.path.isdir(self.checkpoints) and len(self.names()) > 1, job)
        kill_all(job)
        path = os.path.join(self.checkpoints, self.names()[-1])
        os.truncate(path, os.path.getsize(path) - 1)
        warning = (f"{SINE_WAVES}: warning: checkpoint '{path}': is no checkpoint of this program, or it "
                   "is damaged; the one before is taken\n")
        self.assertEqual(self.done(self.words(*options, ranks=2)), (0, warning))
        self.assert_equals(run(*options[:3]))

    def test_is_refused_where_it_is_of_something_else(self):
        def refused(message, *words):
            status, errors = self.done(self.words(*words, ranks=2))
            self.assertEqual(status, 1)
            self.assertEqual(errors.count("eprop: error: "), 1, errors)
            self.assertIn(message, errors)

        options = (SINE_WAVES, "--iterations", 3)
        refused(f"folder {self.checkpoints}: has no checkpoint of {SINE_WAVES}", *options, "--resume",
                "latest")
        self.finish(self.words(*options))
        refused(f"output file {self.output}: exists already, with all that this training comes to",
                *options, "--resume", "auto")
        refused(f"output file {self.output}: exists already, of another training or program",
                *options, "--seed", 2, "--resume", "auto")
        os.remove(self.output)
        self.finish(self.words(*options, "--checkpoint-every", 2))
        refused("is of another network: it has network: dt 1 ms, seed 1, ", *options, "--seed", 2,
                "--resume", "auto")
        refused("was trained with recordings", *options, "--no-record", "--resume", "latest")
        with open(self.output, "w") as file:
            file.write("notes")
        shutil.rmtree(self.checkpoints)
        refused("is no HDF5 file", *options, "--resume", "auto")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
