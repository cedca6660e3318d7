"""Runs example programs under mpirun and checks their losses and that their output does not depend on the layout.

usage: example_runs_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import contextlib
import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py
import numpy as np

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests", "recording"))
from hdf5_datasets import datasets  # noqa: E402
from sonata_rules import violations  # noqa: E402

EXAMPLES, MPIEXEC = os.path.abspath(sys.argv[1]), sys.argv[2]

# Published scripts under NEST 3.10, to 1e-8; of the first task 20 iterations, the last ones to fewer digits.
SINE_WAVES_BSSHSLM = [101.964356999041, 103.466731126205, 103.340607074771, 103.680244037686,
                      104.412775748752, 105.658318943451, 106.693222470336]
SINE_WAVES_BSSHSLM_ROUNDED = {7: 106.102223, 8: 106.797025, 9: 106.967267}
SINE_WAVES = [107.73732072362752, 106.42253313316886, 107.37869441301808, 108.10839027499375,
              107.76400611943626]
LEMNISCATE = [314.26174047309087, 314.307082458025, 312.3009047580682, 310.5397170643051,
              309.53301691301243]
EVIDENCE = [0.6740828628412352, 0.7091065584177859, 0.692827713395472, 0.7033846308277298,
            0.6748237607799873, 0.6462465603900582, 0.711642653393273, 0.7127543014061495]

HANDWRITING = [93.0237979645089, 92.45362795269243, 91.9406309677499]
HEIDELBERG_DIGITS = [3.012609182142118, 3.000826683936938, 3.0151921481704327]
NEUROMORPHIC_MNIST = [0.4927016073559998, 0.5166890735752847, 0.5337216623463883]


def possible_replicas(batch, ranks, threads):
    """All numbers of replicas, from two on, that a training of such batches may have."""
    return [n for n in range(2, batch // 2 + 1) if ranks % n == 0 or n == ranks * threads]


def command(example, *options, output, ranks=1, threads=1):
    return [MPIEXEC, "--oversubscribe", "-n", str(ranks), os.path.join(EXAMPLES, example),
            "--quiet", "--threads", str(threads), "--output", output, *map(str, options)]


def run_into(output, example, *options, ranks=1, threads=1):
    words = command(example, *options, output=output, ranks=ranks, threads=threads)
    # On a machine with fewer processors than threads, they shall share them without a word.
    done = subprocess.run(words, capture_output=True, text=True, timeout=240,
                          env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}")


def run(example, *options, ranks=1, threads=1):
    """The datasets of the run's output file, which follows the rules of SONATA, by path."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.h5")
        run_into(path, example, *options, ranks=ranks, threads=threads)
        if broken := violations(path):
            raise AssertionError("\n".join(broken))
        return datasets(path)


def kill_after(checkpoint, words):
    """Starts a run and kills it without warning once the checkpoint is there."""
    with subprocess.Popen(words, start_new_session=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as job:
        try:
            end = time.monotonic() + 120
            while not os.path.exists(checkpoint):
                if job.poll() is not None:
                    raise AssertionError(f"{' '.join(words)}: ended early, exit {job.returncode}")
                if time.monotonic() > end:
                    raise AssertionError(f"{' '.join(words)}: no checkpoint")
                time.sleep(0.01)
        finally:
            kill_all(job)


def kill_all(job):
    """Kills a job and its processes without warning; returns when none of them runs any more."""
    processes = descendants(job.pid) if job.poll() is None else []
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while any(runs(process) for process in processes):
        time.sleep(0.01)


def runs(process):
    """Whether any thread of it does: the files of a process are open as long."""
    def state(thread):
        with open(f"/proc/{process}/task/{thread}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]

    try:
        return any(state(thread) not in "ZX" for thread in os.listdir(f"/proc/{process}/task"))
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid):
    """A process and those it has started, children first."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        children = [int(word) for word in file.read().split()]
    return [process for child in children for process in descendants(child)] + [pid]


def assert_same(test, a, b, what=""):
    """Two sets of datasets() are equal to the byte."""
    test.assertEqual(sorted(a), sorted(b), what)
    for name, values in a.items():
        test.assertEqual(values.dtype, b[name].dtype, f"{what}: {name}")
        test.assertEqual(values.shape, b[name].shape, f"{what}: {name}")
        if values.dtype.kind != "O":
            test.assertEqual(values.tobytes(), b[name].tobytes(), f"{what}: {name}")


def latest_checkpoint(folder, example):
    """After how many iterations the latest checkpoint of an example was written; 0 if there is none."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return max((int(match[1]) for name in names
                if (match := re.fullmatch(rf"{example}_(\d+)\.ckpt", name))), default=0)


