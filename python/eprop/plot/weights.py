"""What training does to the weights."""

from __future__ import annotations

from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from .run_file import RunFile, unit_of
from .style import Drawings, plain, subplots, whole_ticks

MOST_LINES = 20
MOST_POINTS = 2000


def drawings(run: RunFile) -> Drawings:
    if recorded(run):
        yield "weights", partial(traces_figure, run)
    for name, group in run.groups("weights").items():
        if stored(group):
            yield f"weight_matrix_{name}", partial(matrix_figure, run, name)


def recorded(run: RunFile) -> dict[str, Any]:
    """Projections with weights over time."""
    return {name: group for name, group in run.groups("weights").items()
            if "data" in group and group["data"].size}


def stored(group: Any) -> list[str]:
    """When a projection's matrix was stored."""
    return [when for when in ("before", "after") if when in group and group[when].size]


def traces_figure(run: RunFile) -> Figure:
    """Weights of some synapses of each projection over time."""
    projections = recorded(run)
    figure, axes = subplots(len(projections), sharex=True,
                            figsize=(6.0, 0.7 + 1.7 * len(projections)))
    for ax, (name, group) in zip(axes[:, 0], projections.items()):
        samples = min(len(group["time"]), len(group["data"]))
        thinned = slice(None, samples, 1 + samples // MOST_POINTS)
        values = group["data"][thinned, :MOST_LINES]
        ax.set_prop_cycle(color=plt.cm.viridis(np.linspace(0.0, 0.9, max(1, values.shape[1]))))
        style: dict[str, Any] = dict(marker=".") if len(values) == 1 else dict(linewidth=0.9)
        ax.plot(1e-3 * group["time"][thinned], values, **style)
        ax.set_ylabel("weight" + unit_of(group["data"]))
        ax.set_title(plain(name).replace("_", " "), loc="left")
        ax.margins(x=0.01)
    axes[-1, 0].set_xlabel("time (s)")
    figure.align_ylabels()
    return figure


def matrix_figure(run: RunFile, name: str) -> Figure:
    """All weights of a projection before and after training, and what has changed."""
    group = run.groups("weights")[name]
    matrices = {when: group[when][:] for when in stored(group)}
    times = list(matrices)
    largest, unit = largest_magnitude(*matrices.values()), unit_of(group[times[0]])
    both = len(times) == 2
    rows = len(matrices[times[0]])
    figure, axes = subplots(1, 3 if both else 1, sharex=True, sharey=True,
                            figsize=(9.0 if both else 4.0, 3.2 if rows > 4 else 2.0))
    images = [draw(ax, when, matrices[when], largest) for ax, when in zip(axes[0], times)]
    figure.colorbar(images[-1], ax=axes[0, : len(times)], label="weight" + unit, pad=0.02)
    if both:
        change = matrices["after"] - matrices["before"]
        image = draw(axes[0, 2], "change", change, largest_magnitude(change))
        figure.colorbar(image, ax=axes[0, 2], label="change" + unit, pad=0.04)
    axes[0, 0].set_ylabel("target neuron")
    figure.suptitle(plain(name).replace("_", " "), x=0.0, ha="left", fontsize=10)
    return figure


def largest_magnitude(*matrices: Any) -> float:
    """Where to end a colour scale that is centred at zero."""
    return max(np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0) for matrix in matrices) or 1.0


def draw(ax: Any, title: str, matrix: Any, limit: float) -> Any:
    colours = plt.cm.RdBu_r.with_extremes(bad="0.85")  # grey: no synapse
    image = ax.imshow(matrix, cmap=colours, vmin=-limit, vmax=limit, aspect="auto",
                      interpolation="nearest")
    ax.set(title=title, xlabel="source neuron")
    whole_ticks(ax.xaxis)
    whole_ticks(ax.yaxis)
    return image
