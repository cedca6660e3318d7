#!/usr/bin/env python3
"""Gathers the results of sweep.sbatch into a table and a figure.

Prints a line for each line of FILE: its number, how far the training is, the mean loss of the last
iterations, the fraction of wrong answers in them (where the task classifies) and the options. Writes the
same to FILE.results/table.tsv, and the courses of the losses to FILE.results/losses.png. FILE.results is
without the ending of FILE.
"""

import argparse
import pathlib
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

COLUMNS = ("task", "state", "iterations", "loss", "error", "options")


def row_of(task: int, options: str, path: pathlib.Path, last: int):
    """The line of the table, and the losses."""
    if not path.exists():
        return (task, "missing", 0, "", "", options), np.array([])
    with h5py.File(path) as file:
        loss = file["training/loss"][:]
        error = file["training/error"][:] if "training/error" in file else np.array([])
        state = "finished" if "finished" in file["task"].attrs else "unfinished"
    means = [f"{values[-last:].mean():.6g}" if len(values) else "" for values in (loss, error)]
    return (task, state, len(loss), *means, options), loss


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=pathlib.Path, help="with the options, a line per task")
    parser.add_argument("--last", type=int, default=10, help="iterations of the means [default: 10]")
    arguments = parser.parse_args()
    if arguments.last < 1:
        parser.error("--last: must be at least 1")
    if not arguments.file.is_file():
        sys.exit(f"gather_sweep.py: error: {arguments.file}: no such file")
    results = arguments.file.with_suffix(".results")
    if not results.is_dir():
        sys.exit(f"gather_sweep.py: error: {results}: no such folder; has the sweep begun?")
    lines = arguments.file.read_text().splitlines()
    gathered = [
        row_of(task, options, results / f"{task}.h5", arguments.last)
        for task, options in enumerate(lines, start=1)
    ]
    table = "\n".join("\t".join(map(str, row)) for row in [COLUMNS, *(row for row, _ in gathered)])
    print(table)
    (results / "table.tsv").write_text(table + "\n")

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for row, loss in gathered:
        axes.plot(np.arange(1, len(loss) + 1), loss, label=row[-1], linewidth=1)
    axes.set(xlabel="iteration", ylabel="loss", yscale="log")
    axes.legend(fontsize="small")
    figure.savefig(results / "losses.png", dpi=150)


if __name__ == "__main__":
    main()
