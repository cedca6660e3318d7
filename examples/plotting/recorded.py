"""What is recorded of a simulation that is no training run: spikes and variables over time."""
from .activity import is_drawn
from .run_file import ROUNDING
from .style import DASHED, GREY, SERIES, VERMILLION, legend_above, plain, plt, raster

STRETCH = 1000.0  # ms that are readable next to each other
STRETCH_SAMPLES = 1000  # where samples are further apart
PANEL = 1.3  # inches
MOST_PANELS = 12
REFERENCES = {"readout_signal": "target_signal", "V_m": "V_th_adapt"}  # drawn into the same axes


def ends_of(begin, end, stretch):
    """The begin of the recorded time and its end, or all of it if it is short."""
    if end - begin <= 1.5 * stretch:
        return [(begin, end)]
    return [(begin, begin + stretch), (end - stretch, end)]


def panels(n_rows, windows):
    """A figure with a row of axes for each thing and a column for each stretch of time."""
    figure, axes = plt.subplots(
        n_rows, len(windows), sharex="col", sharey="row", squeeze=False,
        figsize=(7.0 if len(windows) == 1 else 9.0, PANEL * n_rows + 0.8))
    for ax, (begin, end) in zip(axes[-1], windows):
        margin = 0.01 * (end - begin) or 0.5
        ax.set(xlabel="time (ms)", xlim=(begin - margin, end + margin))
    figure.align_ylabels()
    return figure, axes


def spikes_figure(run):
    """Spikes of all populations when recording begins and when it ends."""
    if run.shown_iterations():
        return
    spans = {name: run.spike_span(name) for name in run.groups("spikes")}
    spans = {name: span for name, span in spans.items() if span is not None}
    if not spans:
        return
    names = list(spans)
    first = min(bounds[0] for bounds in spans.values())
    last = max(bounds[1] for bounds in spans.values())
    windows = ends_of(first, last, STRETCH)
    for page in range(0, len(names), MOST_PANELS):
        shown = names[page : page + MOST_PANELS]
        figure, axes = panels(len(shown), windows)
        for row, name in zip(axes, shown):
            row[0].set_ylabel(f"{plain(name)}\nneuron")
            for ax, window in zip(row, windows):
                draw_spikes(ax, run, name, *window)
        yield "spikes" if page == 0 else f"spikes_{page // MOST_PANELS + 1}", figure


def draw_spikes(ax, run, name, begin, end):
    before = begin - 2 * ROUNDING  # the first spike too
    times, neurons = run.spikes(name, before, end)
    raster(ax, times + before, neurons, VERMILLION)
    if not len(times):
        ax.text(0.5, 0.5, "no spikes", transform=ax.transAxes, ha="center", va="center",
                color=GREY)


def trace_figures(run):
    """Variables of a few neurons of each recording, over time."""
    for name, report in run.reports().items():
        span = report.span()
        if span is None or (run.shown_iterations() and is_drawn(run, name, report)):
            continue
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
        yield f"traces_{name}", figure


def draw_lines(ax, report, variable, begin, end, **style):
    times, values = report.window(variable, begin, end, len(SERIES))
    style |= dict(marker=".") if len(times) < 3 else dict(linewidth=0.9)
    for node, series, colour in zip(report.nodes, values.T, SERIES):
        label = "_" if "linestyle" in style else f"neuron {node}"
        ax.plot(times + begin, series, color=colour, label=label, **style)
