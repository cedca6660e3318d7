"""What tests share that submit jobs to a Slurm of their own."""
import os
import pathlib
import pwd
import shutil
import signal
import sys
import unittest

import h5py
import numpy as np

import slurm_cluster

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "cluster_scripts"
SKIPPED = 77

EXAMPLE = "sine_waves_bsshslm_2020"

ONE_NODE = ("--ntasks-per-node=2", "--cpus-per-task=1")
ONE_RANK = ("--ntasks-per-node=1", "--cpus-per-task=1")
MANY_NODES = ("--nodes=2", "--ntasks-per-node=1", "--cpus-per-task=1")


def datasets(path):
    """Values of all datasets of an HDF5 file by name."""
    found = {}
    with h5py.File(path) as h5:
        h5.visititems(lambda name, item: found.update({name: item[()]})
                      if isinstance(item, h5py.Dataset) else None)
    return found


class ClusterCase(unittest.TestCase):
    cluster = build_folder = None  # set by main()

    @classmethod
    def setUpClass(cls):
        # A project whose build folder is beside its scripts, as users have it, at a path with
        # blanks, as some have.
        project = cls.cluster.folder / "a project"
        cls.scripts = project / "cluster_scripts"
        cls.runs = cls.cluster.folder / "runs"
        if not project.exists():
            shutil.copytree(SCRIPTS, cls.scripts)
            (project / "build").symlink_to(cls.build_folder)
            cls.runs.mkdir()

    def submit(self, script, resources, *words, **variables):
        return self.cluster.submit(*resources, self.scripts / f"{script}.sbatch", *words,
                                   folder=self.runs, variables=variables)

    def finish(self, job, state, exit_code):
        job = self.cluster.finish(job)
        self.assertEqual((job.state, job.exit_code), (state, exit_code), job.output)
        return job.output

    def train(self, script, name, *options, folder=None, resources=ONE_RANK):
        """Submits a training that takes a second or more, with files of its own."""
        return self.submit(script, resources, EXAMPLE, "--iterations", 1500, "--no-record",
                           "--checkpoint-every", 50, "--output", f"{name}.h5",
                           "--checkpoint-dir", folder or name, *options)

    def wait_for_checkpoint(self, name):
        slurm_cluster.wait_until(lambda: list(self.runs.glob(f"{name}/*.ckpt")), 60, "checkpoint")

    def assert_equal_output(self, one, other):
        one, other = datasets(self.runs / one), datasets(self.runs / other)
        self.assertEqual(one.keys(), other.keys())
        for name, values in one.items():
            np.testing.assert_array_equal(values, other[name], err_msg=name)

    def undisturbed_training(self):
        """The output of one."""
        output = self.runs / "undisturbed.h5"
        if not output.exists():
            self.finish(self.train("one_node", "undisturbed"), "COMPLETED", "0:0")
        return output

    def assert_equals_undisturbed_training(self, name):
        self.assert_equal_output(self.undisturbed_training(), f"{name}.h5")


def main():
    """Of a test. Usage: TEST BUILD_FOLDER [unittest arguments]"""
    ClusterCase.build_folder = pathlib.Path(sys.argv.pop(1)).resolve()
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
    with slurm_cluster.SlurmCluster() as ClusterCase.cluster:
        unittest.main()
