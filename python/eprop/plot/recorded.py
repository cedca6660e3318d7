"""What is recorded of a simulation that is no training run: spikes and variables over time."""

from __future__ import annotations

from functools import partial
from typing import Any

from matplotlib.figure import Figure

from .activity import is_drawn
from .run_file import ROUNDING, Report, RunFile
from .style import DASHED, GREY, SERIES, VERMILLION
from .style import Drawings, legend_above, plain, raster, subplots

STRETCH = 1000.0  # ms that are readable next to each other
STRETCH_SAMPLES = 1000  # where samples are further apart
PANEL = 1.3  # inches
MOST_PANELS = 12
REFERENCES = {"readout_signal": "target_signal", "V_m": "V_th_adapt"}  # drawn into the same axes


def drawings(run: RunFile) -> Drawings:
    if not run.shown_iterations():
        for page in range(0, len(spans(run)), MOST_PANELS):
            name = "spikes" if page == 0 else f"spikes_{page // MOST_PANELS + 1}"
            yield name, partial(spikes_figure, run, page)
    for name, report in run.reports().items():
        if report.span() and not (run.shown_iterations() and is_drawn(run, name, report)):
            yield f"traces_{name}", partial(traces_figure, run, name)


def ends_of(begin: float, end: float, stretch: float) -> list[tuple[float, float]]:
    """The begin of the recorded time and its end, or all of it if it is short."""
    if end - begin <= 1.5 * stretch:
        return [(begin, end)]
    return [(begin, begin + stretch), (end - stretch, end)]


def panels(n_rows: int, windows: list[tuple[float, float]]) -> tuple[Figure, Any]:
    """A figure with a row of axes for each thing and a column for each stretch of time."""
    figure, axes = subplots(
        n_rows, len(windows), sharex="col", sharey="row",
        figsize=(7.0 if len(windows) == 1 else 9.0, PANEL * n_rows + 0.8))
    for ax, (begin, end) in zip(axes[-1], windows):
        margin = 0.01 * (end - begin) or 0.5
        ax.set(xlabel="time (ms)", xlim=(begin - margin, end + margin))
        ax.locator_params(axis="x", nbins=5)
        ax.ticklabel_format(axis="x", style="plain", useOffset=False)  # long runs, too
    figure.align_ylabels()
    return figure, axes


def spans(run: RunFile) -> dict[str, tuple[float, float]]:
    """Times of the first spike and the last one of each population that has any."""
    found = {name: run.spike_span(name) for name in run.groups("spikes")}
    return {name: span for name, span in found.items() if span is not None}


def spikes_figure(run: RunFile, page: int) -> Figure:
    """Spikes when recording begins and when it ends, of populations from number ``page`` on."""
    found = spans(run)
    windows = ends_of(min(begin for begin, _ in found.values()),
                      max(end for _, end in found.values()), STRETCH)
    shown = list(found)[page : page + MOST_PANELS]
    figure, axes = panels(len(shown), windows)
    for row, name in zip(axes, shown):
        row[0].set_ylabel(f"{plain(name)}\nneuron")
        for ax, window in zip(row, windows):
            draw_spikes(ax, run, name, *window)
    return figure


def draw_spikes(ax: Any, run: RunFile, name: str, begin: float, end: float) -> None:
    before = begin - 2 * ROUNDING  # the first spike too
    times, neurons = run.spikes(name, before, end)
    raster(ax, times + before, neurons, VERMILLION)
    if not len(times):
        ax.text(0.5, 0.5, "no spikes", transform=ax.transAxes, ha="center", va="center",
                color=GREY)


def traces_figure(run: RunFile, name: str) -> Figure:
    """Variables of a few neurons of a recording, over time."""
    report = run.reports()[name]
    span = report.span()
    if span is None:
        raise KeyError(f"report '{name}' has no samples")
    first, last, step = span
    windows = ends_of(first, last, max(STRETCH, STRETCH_SAMPLES * step))
    variables = [variable for variable in report.variables
                 if not any(REFERENCES.get(other) == variable for other in report.variables)]
    figure, axes = panels(len(variables), windows)
    for row, variable in zip(axes, variables):
        reference = REFERENCES.get(variable)
        label = report.label(variable, variable).replace(" (", "\n(")
        if reference in report.variables:
            label += f"\ndashed: {reference}"
        row[0].set_ylabel(label)
        for ax, (begin, end) in zip(row, windows):
            draw_lines(ax, report, variable, begin - 0.5 * step, end)
            if reference in report.variables:
                draw_lines(ax, report, reference, begin - 0.5 * step, end, linestyle=DASHED)
    axes[0, 0].set_title(plain(name), loc="left")
    legend_above(axes[0, -1])
    return figure


def draw_lines(
    ax: Any, report: Report, variable: str, begin: float, end: float, **style: Any
) -> None:
    times, values = report.window(variable, begin, end, len(SERIES))
    if len(times) < 3:
        style["marker"] = "."
    else:
        style["linewidth"] = 0.9
    for node, series, colour in zip(report.nodes, values.T, SERIES):
        label = "_" if "linestyle" in style else f"neuron {node}"
        ax.plot(times + begin, series, color=colour, label=label, **style)
