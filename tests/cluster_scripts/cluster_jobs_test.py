"""Jobs that are launched wrongly, get in each other's way or are killed, on a Slurm of their own.

usage: cluster_jobs_test.py BUILD_FOLDER [unittest arguments]
"""
import re

from cluster_case import EXAMPLE, MANY_NODES, ONE_NODE, ClusterCase, datasets, main


class Launches(ClusterCase):
    def program(self, output, *options):
        return " ".join((f"'{self.build_folder}/examples/{EXAMPLE}' --iterations 2 --no-record "
                         f"--output {output}", *options))

    def wrap(self, resources, command):
        return self.cluster.submit(*resources, "--wrap", command, folder=self.runs)

    def test_refuse_tasks_that_mpi_does_not_connect(self):
        def refusal(start):
            output = self.finish(self.wrap(MANY_NODES, f"{start} {self.program('lone.h5')}"), "FAILED", "1:0")
            self.assertFalse((self.runs / "lone.h5").exists())
            return output

        # Open MPI 4 knows srun by SLURM_NODELIST and refuses by itself; others run each task alone.
        self.assertRegex(refusal("srun --mpi=none -n 2"), 'launched using "srun"|launch: srun started 2 tasks ')
        output = refusal("srun --mpi=none -n 2 env -u SLURM_NODELIST")
        errors = [line for line in output.splitlines() if "eprop: error: " in line]
        self.assertEqual(len(errors), 1, output)
        self.assertRegex(errors[0], r"launch: srun started 2 tasks .*, but MPI \(.+\) sees one rank "
                         "in each, .*: use srun --mpi=pmix, ")

    def test_a_program_of_one_rank_runs_in_a_job_of_many_tasks(self):
        # Slurm starts a helper of mpirun on each node.
        self.check_runs((("", "plain.h5", 1), ("mpirun -n 1 --host node2", "mpirun.h5", 1)), MANY_NODES)

    def test_a_step_of_fewer_tasks_than_the_job_runs_on_these_and_says_so(self):
        self.check_runs((("srun --mpi=pmix -n 1", "step1.h5", 1), ("srun --mpi=pmix -n 2", "step2.h5", 2),
                         ("mpirun -n 2 --map-by node", "mpirun2.h5", 2)),
                        ("--nodes=2", "--ntasks-per-node=2", "--cpus-per-task=1"))
        self.assert_equal_output("step1.h5", "step2.h5")
        self.assert_equal_output("step1.h5", "mpirun2.h5")

    def check_runs(self, starts, resources):
        for start, output, ranks in starts:
            with self.subTest(start=start):
                text = self.finish(self.wrap(resources, f"{start} {self.program(output)}"), "COMPLETED", "0:0")
                said = re.findall(r"^\S+: (\d+) ranks? x 1 thread, 1 replica", text, flags=re.MULTILINE)
                self.assertEqual(said, [str(ranks)], text)
                self.assertEqual(len(datasets(self.runs / output)["training/loss"]), 2)

    def test_more_ranks_than_the_job_has_tasks_do_not_start(self):
        for start, message in (
                ("srun --mpi=pmix -n 3", "More processors requested than permitted"),
                ("env -u OMPI_MCA_rmaps_base_oversubscribe mpirun -n 3", "not enough slots available")):
            with self.subTest(start=start):
                output = self.finish(self.wrap((*ONE_NODE, "--nodes=1"), f"{start} {self.program('more.h5')}"),
                                     "FAILED", "1:0")
                self.assertIn(message, output)
                self.assertFalse((self.runs / "more.h5").exists())


