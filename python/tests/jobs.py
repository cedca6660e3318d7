"""Programs that tests start, under mpirun or alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def start(program: str, *, ranks: int = 1, env: dict[str, str] | None = None) -> subprocess.Popen:
    """Starts Python with this program on so many ranks; with 1, without mpirun."""
    launcher = [] if ranks == 1 else ["mpirun", "--oversubscribe", "-n", str(ranks)]
    tests = str(Path(__file__).parent)
    path = os.pathsep.join([tests, os.environ["PYTHONPATH"]])
    return subprocess.Popen(
        [*launcher, sys.executable, "-B", "-c", program],
        env={**os.environ, "PYTHONPATH": path, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(program: str, *, ranks: int = 1, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Exit status, stdout and stderr."""
    job = start(program, ranks=ranks, env=env)
    out, err = job.communicate(timeout=60)
    return job.returncode, out, err
