"""Kills trainings at random moments, one rank or all, and goes on from the last checkpoint on another layout.

usage: killed_runs_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]

$EPROP_RANDOM_KILLS is the number of kills (default 25), $EPROP_KILL_SEED draws them.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

from example_runs_test import (assert_same, command, datasets, descendants, kill_all,
                               latest_checkpoint, run)

KILLS = int(os.environ.get("EPROP_RANDOM_KILLS", "25"))
SEED = int(os.environ.get("EPROP_KILL_SEED", time.time_ns() % 1_000_000))
TRAININGS = {  # options, and iterations that take some tenths of a second
    "sine_waves_bsshslm_2020": ((), 12),
    "evidence_accumulation_bsshslm_2020": (("--batch-size", 1, "--validate-every", 3,
                                            "--test-iterations", 2), 12),
}
LAYOUTS = ({"ranks": 1}, {"ranks": 1, "threads": 2}, {"ranks": 2}, {"ranks": 3})
LONGEST = 1.5  # seconds from a start to a kill
PATIENCE = 120  # seconds


class KilledRuns(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.output, self.checkpoints = (os.path.join(self.folder, name) for name in ("run.h5", "ck"))
        self.draw = random.Random(SEED)

    def latest_checkpoint(self, example):
        """Its path and number of iterations; None and 0 if there is none."""
        last = latest_checkpoint(self.checkpoints, example)
        return (os.path.join(self.checkpoints, f"{example}_{last}.ckpt") if last else None), last

    def start(self, example, options, iterations):
        """Goes on, or begins, with the layout that is drawn."""
        checkpoint, _ = self.latest_checkpoint(example)
        how = ("--resume", checkpoint) if checkpoint else ("--overwrite",)
        words = command(example, *options, "--iterations", iterations, "--checkpoint-every", 1,
                        "--checkpoint-dir", self.checkpoints, *how, output=self.output,
                        **self.draw.choice(LAYOUTS))
        return subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def kill(self, job, example):
        """One rank or all of them; returns when all have ended."""
        ranks = []
        for process in descendants(job.pid):
            with open(f"/proc/{process}/comm") as file:
                if file.read().strip() == example[:15]:
                    ranks.append(process)
        if ranks and self.draw.random() < 0.5:
            os.kill(self.draw.choice(ranks), signal.SIGKILL)
        else:
            kill_all(job)
        job.wait(PATIENCE)
        job.stderr.close()

    def check_what_is_left(self, example, whole):
        """The file can be read, and has what the checkpoint needs and nothing else than it is to have."""
        _, iterations = self.latest_checkpoint(example)
        if not iterations and not os.path.exists(self.output):
            return
        with h5py.File(self.output) as file:
            losses = file["training/loss"][:] if "training/loss" in file else []
            self.assertGreaterEqual(len(losses), iterations)
            if len(losses):
                self.assertEqual(losses.tobytes(), whole["training/loss"][: len(losses)].tobytes())
            spikes = file.get("spikes/rec/timestamps", [])[:]
            if len(spikes):
                self.assertEqual(spikes.tobytes(), whole["spikes/rec/timestamps"][: len(spikes)].tobytes())

    def check(self, example, kills):
        """Trains, once and again, until there have been as many kills."""
        options, iterations = TRAININGS[example]
        print(f"{example}: {kills} kills", flush=True)
        whole = run(example, *options, "--iterations", iterations)
        while kills > 0:
            shutil.rmtree(self.checkpoints, ignore_errors=True)
            if os.path.exists(self.output):
                os.remove(self.output)
            while True:
                job = self.start(example, options, iterations)
                try:
                    _, errors = job.communicate(timeout=self.draw.uniform(0, LONGEST) if kills else PATIENCE)
                except subprocess.TimeoutExpired:
                    self.assertGreater(kills, 0)
                    kills -= 1
                    self.kill(job, example)
                    self.check_what_is_left(example, whole)
                    continue
                self.assertEqual((job.returncode, errors), (0, ""))
                break
            assert_same(self, whole, datasets(self.output))
            # At most that of a job which was killed when all was done: the next one touches nothing.
            drafts = [name for name in os.listdir(self.folder) if name.endswith(".draft")]
            self.assertLessEqual(len(drafts), 1)
            for name in drafts:
                os.remove(os.path.join(self.folder, name))

    def test_trainings_that_are_killed_come_to_the_same(self):
        for example in TRAININGS:
            with self.subTest(example=example, seed=SEED):
                self.check(example, -(-KILLS // len(TRAININGS)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
