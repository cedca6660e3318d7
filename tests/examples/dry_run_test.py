"""Compares dry runs of sparse_network with the ranks of real runs that they stand for.

usage: dry_run_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import json
import os
import subprocess
import sys
import unittest

PROGRAM, MPIEXEC = os.path.join(os.path.abspath(sys.argv[1]), "sparse_network"), sys.argv[2]
# So few synapses that ranks need 63 to 86 % of each other's neurons; some ranks have a neuron more than others.
SHAPE = ("--neurons", 2401, "--indegree", 4, "--rate", 20, "--duration", 200)


def run(*options, ranks=1):
    words = [MPIEXEC, "--oversubscribe", "-n", str(ranks)] if ranks > 1 else []
    return subprocess.run([*words, PROGRAM, *map(str, options)], capture_output=True, text=True, timeout=240,
                          env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})


def measured(*options, ranks=1):
    done = run(*SHAPE, "--json", *options, ranks=ranks)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def counted_bytes(found, rank):
    return sum(of_ranks[rank] for of_ranks in found["bytes"].values())


class DryRun(unittest.TestCase):
    def assert_close(self, dry, real, share):
        self.assertLessEqual(abs(dry - real), share * real, f"{dry} in the dry run, {real} in a real one")

    def check(self, options, ranks):
        real = measured(*options, ranks=ranks)
        for rank in range(ranks):
            with self.subTest(options=options, ranks=ranks, rank=rank):
                dry = measured(*options, "--dry-run", ranks, "--rank", rank)
                self.assertTrue(dry["dry_run"])
                self.assertFalse(real["dry_run"])
                self.assertEqual(dry["ranks"], ranks)
                self.assertEqual(dry.keys(), real.keys())
                self.assertEqual(dry["bytes"].keys(), real["bytes"].keys())
                self.assertEqual(dry["messages_sent"], [dry["messages_sent"][0]] * ranks)
                for part, of_ranks in real["bytes"].items():
                    self.assert_close(dry["bytes"][part][rank], of_ranks[rank], 0.1)
                self.assert_close(counted_bytes(dry, rank), counted_bytes(real, rank), 0.05)
                self.assert_close(dry["synapses"], real["synapses"], 0.02)
                for what in ("spikes", "messages_sent", "bytes_sent"):
                    self.assert_close(dry[what][rank], real[what][rank], 0.1)

    def test_is_like_each_rank_of_a_real_run(self):
        self.check(("--threads", 1), 2)
        self.check(("--threads", 2), 3)
        self.check(("--family", "plus", "--optimizer", "adam"), 4)

    def test_text_has_the_numbers_of_one_rank(self):
        done = run(*SHAPE, "--dry-run", 100, "--rank", 99)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = dict(line.split()[-2:] for line in done.stdout.splitlines())
        self.assertEqual(lines["dry_run"], "true")
        self.assertEqual(lines["ranks"], "100")
        self.assertNotIn("[", done.stdout)
        self.assertTrue(0 < int(lines["messages_sent"]) <= 99 * 200)

    def test_describes_the_rank(self):
        done = run(*SHAPE, "--dry-run", 100, "--rank", 7, "--threads", 2, "--describe")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "layout +100 ranks x 2 threads")

    def test_what_cannot_be_is_refused(self):
        for options, ranks, message in (
                (("--dry-run", 0), 1, "--dry-run: must be a whole number from 1 to 1000000, not '0'"),
                (("--dry-run", 4, "--rank", 4), 1, "--rank: must be below the 4 ranks of --dry-run, not 4"),
                (("--rank", 0), 1, "--rank: needs --dry-run"),
                (("--dry-run", 4), 2, "--dry-run: must be started on one rank, not on 2")):
            with self.subTest(options=options):
                done = run(*options, ranks=ranks)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.startswith(f"sparse_network: error: {message} (see --help)"), done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
