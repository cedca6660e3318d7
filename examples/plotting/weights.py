"""What training does to the weights."""
import numpy as np

from .run_file import text
from .style import plt, whole_ticks

MOST_LINES = 20
MOST_POINTS = 2000


def label_of(group, name="weight"):
    unit = text(group.attrs.get("units", ""))
    return f"{name} ({unit})" if unit else name


def traces_figure(run):
    """Weights of some synapses of each projection over time."""
    projections = {name: group for name, group in run.groups("weights").items() if "data" in group}
    if not projections:
        return
    figure, axes = plt.subplots(len(projections), sharex=True, squeeze=False,
                                figsize=(6.0, 0.7 + 1.7 * len(projections)))
    for ax, (name, group) in zip(axes[:, 0], projections.items()):
        thinned = slice(None, None, 1 + len(group["time"]) // MOST_POINTS)
        values = group["data"][thinned, :MOST_LINES]
        ax.set_prop_cycle(color=plt.cm.viridis(np.linspace(0.0, 0.9, max(1, values.shape[1]))))
        ax.plot(1e-3 * group["time"][thinned], values, linewidth=0.9)
        ax.set_ylabel(label_of(group))
        ax.set_title(name.replace("_", " "), loc="left")
        ax.margins(x=0.01)
    axes[-1, 0].set_xlabel("time (s)")
    figure.align_ylabels()
    yield "weights", figure


def matrix_figures(run):
    """All weights of each projection before and after training, and what has changed."""
    for name, group in run.groups("weights").items():
        if "before" not in group or "after" not in group:
            continue
        before, after = group["before"][:], group["after"][:]
        largest = largest_magnitude(before, after)
        panels = {"before": (before, largest), "after": (after, largest),
                  "change": (after - before, largest_magnitude(after - before))}
        height = 3.2 if len(before) > 4 else 2.0
        figure, axes = plt.subplots(1, 3, sharex=True, sharey=True, figsize=(9.0, height))
        images = [draw(ax, title, *panel) for ax, (title, panel) in zip(axes, panels.items())]
        figure.colorbar(images[1], ax=axes[:2], label=label_of(group), pad=0.02)
        figure.colorbar(images[2], ax=axes[2], label=label_of(group, "change"), pad=0.04)
        axes[0].set_ylabel("target neuron")
        figure.suptitle(name.replace("_", " "), x=0.0, ha="left", fontsize=10)
        yield f"weight_matrix_{name}", figure


def largest_magnitude(*matrices):
    """Where to end a colour scale that is centred at zero."""
    return max(np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0) for matrix in matrices) or 1.0


def draw(ax, title, matrix, limit):
    colours = plt.cm.RdBu_r.with_extremes(bad="0.85")  # grey: no synapse
    image = ax.imshow(matrix, cmap=colours, vmin=-limit, vmax=limit, aspect="auto",
                      interpolation="nearest")
    ax.set(title=title, xlabel="source neuron")
    whole_ticks(ax.xaxis)
    whole_ticks(ax.yaxis)
    return image
