"""Kills a program at each of the moments in which it writes its output file, and looks at what it leaves.

usage: killed_output_test.py PROGRAM PRELOADED_LIBRARY MPIEXEC RANKS [unittest arguments]

$EPROP_KILLS is the number of kills per plan and rank, spread over all moments; 0: all of them. The default is such that
it takes seconds.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py

PROGRAM, LIBRARY, MPIEXEC, RANKS = sys.argv[1:4] + [int(sys.argv[4])]
KILLS = int(os.environ.get("EPROP_KILLS", "30" if RANKS == 1 else "3"))
PATIENCE = 60  # seconds


def contents(path):
    """All that is in a file; None if there is none."""
    if not os.path.exists(path):
        return None
    found = {}

    def attributes(thing):
        return {name: (value.tolist() if hasattr(value, "tolist") else value)
                for name, value in thing.attrs.items()}

    def look(name, thing):
        data = (str(thing.dtype), thing.shape, thing[...].tobytes()) if isinstance(thing, h5py.Dataset) else ()
        found[name] = (*data, attributes(thing))

    with h5py.File(path) as file:
        found["/"] = attributes(file)
        file.visititems(look)
    return found


class KilledOutput(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.output = os.path.join(self.folder, "out", "run.h5")
        self.log = os.path.join(self.folder, "log")
        self.base = None

    def run_plan(self, plan, *states, ranks=RANKS, **settings):
        """Returns the exit status."""
        environment = {"LD_PRELOAD": LIBRARY, "EPROP_KILL_FILES": self.output}
        environment.update({f"EPROP_{name.upper()}": str(value) for name, value in settings.items()})
        program = [PROGRAM, plan, self.output, self.log, *states]
        if ranks > 1:
            passed = [word for name in environment for word in ("-x", name)]
            program = [MPIEXEC, "--oversubscribe", "-n", str(ranks), *passed, *program]
            environment.pop("LD_PRELOAD")  # of mpirun itself
            program[program.index("LD_PRELOAD")] = f"LD_PRELOAD={LIBRARY}"
        return subprocess.run(program, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=PATIENCE).returncode

    def begin(self):
        """With `self.base` for a file, if there is one."""
        shutil.rmtree(os.path.dirname(self.output), ignore_errors=True)
        os.mkdir(os.path.dirname(self.output))
        if self.base is not None:
            shutil.copy(self.base, self.output)
        if os.path.exists(self.log):
            os.remove(self.log)

    def round_in_log(self):
        try:
            with open(self.log) as file:
                return int(file.read() or -1)
        except FileNotFoundError:
            return -1

    def left(self):
        """Files, but for what a kill may leave of a lock that is just being made or removed."""
        return [name for name in os.listdir(os.path.dirname(self.output))
                if not (name.startswith("run.h5.lock.") and name.endswith((".old", ".new")))]

    def whole_run(self, plan, rank, **settings):
        """The states of the file after each round, that of before first, and the number of writes."""
        self.begin()
        states = [contents(self.output)]
        copies, count = os.path.join(self.folder, plan), os.path.join(self.folder, "count")
        self.assertEqual(self.run_plan(plan, copies, kill_rank=rank, kill_count=count, **settings), 0)
        rounds = self.round_in_log() + 1
        for number in range(rounds):
            states.append(contents(f"{copies}.{number}"))
            os.remove(f"{copies}.{number}")
        self.assertEqual(len({repr(state) for state in states}), rounds + 1)
        self.assertEqual(self.left(), ["run.h5"])
        with open(count) as file:
            return states, int(file.read())

    def check(self, plan, rank=0, **settings):
        states, writes = self.whole_run(plan, rank, **settings)
        self.assertGreater(writes, 10)
        step = max(1, writes // KILLS) if KILLS else 1
        moments = range(1, writes + 1, step)
        print(f"{plan}: kills rank {rank} {len(moments)} times, {settings}", flush=True)
        for at in moments:
            with self.subTest(at=at, of=writes, rank=rank):
                self.begin()
                self.assertNotEqual(self.run_plan(plan, kill_rank=rank, kill_at=at, **settings), 0)
                complete = self.round_in_log() + 1  # that round, or the next one
                found = contents(self.output)
                self.assertIn(found, states[complete : complete + 2])
                if found is None:
                    continue
                # What it has left is in nobody's way, and does not stay.
                self.assertEqual(self.run_plan("end", ranks=1), 0)
                self.assertEqual(contents(self.output), found)
                self.assertEqual(self.left(), ["run.h5"])

    def test_new_file(self):
        for rank in range(RANKS):
            self.check("new", rank)

    def test_file_that_goes_on(self):
        self.begin()
        self.assertEqual(self.run_plan("new"), 0)
        self.base = os.path.join(self.folder, "base.h5")
        shutil.copy(self.output, self.base)
        for rank in range(RANKS):
            self.check("go_on", rank)

    def test_file_system_without_links(self):
        self.check("new", no_links=1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
