"""Runs example programs with learning rates and initial weights of the user's.

usage: initial_weights_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

from example_runs_test import command, datasets, run, run_into

INTERVALS, TRANSMISSIONS = "sine_waves_bsshslm_2020", "sine_waves"
PROJECTIONS = ("in_rec", "rec_rec", "rec_out")
DIGITS = ("neuromorphic_mnist", "--batch-size", 1, "--labels", "0,1", "--test-iterations", 0,
          "--no-record")


def weights(done, when):
    """The weights of a run before or after training, projection by projection, as bytes."""
    return [done[f"weights/{name}/{when}"].tobytes() for name in PROJECTIONS]


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def trained(self, example, iterations, *options, ranks=1, name="first.h5"):
        """An output file and the checkpoint of the last iteration."""
        run_into(self.path(name), example, "--overwrite", "--iterations", iterations, "--checkpoint-every", 1,
                 "--checkpoint-dir", self.folder, *options, ranks=ranks)
        return self.path(name), self.path(f"{example}_{iterations}.ckpt")

    def assert_refused(self, message, example, *options, code=1):
        output = self.path("refused.h5")
        done = subprocess.run(command(example, "--iterations", 1, *options, output=output, ranks=2),
                              capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("error: "), 1, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertFalse(os.path.exists(output))


class LearningRate(Folder):
    def test_default_is_that_of_the_task(self):
        default = run(INTERVALS, "--iterations", 2)
        given = run(INTERVALS, "--iterations", 2, "--eta", "1e-4", "--eta-decay", 1)
        self.assertEqual(weights(given, "after"), weights(default, "after"))
        other = run(INTERVALS, "--iterations", 2, "--eta", "2e-4")
        self.assertNotEqual(weights(other, "after"), weights(default, "after"))

    def test_zero_changes_nothing(self):
        for example in (INTERVALS, TRANSMISSIONS):
            done = run(example, "--iterations", 2, "--eta", 0)
            self.assertEqual(weights(done, "after"), weights(done, "before"), example)

    def test_on_resuming_holds_from_the_next_iteration_on(self):
        for example, eta in ((INTERVALS, "1e-4"), (TRANSMISSIONS, "8e-8")):
            first, _ = self.trained(example, 2, "--eta", eta)
            checkpoint = self.path(f"{example}_1.ckpt")
            resumed = ("--iterations", 2, "--resume", checkpoint, "--eta")
            run_into(first, example, *resumed, float(eta) / 2)
            decayed = run(example, "--iterations", 2, "--eta", eta, "--eta-decay", 0.5)
            self.assertEqual(weights(datasets(first), "after"), weights(decayed, "after"), example)
            run_into(first, example, *resumed, 0)
            saved = run(example, "--iterations", 0, "--initial-weights", checkpoint)
            if example == INTERVALS:  # transmissions still learn what came before the checkpoint
                self.assertEqual(weights(datasets(first), "after"), weights(saved, "before"))

    def test_decay_goes_on_in_a_resumed_training(self):
        options = ("--eta-decay", 0.9)
        for example in (INTERVALS, TRANSMISSIONS):
            path, _ = self.trained(example, 3, *options, ranks=2)
            expected = datasets(path)
            run_into(path, example, "--iterations", 3, *options, "--resume",
                     self.path(f"{example}_2.ckpt"), ranks=3)
            self.assertEqual(weights(datasets(path), "after"), weights(expected, "after"))

    def test_decay_counts_training_iterations_alone(self):
        options = ("evidence_accumulation_bsshslm_2020", "--iterations", 2, "--batch-size", 1,
                   "--no-record", "--test-iterations", 0, "--validate-every", 1, "--stop-error", 0)
        first = self.path("first.h5")
        run_into(first, *options, "--eta-decay", 0.5, "--checkpoint-every", 2, "--checkpoint-dir",
                 self.folder)
        decayed = datasets(first)
        self.assertEqual(decayed["training/phase"].tolist(), [0, 1, 0, 1])
        run_into(first, *options, "--eta", 2.5e-3, "--resume",
                 self.path("evidence_accumulation_bsshslm_2020_2.ckpt"))
        name = "weights/in_regular/after"
        self.assertEqual(datasets(first)[name].tobytes(), decayed[name].tobytes())

    def test_that_is_none_is_refused(self):
        for option, value in (("--eta", "-1"), ("--eta", "nan"), ("--eta-decay", "0"),
                              ("--eta-decay", "1.5")):
            self.assert_refused(f"{INTERVALS}: error: {option}: must be a number", INTERVALS,
                                option, value, code=2)


class InitialWeights(Folder):
    def test_are_the_last_of_another_run(self):
        for example in (INTERVALS, TRANSMISSIONS):
            for file in self.trained(example, 3, ranks=2):
                last = weights(datasets(self.path("first.h5")), "after")
                for ranks in (1, 3):
                    second = run(example, "--iterations", 1, "--eta", 0, "--initial-weights", file,
                                 ranks=ranks)
                    self.assertEqual(weights(second, "before"), last, file)
                    self.assertEqual(weights(second, "after"), last, file)
            self.assertNotEqual(weights(datasets(self.path("first.h5")), "before"), last)

    def test_may_be_of_another_seed_where_all_are_connected(self):
        first, _ = self.trained(INTERVALS, 1)
        second = run(INTERVALS, "--iterations", 0, "--seed", 2, "--initial-weights", first)
        self.assertEqual(weights(second, "before"), weights(datasets(first), "after"))

    def test_of_a_sparse_network_need_its_connections(self):
        files = self.trained(*DIGITS[:1], 1, *DIGITS[1:])
        for file in files:
            second = run(*DIGITS, "--iterations", 0, "--initial-weights", file)
            self.assertEqual(weights(second, "before"), weights(datasets(files[0]), "after"))
        self.assert_refused("which are drawn depends on the seed", *DIGITS, "--seed", 2,
                            "--initial-weights", files[1])
        self.assert_refused("'/weights/rec_rec/after': synapses = ", *DIGITS, "--seed", 2,
                            "--initial-weights", self.of_digits_with_other_inputs(files[0]))

    def of_digits_with_other_inputs(self, file):
        """A copy whose weights of inputs fit seed 2, whatever inputs and connections it has."""
        run_into(self.path("seed2.h5"), *DIGITS, "--iterations", 0, "--seed", 2)
        with h5py.File(file) as source, h5py.File(self.path("seed2.h5"), "r+") as target:
            target["weights/rec_rec/after"][...] = source["weights/rec_rec/after"][...]
        return self.path("seed2.h5")

    def test_that_do_not_fit_are_refused(self):
        first, checkpoint = self.trained(INTERVALS, 1)
        self.assert_refused(f"eprop: error: output file '{first}': has no weights of in_regular, "
                            "in_adaptive, regular_regular, regular_adaptive, adaptive_regular, "
                            "adaptive_adaptive, regular_out, adaptive_out; it has those of in_rec, "
                            "rec_out, rec_rec", "evidence_accumulation_bsshslm_2020",
                            "--initial-weights", first)
        self.assert_refused(f"eprop: error: output file '{first}', '/weights/in_rec/after': weight "
                            "matrix = 100 x 100: must be [target][source] = 200 x 100",
                            "lemniscate_bsshslm_2020", "--initial-weights", first)
        self.assert_refused(f"eprop: error: checkpoint '{checkpoint}', projection 'in_rec': "
                            "synapses = 10000: must be the 20000 of the network",
                            "lemniscate_bsshslm_2020", "--initial-weights", checkpoint)
        self.assert_refused("eprop: error: output file '/nowhere/a.h5': cannot open it: ", INTERVALS,
                            "--initial-weights", "/nowhere/a.h5")

    def test_that_make_no_sense_are_refused(self):
        first, _ = self.trained(INTERVALS, 0, "--no-record")
        for value, message in ((1e3, "weight = 1000 pA: must be within [Wmin, Wmax] = [-100, 100]"),
                               (np.inf, "weight = inf pA: must be finite"),
                               (np.nan, "synapses = 1 missing (first 7 -> 5), 0 too many")):
            with h5py.File(first, "r+") as file:
                file["weights/rec_rec/after"][5, 7] = value
            self.assert_refused(f"eprop: error: output file '{first}', '/weights/rec_rec/after': "
                                + message, INTERVALS, "--initial-weights", first)

    def test_are_not_there_after_a_run_without_an_end(self):
        first, _ = self.trained(INTERVALS, 1)
        with h5py.File(first, "r+") as file:
            for name in PROJECTIONS:
                del file[f"weights/{name}/after"]
        self.assert_refused("'/weights/in_rec/data': synapses = 9990 missing", INTERVALS,
                            "--initial-weights", first)

    def test_are_refused_with_a_checkpoint_to_resume_from_and_as_output(self):
        first, checkpoint = self.trained(INTERVALS, 1)
        self.assert_refused("--initial-weights: must not be given with --resume", INTERVALS,
                            "--initial-weights", first, "--resume", checkpoint, code=2)
        before = datasets(first)
        done = subprocess.run(command(INTERVALS, "--initial-weights", first, output=first, ranks=2),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("--initial-weights: must not be the output file"), 1)
        self.assertEqual(weights(datasets(first), "after"), weights(before, "after"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
