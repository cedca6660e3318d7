"""Submits the cluster scripts to a Slurm of its own. Usage: cluster_scripts_test.py BUILD_FOLDER"""
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import unittest

import h5py
import numpy as np

import slurm_cluster

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "cluster_scripts"
SKIPPED = 77

EXAMPLE = "sine_waves_bsshslm_2020"
ITERATIONS = 3
LOSSES = [101.964356999041, 103.466731126205, 103.340607074771]  # docs/tasks

ONE_NODE = ("--ntasks-per-node=2", "--cpus-per-task=1")
ONE_RANK = ("--ntasks-per-node=1", "--cpus-per-task=1")
MANY_NODES = ("--nodes=2", "--ntasks-per-node=1", "--cpus-per-task=1")

# Tells how it was started. One line per rank, in one piece.
PROBE = """\
#!/bin/sh
cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
echo "rank $SLURM_PROCID of $SLURM_NTASKS on $SLURMD_NODENAME" \
  "threads=$OMP_NUM_THREADS places=$OMP_PLACES bind=$OMP_PROC_BIND cpus=$cpus" \
  "arguments:$(printf ' <%s>' "$@")"
"""


def datasets(path):
    """Values of all datasets of an HDF5 file by name."""
    found = {}
    with h5py.File(path) as h5:
        h5.visititems(lambda name, item: found.update({name: item[()]})
                      if isinstance(item, h5py.Dataset) else None)
    return found


class ClusterScripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A project whose build folder is beside its scripts, as users have it, at a path with
        # blanks, as some have.
        project = cluster.folder / "a project"
        cls.scripts = project / "cluster_scripts"
        shutil.copytree(SCRIPTS, cls.scripts)
        (project / "build").symlink_to(build_folder)
        cls.runs = cluster.folder / "runs"
        cls.runs.mkdir()
        cls.build_of_probe = cluster.folder / "build of probe"
        probe = cls.build_of_probe / "examples" / "probe"
        probe.parent.mkdir(parents=True)
        probe.write_text(PROBE)
        probe.chmod(0o755)

    def submit(self, script, resources, *words, **variables):
        return cluster.submit(*resources, self.scripts / f"{script}.sbatch", *words,
                              folder=self.runs, variables=variables)

    def finish(self, job, state, exit_code):
        job = cluster.finish(job)
        self.assertEqual((job.state, job.exit_code), (state, exit_code), job.output)
        return job.output

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

    def assert_equal_output(self, one, other):
        one, other = datasets(self.runs / one), datasets(self.runs / other)
        self.assertEqual(one.keys(), other.keys())
        for name, values in one.items():
            np.testing.assert_array_equal(values, other[name], err_msg=name)

    def train(self, script, output):
        """Submits a training of one rank that takes a second or more."""
        return self.submit(script, ONE_RANK, EXAMPLE, "--iterations", 1500, "--no-record",
                           "--checkpoint-every", 50, "--output", f"{output}.h5",
                           "--checkpoint-dir", output)

    def test_a_job_that_is_cut_off_requeues_itself_until_training_is_complete(self):
        self.finish(self.train("one_node", "undisturbed"), "COMPLETED", "0:0")
        job = self.train("requeue", "chain")
        for restarts in range(2):
            cluster.wait_for_output(job, r" \d+/1500 ", times=restarts + 1)
            # What Slurm sends before the time is over, as the script asks it to.
            cluster.command("scancel", "--batch", "--signal=USR2", job)
            cluster.wait_for_output(job, "stopped with a checkpoint; the job is requeued",
                                    times=restarts + 1)
        output = self.finish(job, "COMPLETED", "0:0")
        self.assertEqual(output.count(f"{EXAMPLE}: goes on from chain/"), 2, output)
        self.assert_equal_output("undisturbed.h5", "chain.h5")

    def test_a_job_whose_ranks_are_killed_goes_on_when_it_is_requeued(self):
        job = self.train("requeue", "killed")
        slurm_cluster.wait_until(lambda: list(self.runs.glob("killed/*.ckpt")), 60, "checkpoint")
        cluster.command("scancel", "--signal=KILL", f"{job}.0")
        output = self.finish(job, "FAILED", "137:0")
        self.assertNotIn("requeued", output)
        cluster.command("scontrol", "requeue", job)
        cluster.wait_for_output(job, f"{EXAMPLE}: goes on from killed/")
        self.finish(job, "COMPLETED", "0:0")
        self.finish(self.train("one_node", "alive"), "COMPLETED", "0:0")
        self.assert_equal_output("alive.h5", "killed.h5")

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

    def test_refuse_tasks_that_mpi_does_not_connect(self):
        # Open MPI 4 knows srun by SLURM_NODELIST and refuses by itself; others run each task alone.
        job = cluster.submit(
            *MANY_NODES, "--wrap", f"srun --mpi=none env -u SLURM_NODELIST "
            f"'{build_folder}/examples/{EXAMPLE}' --iterations 1 --output lone.h5",
            folder=self.runs)
        output = self.finish(job, "FAILED", "1:0")
        errors = [line for line in output.splitlines() if "eprop: error: " in line]
        self.assertEqual(len(errors), 1, output)
        self.assertRegex(errors[0], r"launch: srun started 2 tasks .*, but MPI \(.+\) sees one rank "
                         "in each, .*: use srun --mpi=pmix, ")
        self.assertFalse((self.runs / "lone.h5").exists())

    def test_a_program_of_one_rank_runs_in_a_job_of_many_tasks(self):
        program = (f"'{build_folder}/examples/{EXAMPLE}' --iterations 1 --no-record --quiet "
                   "--output")
        # Slurm starts a helper of mpirun on each node.
        for start, output in (("", "plain.h5"), ("mpirun -n 1 --host node2", "mpirun.h5")):
            job = cluster.submit(*MANY_NODES, "--wrap", f"{start} {program} {output}",
                                 folder=self.runs)
            self.finish(job, "COMPLETED", "0:0")
            self.assertTrue((self.runs / output).exists())

    def test_a_sweep_runs_each_line_of_options_and_is_gathered(self):
        (self.runs / "rates.txt").write_text("--eta 0.005\n--eta 0.001 --seed 2\n--eta 0.002\n")
        job = cluster.submit("--array=1-2", self.scripts / "sweep.sbatch", "rates.txt", EXAMPLE,
                             "--iterations", "3", "--no-record", folder=self.runs,
                             output="sweep-%a.out")
        for task in 1, 2:
            results = self.runs / "rates.results" / f"{task}.h5"
            slurm_cluster.wait_until(lambda: cluster.state(f"{job}_{task}") == "COMPLETED", 90,
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
            result = subprocess.run([script, EXAMPLE], env=cluster.environment, text=True,
                                    capture_output=True)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (
                1, "", f"eprop: error: not a Slurm job; submit it: sbatch {script} "
                f"{usage.get(script.stem, 'EXAMPLE [OPTION...]')}\n"))

    def test_say_that_a_copy_of_a_script_alone_lacks_the_rest(self):
        alone = self.runs / "alone.sbatch"
        shutil.copy(self.scripts / "one_node.sbatch", alone)
        output = self.finish(cluster.submit(*ONE_NODE, alone, EXAMPLE, folder=self.runs),
                             "FAILED", "1:0")
        self.assertEqual(output,
                         f"eprop: error: {alone}: common.sh must be in the same folder\n")


def main():
    global build_folder, cluster
    build_folder = pathlib.Path(sys.argv.pop(1)).resolve()
    if missing := slurm_cluster.missing_programs():
        sys.exit(f"missing: {' '.join(missing)}; the packages slurm-wlm and munge have them, "
                 "'make check' installs them")
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        print(f"skipped: user {os.geteuid()} has no name, with which Slurm could start jobs")
        sys.exit(SKIPPED)
    # So that being told to end also ends the cluster.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with slurm_cluster.SlurmCluster() as cluster:
        unittest.main()


if __name__ == "__main__":
    main()
