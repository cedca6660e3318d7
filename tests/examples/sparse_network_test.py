"""Runs sparse_network on several layouts and checks what it says of itself.

usage: sparse_network_test.py FOLDER_OF_EXAMPLES MPIEXEC [unittest arguments]
"""
import json
import os
import subprocess
import sys
import unittest

PROGRAM, MPIEXEC = os.path.join(os.path.abspath(sys.argv[1]), "sparse_network"), sys.argv[2]
NEURONS, INDEGREE, RATE, DURATION = 300, 40, 10, 300  # spikes/s, ms
SPIKES = NEURONS * RATE * DURATION // 1000


def run(*options, ranks=1):
    words = [MPIEXEC, "--oversubscribe", "-n", str(ranks), PROGRAM, *map(str, options)]
    return subprocess.run(words, capture_output=True, text=True, timeout=240,
                          env={**os.environ, "EPROP_IGNORE_LAUNCHER": "1"})


def measured(*options, ranks=1):
    done = run("--neurons", NEURONS, "--indegree", INDEGREE, "--rate", RATE, "--duration", DURATION, "--json",
               *options, ranks=ranks)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


class SparseNetwork(unittest.TestCase):
    def check(self, found, ranks):
        self.assertEqual(found["ranks"], ranks)
        self.assertEqual(found["synapses"], NEURONS * INDEGREE)
        self.assertEqual(sum(found["spikes"]), SPIKES)
        self.assertEqual(found["synaptic_events"], SPIKES * INDEGREE)
        per_rank = [found["spikes"], found["bytes_sent"], found["messages_sent"], found["resident_bytes"],
                    found["peak_bytes"], found["steps_of_one_thread"], *found["phase_s"].values(), *found["bytes"].values()]
        self.assertTrue(all(len(values) == ranks for values in per_rank))
        self.assertTrue(all(0 < now <= most for now, most in zip(found["resident_bytes"], found["peak_bytes"])))
        shared = found["threads"] > 1
        self.assertTrue(all((0 if shared else DURATION) <= n <= DURATION for n in found["steps_of_one_thread"]))
        # The loop of each rank is all but what run() does before and after.
        for rank in range(ranks):
            phases = sum(seconds[rank] for seconds in found["phase_s"].values())
            self.assertLess(phases, found["simulate_s"])
            self.assertGreater(phases, 0.2 * found["simulate_s"])
        self.assertAlmostEqual(found["simulate_s_per_model_s"], found["simulate_s"] / DURATION * 1000)
        self.assertAlmostEqual(found["ns_per_synaptic_event"] * found["synaptic_events"] / 1e9, found["simulate_s"])
        of_synapses = sum(sum(found["bytes"][part]) for part in ("synapses", "rows", "clocks"))
        self.assertAlmostEqual(found["bytes_per_synapse"] * found["synapses"], of_synapses)

    def test_counts_are_exact_on_every_layout(self):
        for family in ("bsshslm_2020", "plus"):
            for ranks, threads in ((1, 1), (1, 2), (2, 1)):
                with self.subTest(family=family, ranks=ranks, threads=threads):
                    found = measured("--family", family, "--threads", threads, ranks=ranks)
                    self.check(found, ranks)
                    # A message to every other rank in every step, of the spikes that have targets there.
                    self.assertEqual(found["messages_sent"], [DURATION] * ranks if ranks > 1 else [0])
                    self.assertTrue(all((sent > 4 * DURATION) == (ranks > 1) for sent in found["bytes_sent"]))

    def test_synapses_take_what_their_optimizer_needs(self):
        descent, adam = (measured("--optimizer", name)["bytes"]["synapses"][0] for name in ("gradient_descent", "adam"))
        self.assertEqual(adam - descent, 2 * 8 * NEURONS * INDEGREE)

    def test_text_says_the_same_as_json(self):
        done = run("--neurons", 20, "--indegree", 5, "--duration", 200)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if len(line.split()) == 2)
        self.assertEqual(lines["synapses"], "100")
        self.assertEqual(lines["spikes"], "[20]")

    def test_what_cannot_be_is_refused(self):
        for option, value in (("--rate", 3), ("--rate", 0), ("--neurons", 1), ("--indegree", 0), ("--family", "x"),
                              ("--duration", "1e3"), ("--threads", 0)):
            with self.subTest(option=option, value=value):
                done = run(option, value)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.startswith(f"sparse_network: error: {option}: "), done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