def mount_small_disk(test, folder, size):
    """Gives a folder a small file system of its own while the test runs, which is skipped where it cannot be."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        test.skipTest("only root, where it may, can mount a small file system")
    test.addCleanup(subprocess.run, ["umount", "--lazy", folder])


class ExampleRuns(unittest.TestCase):
    def assert_losses(self, losses, reference):
        np.testing.assert_allclose(losses[: len(reference)], reference, rtol=1e-8)

    def check(self, reference, example, *options, layouts=((1, 1), (3, 1))):
        runs = [run(example, *options, ranks=r, threads=t) for r, t in layouts]
        self.assert_losses(runs[0]["training/loss"], reference)
        for layout, other in zip(layouts[1:], runs[1:]):
            assert_same(self, runs[0], other, f"{example} on {layout}")
        return runs[0]

    def test_sine_waves_bsshslm_2020(self):
        done = self.check(SINE_WAVES_BSSHSLM, "sine_waves_bsshslm_2020", "--iterations", 20)
        self.assertEqual(len(done["training/loss"]), 20)
        for iteration, loss in SINE_WAVES_BSSHSLM_ROUNDED.items():
            self.assertAlmostEqual(done["training/loss"][iteration], loss, delta=2e-5)

    def test_output_does_not_depend_on_the_layout(self):
        layouts = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2)]
        self.check(SINE_WAVES_BSSHSLM[:2], "sine_waves_bsshslm_2020", "--iterations", 2,
                   layouts=layouts)

    def test_sine_waves(self):
        self.check(SINE_WAVES, "sine_waves", "--iterations", 5)

    def test_all_models_of_sine_waves_run(self):
        for model in ("eprop_iaf_adapt", "eprop_iaf_psc_delta", "eprop_iaf_psc_delta_adapt",
                      "eprop_iaf_psc_exp"):
            losses = run("sine_waves", "--iterations", 2, "--model", model, ranks=2)
            self.assertTrue(np.all(np.isfinite(losses["training/loss"])), model)

    def test_lemniscate(self):
        self.check(LEMNISCATE, "lemniscate_bsshslm_2020", "--iterations", 5, "--tau-m-std", 0)

    def test_lemniscate_with_drawn_time_constants_does_not_depend_on_the_layout(self):
        self.check([], "lemniscate_bsshslm_2020", "--iterations", 2, layouts=((1, 1), (2, 2)))

    def test_handwriting(self):
        # Of the project's own word there is no other reference than these numbers of its first run.
        self.check(HANDWRITING, "handwriting_bsshslm_2020", "--iterations", 3, "--tau-m-std", 0)

    def test_evidence_accumulation(self):
        done = self.check(EVIDENCE, "evidence_accumulation_bsshslm_2020", "--iterations", 6,
                          "--batch-size", 4, "--validate-every", 0, "--test-iterations", 2,
                          layouts=((1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (2, 2)))
        self.assertEqual(done["training/phase"].tolist(), [0] * 6 + [2] * 2)
        self.assertEqual(done["task/confusion"].sum(), 8)

    def check_replicas(self, layouts, example, *options):
        options = (*options, "--batch-size", 8)
        expected = run(example, *options)
        for ranks, threads in layouts:
            for replicas in possible_replicas(8, ranks, threads):
                done = run(example, *options, "--replicas", replicas, ranks=ranks, threads=threads)
                assert_same(self, expected, done, f"{example} with {replicas} replicas on "
                                 f"{ranks} ranks of {threads} threads")

    def test_replicas_do_not_show(self):
        layouts = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2)]
        self.check_replicas(layouts, "evidence_accumulation_bsshslm_2020", "--iterations", 1,
                            "--validate-every", 0, "--test-iterations", 1)
        for example in ("sine_waves_bsshslm_2020", "lemniscate_bsshslm_2020"):
            self.check_replicas([(1, 2), (2, 1)], example, "--iterations", 2)

    def test_replicas_are_chosen_or_refused_with_the_reason(self):
        def told(example, *options):
            with tempfile.TemporaryDirectory() as folder:
                words = command(example, *options, "--iterations", "1", threads=2,
                                output=os.path.join(folder, "run.h5"))
                words.remove("--quiet")
                done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                                      env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})
                return done.returncode, done.stderr

        status, message = told("sine_waves_bsshslm_2020", "--batch-size", "4")
        self.assertEqual(status, 0)
        self.assertTrue(message.startswith("sine_waves_bsshslm_2020: 1 rank x 2 threads, 2 replicas\n"), message)
        status, message = told("sine_waves_bsshslm_2020", "--batch-size", "2")
        self.assertTrue(message.startswith("sine_waves_bsshslm_2020: 1 rank x 2 threads, 1 replica, as a "
                                           "batch of 2 samples has work for 1\n"), message)
        status, message = told("sine_waves", "--replicas", "2")
        self.assertNotEqual(status, 0)
        self.assertRegex(message, "^eprop: error: simulation: replicas = 2: must be 1, as samples "
                         "of a batch depend on each other: neurons of 'rec' ")

    def test_evidence_accumulation_validates_and_stops_early(self):
        done = run("evidence_accumulation_bsshslm_2020", "--iterations", 20, "--batch-size", 2,
                   "--validate-every", 2, "--stop-error", 1.0, "--test-iterations", 1, ranks=2)
        # An error below 1 is soon found; then 8 validations in a row, then the test.
        phases = "".join(str(phase) for phase in done["training/phase"])
        self.assertRegex(phases, "^(001{1,7})*001{8}2$")

    def test_neuromorphic_mnist(self):
        # The drawn data set has no reference but these numbers of its first run.
        done = self.check(NEUROMORPHIC_MNIST, "neuromorphic_mnist", "--iterations", 2,
                          "--batch-size", 5, "--test-iterations", 1, layouts=((1, 1), (2, 1)))
        self.assertEqual(done["training/phase"].tolist(), [0, 0, 2])

    def test_neuromorphic_mnist_looks_through_its_files_before_it_starts(self):
        def events(*times):
            return b"".join(bytes((x % 34, x // 34 % 34)) + (time + (x % 2 << 23)).to_bytes(3, "big")
                            for x, time in enumerate(times))

        def trained(folder, output):
            words = command("neuromorphic_mnist", "--data", folder, "--iterations", 2, "--labels",
                            "0,1", "--batch-size", 2, "--test-iterations", 2, output=output, ranks=2)
            return subprocess.run(words, capture_output=True, text=True, timeout=120)

        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "run.h5")
            for digit in "0", "1":
                for split, count in ("Train", 120), ("Test", 1):
                    os.makedirs(path := os.path.join(folder, split, digit))
                    for number in range(count):
                        with open(os.path.join(path, f"{number:05}.BIN"), "wb") as file:
                            file.write(events(*range(0, 300000, 1000), 340000, 350000))
            with open(os.path.join(folder, "Test", "1", "notes"), "w"):
                pass
            done = trained(folder, output)
            self.assertEqual(done.returncode, 0, done.stderr)
            name = "neuromorphic_mnist: warning: "
            self.assertEqual(done.stderr.splitlines(), [
                f"{name}1 in the folders of --data is no .bin file and left out: "
                f"{folder}/Test/1/notes",
                f"{name}the test takes 4 samples of 2, so samples repeat",
                f"{name}16 spikes of 8 samples come after the 300 steps of a sample, later than "
                "335.48 ms: they were left out"])

            os.remove(output)
            damaged = os.path.join(folder, "Train", "0", "00109.BIN")
            with open(damaged, "w"):
                pass
            done = trained(folder, output)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count("eprop: error: "), 1, done.stderr)
            self.assertIn(f"event file '{damaged}', byte 0: has 0 bytes, ", done.stderr)
            self.assertFalse(os.path.exists(output))

    def test_neuromorphic_mnist_looks_at_scans(self):
        def write(name, dimensions, values, opened=open):
            with opened(os.path.join(folder, name), "wb") as file:
                file.write(bytes((0, 0, 8, len(dimensions))) +
                           b"".join(length.to_bytes(4, "big") for length in dimensions) + values)

        def trained():
            words = command("neuromorphic_mnist", "--data", folder, "--iterations", 1, "--labels",
                            "0,1", "--batch-size", 2, "--test-iterations", 1, "--no-record",
                            output=os.path.join(folder, "run.h5"), ranks=2)
            return subprocess.run(words, capture_output=True, text=True, timeout=120)

        scan = np.zeros((28, 28), np.uint8)
        scan[4:24, 12:16] = 255
        with tempfile.TemporaryDirectory() as folder:
            for split in "train", "t10k":
                write(f"{split}-images-idx3-ubyte.gz", (3, 28, 28), 3 * scan.tobytes(), gzip.open)
                write(f"{split}-labels-idx1-ubyte", (3,), bytes((0, 1, 7)))
            done = trained()
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            os.remove(os.path.join(folder, "run.h5"))
            write("t10k-labels-idx1-ubyte", (2,), bytes((0, 1)))
            done = trained()
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count("eprop: error: "), 1, done.stderr)
            self.assertIn(f"IDX file '{folder}/t10k-labels-idx1-ubyte': number of items = 2: must be "
                          "3, as there are scans", done.stderr)

    def test_heidelberg_digits(self):
        # The made-up words have no reference but these numbers of their first run.
        done = self.check(HEIDELBERG_DIGITS, "heidelberg_digits", "--iterations", 2,
                          "--batch-size", 4, "--test-iterations", 1, layouts=((1, 1), (2, 1)))
        self.assertEqual(done["training/phase"].tolist(), [0, 0, 2])
        self.assertEqual(done["task/confusion"].shape, (20, 20))

    def test_heidelberg_digits_reads_what_others_have_written(self):
        def write(path, samples, unit):
            with h5py.File(path, "w") as h5:
                h5["labels"] = np.arange(samples, dtype=np.uint16) % 20
                for name, dtype, value in (("times", np.float16, 0.25), ("units", np.uint16, unit)):
                    column = h5.create_dataset(f"spikes/{name}", (samples,), maxshape=(None,),
                                               chunks=(7,), dtype=h5py.vlen_dtype(dtype))
                    for i in range(samples):
                        column[i] = np.full(i, value, dtype)

        def trained(folder):
            words = command("heidelberg_digits", "--data", folder, "--iterations", 1,
                            "--batch-size", 3, "--test-iterations", 1, "--no-record",
                            output=os.path.join(folder, "run.h5"), ranks=2)
            return subprocess.run(words, capture_output=True, text=True, timeout=120)

        with tempfile.TemporaryDirectory() as folder:
            write(os.path.join(folder, "shd_train.h5"), 25, 699)
            write(os.path.join(folder, "shd_test.h5"), 2, 0)
            done = trained(folder)
            self.assertEqual((done.returncode, done.stderr),
                             (0, "heidelberg_digits: warning: the test takes 3 samples of 2, so "
                                 "samples repeat\n"))
            os.remove(os.path.join(folder, "run.h5"))
            damaged = os.path.join(folder, "shd_test.h5")
            write(damaged, 2, 700)
            done = trained(folder)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count("eprop: error: "), 1, done.stderr)
            self.assertIn(f"spike file '{damaged}', sample 1: unit 0 = 700: must be in 0 .. 699",
                          done.stderr)

    def test_network_of_the_readme_learns_on_any_layout(self):
        plot = os.path.join(SOURCE, "examples", "plot.py")
        with tempfile.TemporaryDirectory() as folder:
            printed = [subprocess.run([MPIEXEC, "--oversubscribe", "-n", str(ranks),
                                       os.path.join(EXAMPLES, "own_network")], cwd=folder,
                                      check=True, capture_output=True, text=True,
                                      timeout=120).stdout
                       for ranks in (1, 3)]
            path = os.path.join(folder, "mine.h5")
            self.assertEqual(violations(path), [])
            figures = subprocess.run([sys.executable, "-B", plot, path], check=True,
                                     capture_output=True, text=True).stdout.splitlines()
            self.assertEqual([os.path.basename(figure) for figure in figures], ["mine_spikes.png"])
        self.assertEqual(*printed)
        losses = [float(line) for line in printed[0].split()]
        self.assertLess(losses[-1], 0.5 * losses[0])

    def test_ranks_with_different_options_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(EXAMPLES, "sine_waves_bsshslm_2020")
            done = subprocess.run([MPIEXEC, "--oversubscribe", "-n", "1", program, ":", "-n", "1",
                                   program, "--iterations", "-1"], cwd=folder,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(os.listdir(folder), [])
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("eprop: error: options: ranks differ in their command "
                                           "lines or OMP_NUM_THREADS"), 1, done.stderr)

    def test_diverging_training_says_where_on_any_layout(self):
        for ranks, threads in [(1, 1), (2, 1), (1, 2)]:
            with tempfile.TemporaryDirectory() as folder:
                words = command("sine_waves_bsshslm_2020", "--eta", "1.7e308", "--no-record",
                                output=os.path.join(folder, "run.h5"), ranks=ranks, threads=threads)
                done = subprocess.run(words, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count(
                "eprop: error: projection 'in_rec': a weight or its gradient is not finite in step "
                "1003 (1003 ms): the simulation has diverged, in iteration 1; no checkpoint was "
                "written before it (--checkpoint-every)"), 1, done.stderr)

    def test_threads_that_share_a_processor_are_told_of_once(self):
        def told(processors, threads, **variables):
            with tempfile.TemporaryDirectory() as folder:
                words = command("sine_waves_bsshslm_2020", "--iterations", "2", ranks=2,
                                threads=threads, output=os.path.join(folder, "run.h5"))
                return subprocess.run(words, check=True, capture_output=True, text=True, timeout=120,
                                      env={**os.environ, **variables},
                                      preexec_fn=lambda: os.sched_setaffinity(0, processors)).stderr

        usable = sorted(os.sched_getaffinity(0))
        self.assertRegex(told(usable[:1], 2), "^eprop: warning: simulation: threads = 2: on rank 0, "
                         "and likewise on 1 more, they share 1 processor and wait .*\n$")
        self.assertEqual(told(usable[:1], 2, EPROP_IGNORE_LAUNCHER="1"), "")
        self.assertEqual(told(usable[:1], 1), "")
        if len(usable) > 1:
            self.assertEqual(told(usable[:2], 2), "")
            self.assertEqual(told(usable[:2], 2, OMP_PROC_BIND="close", OMP_PLACES="threads"), "")

    def test_readme_shows_the_network_as_it_is(self):
        with open(os.path.join(SOURCE, "examples", "own_network.cpp")) as file:
            code = "".join(line for line in file if not line.startswith("///"))
        with open(os.path.join(SOURCE, "README.md")) as file:
            self.assertIn(code, file.read())

    def check_resumed(self, example, every, iteration, *options):
        """Goes on from the checkpoint of an iteration on other layouts than that of the run."""
        expected = run(example, *options)
        with tempfile.TemporaryDirectory() as folder:
            written = os.path.join(folder, "written.h5")
            run_into(written, example, *options, "--checkpoint-every", every, "--checkpoint-dir",
                     folder, ranks=2)
            assert_same(self, expected, datasets(written), f"{example} that writes checkpoints")
            checkpoints = sorted(name for name in os.listdir(folder) if name.endswith(".ckpt"))
            self.assertEqual(len(checkpoints), 2)
            for ranks, threads in ((3, 1), (1, 2)):
                path = os.path.join(folder, "resumed.h5")
                shutil.copy(written, path)
                run_into(path, example, *options, "--resume",
                         os.path.join(folder, f"{example}_{iteration}.ckpt"), ranks=ranks,
                         threads=threads)
                assert_same(self, expected, datasets(path), f"{example} resumed on {ranks} ranks")

    def test_sine_waves_bsshslm_2020_resumes(self):
        self.check_resumed("sine_waves_bsshslm_2020", 2, 4, "--iterations", 6)

    def test_finished_training_resumes(self):
        self.check_resumed("sine_waves_bsshslm_2020", 2, 4, "--iterations", 4)

    def test_sine_waves_resumes(self):
        self.check_resumed("sine_waves", 1, 3, "--iterations", 4)

    def test_evidence_accumulation_resumes(self):
        self.check_resumed("evidence_accumulation_bsshslm_2020", 3, 9, "--iterations", 4,
                           "--batch-size", 4, "--validate-every", 2, "--stop-error", 1.0,
                           "--test-iterations", 1)

    def test_neuromorphic_mnist_resumes(self):
        self.check_resumed("neuromorphic_mnist", 1, 2, "--iterations", 2, "--batch-size", 3,
                           "--test-iterations", 1)

    def test_training_without_recordings_resumes(self):
        self.check_resumed("sine_waves_bsshslm_2020", 1, 2, "--iterations", 3, "--no-record")

    def test_killed_training_resumes(self):
        options = ("sine_waves_bsshslm_2020", "--iterations", 60)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.h5")
            checkpoint = os.path.join(folder, "sine_waves_bsshslm_2020_4.ckpt")
            kill_after(checkpoint, command(*options, "--checkpoint-every", 2, "--checkpoint-dir",
                                           folder, output=path, ranks=2))
            iterations = [int(name.split("_")[-1].removesuffix(".ckpt"))
                          for name in os.listdir(folder) if name.endswith(".ckpt")]
            latest = max(iterations)
            self.assertLess(latest, 60)
            run_into(path, *options, "--resume",
                     os.path.join(folder, f"sine_waves_bsshslm_2020_{latest}.ckpt"), ranks=3)
            assert_same(self, run(*options), datasets(path), f"killed and resumed from {latest}")

    def test_wrong_checkpoints_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.h5")
            run_into(path, "sine_waves_bsshslm_2020", "--iterations", 2, "--checkpoint-every", 1,
                     "--checkpoint-dir", folder)
            before = datasets(path)
            good = os.path.join(folder, "sine_waves_bsshslm_2020_1.ckpt")
            last = os.path.join(folder, "sine_waves_bsshslm_2020_2.ckpt")
            bad = os.path.join(folder, "bad.ckpt")
            with open(good, "rb") as source, open(bad, "wb") as target:
                target.write(source.read()[:-1])
            for message, checkpoint, options in (
                    ("or it is damaged", bad, ("sine_waves_bsshslm_2020", "--iterations", 2)),
                    ("seed 1", good, ("sine_waves_bsshslm_2020", "--iterations", 2, "--seed", 2)),
                    ("with recordings", good, ("sine_waves_bsshslm_2020", "--iterations", 2,
                                        "--no-record")),
                    ("population 'rec'", good, ("sine_waves", "--iterations", 2)),
                    ("end of a training", last, ("sine_waves_bsshslm_2020", "--iterations", 3)),
                    ("ends after iteration 1", last, ("sine_waves_bsshslm_2020", "--iterations", 1))):
                done = subprocess.run(command(*options, "--resume", checkpoint, output=path,
                                              ranks=2),
                                      capture_output=True, text=True, timeout=240)
                self.assertNotEqual(done.returncode, 0, message)
                self.assertIn(f"checkpoint '{checkpoint}'", done.stderr)
                self.assertIn(message, done.stderr)
                self.assertEqual(done.stderr.count("eprop: error"), 1)
                assert_same(self, before, datasets(path), message)

    def test_options_that_change_samples_handed_over_are_refused(self):
        options = ("--batch-size", 2, "--labels", "0,1", "--no-record", "--test-iterations", 1)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.h5")
            run_into(path, "neuromorphic_mnist", *options, "--iterations", 1, "--checkpoint-every", 1,
                     "--checkpoint-dir", folder)
            done = subprocess.run(command("neuromorphic_mnist", *options, "--iterations", 2, "--resume",
                                          os.path.join(folder, "neuromorphic_mnist_1.ckpt"),
                                          output=path),
                                  capture_output=True, text=True, timeout=240)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("iteration 2 has begun with other samples", done.stderr)

    def test_no_record_writes_losses_alone(self):
        done = run("sine_waves_bsshslm_2020", "--iterations", 1, "--no-record")
        self.assertFalse([name for name in done if name.startswith(("spikes", "report"))])

    def test_zero_iterations(self):
        done = run("sine_waves_bsshslm_2020", "--iterations", 0, ranks=2)
        self.assertEqual(len(done["training/loss"]), 0)

    def test_more_ranks_than_cores_and_readouts(self):
        self.check(SINE_WAVES_BSSHSLM[:1], "sine_waves_bsshslm_2020", "--iterations", 1,
                   layouts=((7, 1),))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
