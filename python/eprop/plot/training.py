"""How well the network does over the course of training."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .run_file import RunFile
from .style import BLUE, GREEN, ORANGE, Drawings, legend_above, subplots, whole_ticks

DOTS = dict(linestyle="none", markersize=3.5)
PHASE_STYLES: dict[str, dict[str, Any]] = {
    "training": dict(color=BLUE, linewidth=1.0),
    "validation": dict(color=ORANGE, marker="o", **DOTS),
    "test": dict(color=GREEN, marker="s", **DOTS),
}


def drawings(run: RunFile) -> Drawings:
    if run.iterations > 0:
        yield "loss", partial(loss_figure, run)
    if "task/confusion" in run.h5:
        yield "confusion", partial(confusion_figure, run)


def loss_figure(run: RunFile) -> Figure:
    """Loss, and classification error where there is one, over iterations."""
    both = {"loss": run.loss, "classification error": run.error}
    series = {label: values for label, values in both.items() if values is not None}
    figure, axes = subplots(len(series), sharex=True, figsize=(5.5, 0.6 + 2.3 * len(series)))
    phases = run.phases()
    for ax, (label, values) in zip(axes[:, 0], series.items()):
        for phase, where in phases.items():
            where = where[where < len(values)]
            style = {**PHASE_STYLES.get(phase, {}), **(dict(marker="o") if len(where) == 1 else {})}
            ax.plot(where + 1, values[where], label=phase, **style)
        ax.set_ylabel(label)
        ax.margins(x=0.02)
    axes[-1, 0].set_xlabel("iteration")
    whole_ticks(axes[-1, 0].xaxis)
    if len(phases) > 1:
        legend_above(axes[0, 0])
    return figure


def confusion_figure(run: RunFile) -> Figure:
    """How often samples of each class were taken for which."""
    counts = run.h5["task/confusion"][:]
    of_class = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, of_class, out=np.zeros(counts.shape), where=of_class > 0)
    side = 1.8 + 0.36 * len(counts)
    figure, [[ax]] = subplots(figsize=(side + 0.7, side))
    image = ax.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    for (true, predicted), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[true, predicted] > 0.6 else "black"
            ax.text(predicted, true, f"{count:.0f}", ha="center", va="center", fontsize=7,
                    color=colour)
    classes = np.arange(len(counts))
    ax.set(xticks=classes, yticks=classes, xlabel="predicted class", ylabel="true class")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    bar = figure.colorbar(image, ax=ax, label="fraction of the true class", shrink=0.8)
    bar.outline.set_visible(False)
    return figure
