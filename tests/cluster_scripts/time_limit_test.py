"""Jobs that come to their time limit, on a Slurm of their own: Slurm looks at these every 30 s.

usage: time_limit_test.py BUILD_FOLDER [unittest arguments]
"""
import contextlib
import os
import pathlib
import signal

import slurm_cluster
from cluster_case import EXAMPLE, ONE_RANK, ClusterCase, main

ONE_MINUTE = (*ONE_RANK, "--time=1")


class TimeLimit(ClusterCase):
    def pause(self, job, name, starts=1):
        """Lets a training rest once it has begun, so that it lasts long enough on any machine: its pid."""
        self.cluster.wait_for_output(job, r" \d+/1500 |the job is requeued", times=starts)
        lock = (self.runs / f"{name}.h5.lock").read_text()
        pid = int(dict(line.split(" = ", 1) for line in lock.splitlines())["pid"])
        os.kill(pid, signal.SIGSTOP)
        return pid

    def wait_for_signal(self, pid, number):
        """Until a process that rests has got it."""
        def has_it():
            status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
            return any(int(status[pending], 16) >> (number - 1) & 1 for pending in ("SigPnd", "ShdPnd"))

        slurm_cluster.wait_until(has_it, 150, f"{number.name} for process {pid}")

    def test_trainings_go_on_after_the_time_limits_of_their_jobs(self):
        ended = self.train("one_node", "ended", "--resume", "auto", resources=ONE_MINUTE)
        self.pause(ended, "ended")
        # Slurm sends the signal up to 60 s earlier than asked for.
        chain = self.train("requeue", "chain", resources=(*ONE_MINUTE, "--signal=B:USR2@20"))
        for cut in range(2):
            # On a slow machine the training may have got the signal, and stopped, before.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                pid = self.pause(chain, "chain", starts=cut + 1)
                self.undisturbed_training()  # there is time
                self.wait_for_signal(pid, signal.SIGUSR2)
                os.kill(pid, signal.SIGCONT)
            self.cluster.wait_for_output(chain, "stopped with a checkpoint; the job is requeued", times=cut + 1)

        # Slurm wakes what it ends.
        self.assertEqual(self.cluster.finish(ended, 150).state, "TIMEOUT")
        again = self.train("one_node", "ended", "--resume", "auto")
        self.assertIn(f"{EXAMPLE}: goes on from ended/", self.finish(again, "COMPLETED", "0:0"))
        self.assert_equals_undisturbed_training("ended")

        output = self.finish(chain, "COMPLETED", "0:0")
        self.assertGreaterEqual(output.count(f"{EXAMPLE}: goes on from chain/"), 2, output)
        self.assert_equals_undisturbed_training("chain")


if __name__ == "__main__":
    main()
