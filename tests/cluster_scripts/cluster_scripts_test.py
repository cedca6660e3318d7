"""Submits the cluster scripts to a Slurm of its own. Usage: cluster_scripts_test.py BUILD_FOLDER"""
import json
import re
import shutil
import subprocess
import sys
import unittest

import numpy as np

import slurm_cluster
from cluster_case import EXAMPLE, MANY_NODES, ONE_NODE, ClusterCase, datasets, main

ITERATIONS = 3
LOSSES = [101.964356999041, 103.466731126205, 103.340607074771]  # docs/tasks

# Tells how it was started. One line per rank, in one piece.
PROBE = """\
#!/bin/sh
cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
echo "rank $SLURM_PROCID of $SLURM_NTASKS on $SLURMD_NODENAME" \
  "threads=$OMP_NUM_THREADS places=$OMP_PLACES bind=$OMP_PROC_BIND cpus=$cpus" \
  "arguments:$(printf ' <%s>' "$@")"
"""


class ClusterScripts(ClusterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_of_probe = cls.cluster.folder / "build of probe"
        probe = cls.build_of_probe / "examples" / "probe"
        probe.parent.mkdir(parents=True)
        probe.write_text(PROBE)
        probe.chmod(0o755)

    def assert_refused(self, message, *words, **variables):
        output = self.finish(self.submit("one_node", ONE_NODE, *words, **variables),
                             "FAILED", "1:0")
        self.assertEqual(output, f"eprop: error: {message}\n")

    def test_train_alike_on_one_and_many_nodes(self):
        options = EXAMPLE, "--iterations", ITERATIONS, "--output"
        jobs = [self.submit("one_node", ONE_NODE, *options, "one.h5"),
                self.submit("many_nodes", MANY_NODES, *options, "many.h5")]
        for job, nodes in zip(jobs, ("node[12]", r"node\[1-2\]")):
            output = self.finish(job, "COMPLETED", "0:0")
            self.assertRegex(output.splitlines()[0],
                             f"^{EXAMPLE}: 2 ranks x 1 threads, nodes: {nodes}$")
        losses = datasets(self.runs / "one.h5")["training/loss"]
        np.testing.assert_allclose(losses, LOSSES, rtol=0, atol=1e-8)
        self.assert_equal_output("one.h5", "many.h5")

    def probe(self, script, resources, *words):
        """Lines of the ranks, in order."""
        job = self.submit(script, resources, "probe", *words, EPROP_BUILD=self.build_of_probe)
        output = self.finish(job, "COMPLETED", "0:0")
        return sorted(line for line in output.splitlines() if line.startswith("rank"))

    def test_ranks_get_threads_and_the_arguments_as_given(self):
        lines = self.probe("many_nodes", (*MANY_NODES, "--cpus-per-task=2"), "--output",
                           "my run.h5", "*", "--threads=2")
        self.assertEqual(len(lines), 2)
        for rank, line in enumerate(lines):
            self.assertRegex(line, f"^rank {rank} of 2 on node{rank + 1} threads=2 places=cores "
                             r"bind=close cpus=\S+ arguments: <--output> <my run\.h5> <\*> "
                             "<--threads=2>$")

    @unittest.skipUnless(slurm_cluster.BINDS, "may not bind to all CPUs of this machine")
    def test_each_rank_is_bound_to_cpus_of_its_own(self):
        cpus = [re.search(r"cpus=(\S+)", line)[1] for line in self.probe("one_node", ONE_NODE)]
        self.assertEqual(len(set(cpus)), 2, cpus)
        for of_rank in cpus:
            self.assertRegex(of_rank, r"^\d+$")

    def test_job_ends_with_the_exit_status_of_the_example(self):
        output = self.finish(self.submit("one_node", ONE_NODE, EXAMPLE, "--iterations", "-1"),
                             "FAILED", "2:0")
        self.assertIn("--iterations: must be a whole number of at least 0, not '-1'", output)

    def test_refuse_missing_or_unknown_example_and_name_the_built_ones(self):
        probe = {"EPROP_BUILD": self.build_of_probe}
        self.assert_refused("no example named; built are: probe", **probe)
        self.assert_refused("pro: no such example; built are: probe", "pro", **probe)
        self.assert_refused("../examples/probe: no such example; built are: probe",
                            "../examples/probe", **probe)
        nothing = self.runs / "nothing"
        (nothing / "examples").mkdir(parents=True)
        self.assert_refused("probe: no such example; built are: none", "probe",
                            EPROP_BUILD=nothing)

    def test_refuse_missing_build_folder(self):
        self.assert_refused("nowhere: no build folder with examples; run 'make build', or set "
                            "EPROP_BUILD", EXAMPLE, EPROP_BUILD="nowhere")

    def test_refuse_threads_that_contradict_the_job(self):
        for words in ("--threads", "3"), ("--threads=3",):
            self.assert_refused("--threads 3: must be the 1 of --cpus-per-task; leave it out and "
                                "set that one", EXAMPLE, *words)

    def test_refuse_mpi_type_that_slurm_lacks(self):
        job = self.submit("one_node", ONE_NODE, EXAMPLE, EPROP_SRUN_MPI="pmi9")
        output = self.finish(job, "FAILED", "1:0")
        self.assertRegex(output, "^eprop: error: EPROP_SRUN_MPI=pmi9: not a type that srun "
                         "--mpi=list names: .*pmix.*\n$")

    def test_a_sweep_runs_each_line_of_options_and_is_gathered(self):
        (self.runs / "rates.txt").write_text("--eta 0.005\n--eta 0.001 --seed 2\n--eta 0.002\n")
        job = self.cluster.submit("--array=1-2", self.scripts / "sweep.sbatch", "rates.txt", EXAMPLE,
                             "--iterations", "3", "--no-record", folder=self.runs,
                             output="sweep-%a.out")
        for task in 1, 2:
            results = self.runs / "rates.results" / f"{task}.h5"
            slurm_cluster.wait_until(lambda: self.cluster.state(f"{job}_{task}") == "COMPLETED", 90,
                                     f"end of task {task}")
            self.assertEqual(len(datasets(results)["training/loss"]), 3)
        table = subprocess.run([sys.executable, self.scripts / "gather_sweep.py", "rates.txt"],
                               cwd=self.runs, text=True, check=True, capture_output=True).stdout
        rows = [line.split("\t") for line in table.splitlines()]
        self.assertEqual([row[:3] for row in rows[1:]], [["1", "finished", "3"],
                                                         ["2", "finished", "3"],
                                                         ["3", "missing", "0"]])
        self.assertEqual(rows[2][5], "--eta 0.001 --seed 2")
        self.assertAlmostEqual(float(rows[1][3]), np.mean(
            datasets(self.runs / "rates.results" / "1.h5")["training/loss"]), places=3)
        self.assertTrue((self.runs / "rates.results" / "losses.png").exists())

    def test_a_network_is_measured_on_more_and_more_ranks(self):
        job = self.submit("scaling", (*ONE_NODE, "--nodes=1"), "weak", 100, "--indegree", 10, "--duration", 10)
        self.finish(job, "COMPLETED", "0:0")
        results = self.runs / f"scaling.weak.{job}.json"
        measured = [json.loads(line) for line in results.read_text().splitlines()]
        self.assertEqual([(run["ranks"], run["synapses"]) for run in measured],
                         [(1, 1000), (2, 2000)])
        subprocess.run([sys.executable, self.scripts / "plot_scaling.py", results], check=True,
                       capture_output=True)
        self.assertTrue(results.with_suffix(".png").exists())

    def test_a_python_script_runs_on_all_ranks(self):
        (self.runs / "ranks.py").write_text(
            "import sys, eprop\nprint(f'rank {eprop.world().rank} of {eprop.world().size}', "
            "sys.argv[1:], flush=True)\n")
        job = self.submit("python", ONE_NODE, "ranks.py", "a b", EPROP_PYTHON=sys.executable)
        output = self.finish(job, "COMPLETED", "0:0")
        self.assertEqual(sorted(output.splitlines()[1:]),
                         ["rank 0 of 2 ['a b']", "rank 1 of 2 ['a b']"])

    def test_refuse_to_run_outside_slurm(self):
        usage = {"python": "SCRIPT [ARGUMENT...]", "sweep": "FILE EXAMPLE [OPTION...]",
                 "scaling": "strong|weak NEURONS [OPTION...]"}
        for script in sorted(self.scripts.glob("*.sbatch")):
            result = subprocess.run([script, EXAMPLE], env=self.cluster.environment, text=True,
                                    capture_output=True)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (
                1, "", f"eprop: error: not a Slurm job; submit it: sbatch {script} "
                f"{usage.get(script.stem, 'EXAMPLE [OPTION...]')}\n"))

    def test_say_that_a_copy_of_a_script_alone_lacks_the_rest(self):
        alone = self.runs / "alone.sbatch"
        shutil.copy(self.scripts / "one_node.sbatch", alone)
        output = self.finish(self.cluster.submit(*ONE_NODE, alone, EXAMPLE, folder=self.runs),
                             "FAILED", "1:0")
        self.assertEqual(output,
                         f"eprop: error: {alone}: common.sh must be in the same folder\n")


if __name__ == "__main__":
    main()