class Files(ClusterCase):
    def held(self, name):
        """A training that is going on, but for the moment rests: its job, and how errors name it."""
        job = self.train("one_node", name)
        self.wait_for_checkpoint(name)
        self.cluster.command("scancel", "--signal=STOP", f"{job}.0")
        lock = dict(line.split(" = ", 1) for line in (self.runs / f"{name}.h5.lock").read_text().splitlines())
        self.assertEqual(lock["job"], job)
        return job, f"process {lock['pid']} on {lock['host']} (Slurm job {job}) since {lock['since']}"

    def refused(self, job):
        """The error."""
        output = self.finish(job, "FAILED", "1:0")
        errors = [line for line in output.splitlines() if "eprop: error: " in line]
        self.assertEqual(len(errors), 1, output)
        return errors[0]

    def test_a_second_job_on_the_same_files_is_refused_and_the_first_one_goes_on(self):
        job, holder = self.held("held")
        for options in (), ("--resume", "auto"):
            with self.subTest(options=options):
                same = self.train("one_node", "held", *options, resources=("--nodes=1", *ONE_NODE))
                self.assertIn(holder, self.refused(same))
                same_file = self.train("one_node", "held", *options, folder="other")
                self.assertIn(f"output file 'held.h5': is being written by {holder}", self.refused(same_file))
                same_folder = self.train("one_node", "other", *options, folder="held")
                self.assertIn(f"checkpoints of {EXAMPLE} in held: is being written by {holder}",
                              self.refused(same_folder))
        self.assertFalse((self.runs / "other.h5").exists())
        self.cluster.command("scancel", "--signal=CONT", f"{job}.0")
        self.finish(job, "COMPLETED", "0:0")
        self.assert_equals_undisturbed_training("held")

    def killed(self, name):
        """Locks that a job has left."""
        job = self.train("requeue", name)
        self.wait_for_checkpoint(name)
        self.cluster.command("scancel", "--signal=KILL", f"{job}.0")
        self.finish(job, "FAILED", "137:0")
        locks = self.runs / f"{name}.h5.lock", self.runs / name / f"{EXAMPLE}.lock"
        self.assertTrue(all(lock.exists() for lock in locks))
        return locks

    def test_a_job_takes_over_what_a_killed_job_has_left(self):
        self.killed("left")
        output = self.finish(self.train("requeue", "left"), "COMPLETED", "0:0")
        self.assertIn(f"{EXAMPLE}: goes on from left/", output)
        self.assert_equals_undisturbed_training("left")

    def test_a_job_takes_over_what_a_cancelled_job_has_left(self):
        job = self.train("requeue", "cancelled")
        self.wait_for_checkpoint("cancelled")
        self.cluster.command("scancel", job)
        self.assertEqual(self.cluster.finish(job).state, "CANCELLED")
        output = self.finish(self.train("requeue", "cancelled"), "COMPLETED", "0:0")
        self.assertIn(f"{EXAMPLE}: goes on from cancelled/", output)
        self.assert_equals_undisturbed_training("cancelled")

    def test_what_a_job_on_another_machine_may_hold_is_left_to_the_user(self):
        for lock in self.killed("far"):
            lock.write_text(re.sub("^host = .*", "host = elsewhere", lock.read_text(), flags=re.MULTILINE))
        error = self.refused(self.train("requeue", "far"))
        self.assertRegex(error, r"is being written by process \d+ on elsewhere \(Slurm job \d+\) since .*: choose "
                         "another, wait, or, if that process has ended, remove this file$")
        output = self.finish(self.train("requeue", "far", "--overwrite"), "COMPLETED", "0:0")
        self.assertIn(f"{EXAMPLE}: goes on from far/", output)
        self.assert_equals_undisturbed_training("far")

    def test_a_job_whose_ranks_are_killed_goes_on_when_it_is_requeued(self):
        job = self.train("requeue", "killed")
        self.wait_for_checkpoint("killed")
        self.cluster.command("scancel", "--signal=KILL", f"{job}.0")
        output = self.finish(job, "FAILED", "137:0")
        self.assertNotIn("requeued", output)
        self.cluster.command("scontrol", "requeue", job)
        self.cluster.wait_for_output(job, f"{EXAMPLE}: goes on from killed/")
        self.finish(job, "COMPLETED", "0:0")
        self.assert_equals_undisturbed_training("killed")


if __name__ == "__main__":
    main()
