#!/usr/bin/env python3
"""Draws memory and time of a rank against the number of ranks, as docs/scaling.md shows them.

Usage: /usr/bin/python3 scripts/draw_scaling.py FIGURE RESULT...

Each RESULT is the JSON object that a sparse_network with --json has printed, of the same network on
another number of ranks, in a dry run or a real one. Of real ones the first rank is drawn.
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

MEMORY = {
    "synapses": "synapses",
    "rows": "rows of synapses",
    "clocks": "clocks of sources",
    "archives": "archives",
    "neurons": "neurons",
    "spikes": "history of spikes",
    "exchange": "routes, messages",
}
PHASES = {
    "update synapses": "update synapses",
    "deliver spikes": "deliver spikes",
    "advance neurons": "advance neurons",
    "exchange": "exchange",
    "wait": "threads wait",
}


def draw_stack(axes, ranks: list[str], parts: dict[str, list[float]]) -> None:
    below = [0.0] * len(ranks)
    for name, values in parts.items():
        if not any(values):
            continue
        axes.bar(ranks, values, bottom=below, label=name, width=0.6)
        below = [low + value for low, value in zip(below, values)]
    for at, top in enumerate(below):
        axes.text(at, top, f"{top:.3g}", ha="center", va="bottom")
    if len(parts) > 1:
        axes.legend(fontsize="small", frameon=False)
    axes.set_xlabel("ranks")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figure")
    parser.add_argument("results", nargs="+")
    arguments = parser.parse_args()
    runs = [json.loads(Path(file).read_text()) for file in arguments.results]
    runs.sort(key=lambda run: run["ranks"])
    ranks = [str(run["ranks"]) for run in runs]

    memory = {name: [run["bytes"][part][0] / 1e9 for run in runs] for part, name in MEMORY.items()}
    counted = [sum(values) for values in zip(*memory.values())]
    memory["not counted"] = [
        run["resident_bytes"][0] / 1e9 - known for run, known in zip(runs, counted)
    ]
    times = {
        name: [run["phase_s"][phase][0] / run["duration_ms"] * 1000 for run in runs]
        for phase, name in PHASES.items()
    }

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 4), layout="constrained")
    draw_stack(left, ranks, memory)
    left.set_title("memory of a rank, GB")
    draw_stack(middle, ranks, {"built": [run["build_s"] for run in runs]})
    middle.set_title("building, s")
    draw_stack(right, ranks, times)
    right.set_title("a second of model time, s")
    for axes in (left, middle, right):
        axes.spines[["top", "right"]].set_visible(False)
    first = runs[0]
    figure.suptitle(
        f"{first['neurons']} neurons × {first['indegree']} synapses, {first['family']}, "
        f"{first['optimizer']}, {first['threads']} threads"
    )
    figure.savefig(arguments.figure, dpi=80)


if __name__ == "__main__":
    main()
