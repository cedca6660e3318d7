#!/usr/bin/env python3
"""How much faster a program is on two processors, beside what the machine has to give.

Runs PROGRAM in turn on one thread, on two threads and on two ranks, and two copies of it at once,
which share nothing: 2 * t(one) / t(two copies) is what two processors give at best. Prints the
medians of the ratios to the run on one thread, with their quartiles. PROGRAM gets --threads,
--output and --overwrite. mpirun as scripts/mpi_environment.sh sets it up.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time


def seconds(*commands: list[str]) -> float:
    """Wall time of commands that run at the same time."""
    start = time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    if any(process.wait() != 0 for process in running):
        sys.exit(f"measure_scaling.py: error: failed: {' '.join(commands[0])}")
    return time.monotonic() - start


def described(ratios: list[float]) -> str:
    low, median, high = statistics.quantiles(ratios, n=4)
    return f"{median:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9, help="at least 2 [default: 9]")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="PROGRAM and its arguments")
    arguments = parser.parse_args()
    if arguments.rounds < 2 or not arguments.program:
        parser.error("needs a PROGRAM, and at least 2 rounds")
    ranks = ["mpirun", "--bind-to", "none", "-n", "2"]
    times: list[float] = []
    ratios: dict[str, list[float]] = {"2 threads": [], "2 ranks": [], "two copies": []}
    with tempfile.TemporaryDirectory() as folder:

        def run(name: str, threads: int, launcher: list[str] = []) -> list[str]:
            output = ["--overwrite", "--output", f"{folder}/{name}.h5"]
            return [*launcher, *arguments.program, "--threads", str(threads), *output]

        for _ in range(arguments.rounds):
            one = seconds(run("one", 1))
            times.append(one)
            ratios["2 threads"].append(one / seconds(run("threads", 2)))
            ratios["2 ranks"].append(one / seconds(run("ranks", 1, ranks)))
            ratios["two copies"].append(2 * one / seconds(run("copy", 1), run("other", 1)))
    print(f"one thread: {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})")
    for name, of_rounds in ratios.items():
        print(f"{name}: {described(of_rounds)}")


if __name__ == "__main__":
    main()
