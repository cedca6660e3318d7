"""What neurons and readouts do in the first and in the last iteration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Optional

import numpy as np
from matplotlib.figure import Figure

from .run_file import Report, RunFile
from .style import BLACK, BLUE, DASHED, GREEN, GREY, PURPLE, SERIES, VERMILLION
from .style import Drawings, legend_above, raster, subplots

NEURON_SIGNALS = {
    "V_m": (r"$V_\mathrm{m}$", BLUE),
    "surrogate_gradient": ("surrogate\ngradient", GREEN),
    "learning_signal": ("learning\nsignal", PURPLE),
}
READOUT = {"readout_signal", "target_signal"}
MOST_READOUTS = 32
DRAWING_TASKS = ("lemniscate", "handwriting")

#: Height in inches and what draws into axes; None where there is nothing to draw.
Panel = Optional[tuple[float, Callable[[Any], None]]]
Window = tuple[float, float]


def drawings(run: RunFile) -> Drawings:
    for name, iteration in run.shown_iterations():
        if panels_of(run, iteration):
            yield f"activity_{name}", partial(activity_figure, run, iteration)
    if drawn_curves(run):
        yield "curve", partial(curve_figure, run)
    if run.has_task and len(sample_input(run)[1]):
        yield "sample_input", partial(sample_figure, run)


def raster_panel(run: RunFile, population: str, window: Window, colour: str) -> Panel:
    times, neurons = run.spikes(population, *window)
    if not len(times):
        return None

    def draw(ax: Any) -> None:
        raster(ax, times, neurons, colour)
        ax.set_ylabel(population.replace("_", " ") + "\nneuron")

    return 1.3, draw


def signal_panel(report: Report, variable: str, window: Window) -> Panel:
    times, values = report.window(variable, *window)
    if not len(times):
        return None
    name, colour = NEURON_SIGNALS[variable]
    adaptive = variable == "V_m" and "V_th_adapt" in report.variables
    threshold = report.window("V_th_adapt", *window)[1] if adaptive else None

    def draw(ax: Any) -> None:
        ax.plot(times, values, color=colour, linewidth=0.8, label=f"neuron {report.nodes[0]}")
        if adaptive:
            ax.plot(times, threshold, color=BLACK, linestyle=DASHED, linewidth=0.8,
                    label="threshold")
        if variable == "V_m":
            legend_above(ax)
        ax.set_ylabel(report.label(variable, name))

    return 1.0, draw


def readout_panel(report: Report, window: Window) -> Panel:
    times, values = report.window("readout_signal", *window, MOST_READOUTS)
    targets = report.window("target_signal", *window, MOST_READOUTS)[1]
    if not len(times):
        return None
    shown = list(range(values.shape[1]))
    if len(shown) > len(SERIES):  # classes: only the wanted one stands out
        shown = [int(np.argmax(targets.sum(axis=0)))]
    others = np.delete(values, shown, axis=1)

    def draw(ax: Any) -> None:
        if others.size:
            labels = ["other readouts"] + ["_"] * (others.shape[1] - 1)
            ax.plot(times, others, color=GREY, linewidth=0.7, label=labels)
        for k, colour in zip(shown, SERIES):
            ax.plot(times, values[:, k], color=colour, label=f"readout {k}")
            ax.plot(times, targets[:, k], color=colour, linestyle=DASHED, label=f"target {k}")
        ax.set_ylabel(report.label("readout_signal", "readout"))
        legend_above(ax)

    return 1.6, draw


def is_drawn(run: RunFile, name: str, report: Report) -> bool:
    """Whether the figures of iterations show a recording."""
    return READOUT <= set(report.variables) or bool(
        name in run.recurrent_populations() and NEURON_SIGNALS.keys() & report.variables)


def panels_of(run: RunFile, iteration: int) -> list[tuple[float, Callable[[Any], None]]]:
    """Every panel of an iteration, from the input to the readout."""
    return [panel for panel in possible_panels(run, iteration) if panel is not None]


def possible_panels(run: RunFile, iteration: int) -> Iterator[Panel]:
    reports = run.reports()
    recurrent = run.task.window(iteration, run.task.offset_recurrent)
    for population in run.input_populations():
        yield raster_panel(run, population, run.task.window(iteration, 0.0), BLACK)
    for population in run.recurrent_populations():
        yield raster_panel(run, population, recurrent, VERMILLION)
        for variable in NEURON_SIGNALS:
            if population in reports and variable in reports[population].variables:
                yield signal_panel(reports[population], variable, recurrent)
    for report in run.readout_reports():
        yield readout_panel(report, run.task.window(iteration, run.task.offset))


def activity_figure(run: RunFile, iteration: int) -> Figure:
    """Spikes, the signals of a neuron, and the readout against its target."""
    heights, draws = zip(*panels_of(run, iteration))
    figure, axes = subplots(len(heights), sharex=True, figsize=(7.0, sum(heights) + 0.9),
                            gridspec_kw=dict(height_ratios=heights))
    for ax, draw in zip(axes[:, 0], draws):
        draw(ax)
    axes[0, 0].set_title(f"iteration {iteration + 1}", loc="left")
    axes[-1, 0].set(xlabel="time in the sequence (ms)", xlim=(0.0, run.task.sequence))
    figure.align_ylabels()
    return figure


def drawn_curves(run: RunFile) -> list[Report]:
    """Readouts whose values are the coordinates of a curve."""
    if not run.shown_iterations() or not any(word in run.task.name for word in DRAWING_TASKS):
        return []
    return [report for report in run.readout_reports() if len(report.nodes) >= 2]


def curve_figure(run: RunFile) -> Figure:
    """The curve that two readouts draw against the one that they are to draw."""
    shown, readouts = run.shown_iterations(), drawn_curves(run)
    curves: tuple[tuple[str, dict[str, Any]], ...]
    curves = (("target_signal", dict(color=GREY, linewidth=2.5, label="target")),
              ("readout_signal", dict(color=BLUE, label="readout")))
    figure, axes = subplots(1, len(shown), sharex=True, sharey=True,
                            figsize=(3.4 * len(shown) + 0.8, 3.6))
    for ax, (_, iteration) in zip(axes[0], shown):
        window = run.task.window(iteration, run.task.offset)
        for variable, style in curves:
            ax.plot(*readouts[0].window(variable, *window, 2)[1].T, **style)
        ax.set(aspect="equal", xlabel=readouts[0].label("readout_signal", "readout 0"),
               title=f"iteration {iteration + 1}")
    axes[0, 0].set_ylabel(readouts[0].label("readout_signal", "readout 1"))
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def sample_input(run: RunFile) -> tuple[str, Any, Any]:
    """Title, times and neurons of the input spikes of one sample."""
    title = "first sample"
    if "task/sample_raster" in run.h5:
        group = run.h5["task/sample_raster"]
        return group.attrs.get("title", title), group["timestamps"][:], group["node_ids"][:]
    if run.iterations and run.input_populations():
        return title, *run.spikes(run.input_populations()[0], *run.task.window(0, 0.0))
    return title, np.empty(0), np.empty(0)


def sample_figure(run: RunFile) -> Figure:
    """The input spikes of one sample."""
    title, times, neurons = sample_input(run)
    figure, [[ax]] = subplots(figsize=(6.0, 3.4))
    raster(ax, times, neurons, BLACK)
    ax.set(xlabel="time in the sample (ms)", ylabel="input neuron", title=title,
           xlim=(0.0, run.task.sequence))
    return figure
