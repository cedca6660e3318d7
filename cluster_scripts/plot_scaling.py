#!/usr/bin/env python3
"""Draws what scaling.sbatch has measured: time and memory over the number of ranks.

FILE is scaling.KIND.JOB.json, an object of sparse_network a line. The figure is FILE with the ending
.png.
"""

import argparse
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=pathlib.Path)
    path = parser.parse_args().file
    try:
        runs = sorted(map(json.loads, path.read_text().splitlines()), key=lambda run: run["ranks"])
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"plot_scaling.py: error: {path}: {error}")
    if not runs:
        sys.exit(f"plot_scaling.py: error: {path}: is empty")
    ranks = np.array([run["ranks"] for run in runs])
    work = np.array([run["synapses"] for run in runs])
    seconds = np.array([run["simulate_s_per_model_s"] for run in runs])
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(ranks, seconds, "o-", label="simulation, per s of model time")
    left.plot(ranks, [run["build_s"] for run in runs], "s-", label="building")
    ideal = seconds[0] * work / work[0] * ranks[0] / ranks
    left.plot(ranks, ideal, "k:", label="ideal simulation")
    left.set(xlabel="ranks", ylabel="time (s)", xscale="log", yscale="log")
    left.legend()
    for name, marker in (("peak_bytes", "^-"), ("resident_bytes", "o-")):
        most = [max(run[name]) / 1e9 for run in runs]
        right.plot(ranks, most, marker, label=name.removesuffix("_bytes"))
    right.set(xlabel="ranks", ylabel="memory of the largest rank (GB)", xscale="log")
    right.legend()
    for axes in (left, right):
        axes.set_xticks(ranks, map(str, ranks))
        axes.minorticks_off()
    figure.savefig(path.with_suffix(".png"), dpi=150)
    print(path.with_suffix(".png"))


if __name__ == "__main__":
    main()
