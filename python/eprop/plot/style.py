"""How all figures look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.figure import Figure

#: What a file holds data for: the names of figures, and what draws each.
Drawings = Iterator[tuple[str, Callable[[], Figure]]]

# Okabe and Ito (2008): colour-blind readers can tell them apart.
BLACK, GREY = "#000000", "#999999"
ORANGE, GREEN, BLUE = "#E69F00", "#009E73", "#0072B2"
VERMILLION, PURPLE = "#D55E00", "#CC79A7"
SERIES = (BLUE, VERMILLION, GREEN, ORANGE)
DASHED = (0, (3, 2))

PARAMETERS = {
    "figure.constrained_layout.use": True,
    "savefig.bbox": "tight",
    "savefig.dpi": 150,
    "font.size": 9,
    "axes.labelsize": 8.5,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "pdf.fonttype": 42,
}


def styled() -> Any:
    """A context in which figures look like this; the parameters of others stay as they are."""
    return matplotlib.rc_context(PARAMETERS)


class StyledFigure(Figure):  # type: ignore[misc]
    """Parts of a figure, such as ticks, are made when it is drawn or saved."""

    def draw(self, renderer: Any) -> None:
        with styled():
            super().draw(renderer)

    def savefig(self, *args: Any, **options: Any) -> None:
        with styled():
            super().savefig(*args, **options)


def subplots(*shape: int, **options: Any) -> tuple[Figure, Any]:
    """As that of pyplot, with axes in two dimensions.

    pyplot keeps the figure only if it has a window. Otherwise it would never be freed, and a
    notebook would show it twice.
    """
    with styled():
        figure, axes = plt.subplots(*shape, squeeze=False, FigureClass=StyledFigure, **options)
    if type(figure.canvas.manager).show is FigureManagerBase.show:
        plt.close(figure)
    return figure, axes


def plain(name: str) -> str:
    """A name as it is: matplotlib takes what is between dollars for a formula."""
    return name.replace("$", r"\$")


def legend_above(ax: Any) -> None:
    """The legend in one row above the axes, where it hides no data."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.97), ncol=8, borderaxespad=0.0)


def whole_ticks(axis: Any) -> None:
    """Few ticks, on whole numbers only."""
    axis.get_major_locator().set_params(integer=True, nbins=5, min_n_ticks=1)


def raster(ax: Any, times: Any, neurons: Any, colour: str) -> None:
    """Spikes as short bars, one row per neuron; pixels even in a PDF, as they may be many."""
    rows = neurons.max() - neurons.min() + 1 if len(neurons) else 1
    row_height = 72.0 * ax.get_position().height * ax.get_figure().get_figheight() / rows  # points
    ax.plot(times, neurons, "|", color=colour, markersize=min(max(row_height, 1.5), 8.0),
            markeredgewidth=0.6, rasterized=True)
    whole_ticks(ax.yaxis)
