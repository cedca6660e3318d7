#!/usr/bin/env python3
"""Draws map.svg: which neuron, readout, synapse and learning-signal connection belong together.

Usage: draw_map.py [FILE]      (default: map.svg beside this script; the suffix decides the format)
"""
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

# Okabe and Ito (2008): colour-blind readers can tell them apart.
INK, GREY = "#222222", "#777777"
SPIKES, SIGNALS, RATES = "#0072B2", "#D55E00", "#009E73"
FILLS = {"input": "#EEEEEE", "recurrent": "#DCEBF5", "readout": "#FBE6DA", "rates": "#DDF1EA"}
MONO = dict(family="DejaVu Sans Mono", fontsize=8.3)
WIDTH, HEIGHT = 12.4, 7.6


class Box:
    """A box with a title and the names of what belongs in it, centred at (x, y)."""

    def __init__(self, ax, x, y, width, fill, title, names):
        height = 0.38 + 0.27 * len(names)
        self.x, self.y, self.half_width, self.half_height = x, y, width / 2, height / 2
        ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, fc=fill,
                                    ec=INK, lw=0.9, boxstyle="round,pad=0,rounding_size=0.09"))
        ax.text(x, y + height / 2 - 0.19, title, ha="center", va="center", fontsize=9,
                weight="bold", color=INK)
        for i, name in enumerate(names):
            ax.text(x, y + height / 2 - 0.46 - 0.25 * i, name, ha="center", va="center", color=INK,
                    **MONO)

    @property
    def top(self):
        return self.y + self.half_height

    @property
    def bottom(self):
        return self.y - self.half_height

    @property
    def left(self):
        return self.x - self.half_width

    @property
    def right(self):
        return self.x + self.half_width


def arrow(ax, start, end, colour, dashed=False, bend="arc3"):
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, lw=1.5,
                                 color=colour, linestyle=(0, (4, 2.2)) if dashed else "solid",
                                 shrinkA=0, shrinkB=1, connectionstyle=bend))


def label(ax, x, y, text, colour, ha="left"):
    ax.text(x, y, text, ha=ha, va="center", color=colour, linespacing=1.4, **MONO)


def family(ax, x, suffix, title, rule, neurons, rates):
    """One family of models, from its inputs at the top to its rates at the bottom."""
    ax.text(x, 7.3, title, ha="center", fontsize=12, weight="bold", color=INK)
    ax.text(x, 7.03, rule, ha="center", fontsize=8.8, color=GREY)
    inputs = Box(ax, x, 6.3, 3.0, FILLS["input"], "inputs", ["SpikeTrains", "PoissonSource"])
    recurrent = Box(ax, x, 4.35, 3.0, FILLS["recurrent"], "recurrent neurons", neurons)
    readouts = Box(ax, x, 2.45, 3.0, FILLS["readout"], "readouts", ["eprop_readout" + suffix])
    generators = Box(ax, x, 1.15, 3.0, FILLS["rates"], "step rate generators", ["StepRates"])

    synapse = "eprop_synapse" + suffix
    arrow(ax, (x, inputs.bottom), (x, recurrent.top), SPIKES)
    label(ax, x - 0.12, (inputs.bottom + recurrent.top) / 2, synapse, SPIKES, ha="right")
    arrow(ax, (x - 0.45, recurrent.bottom), (x - 0.45, readouts.top), SPIKES)
    label(ax, x - 0.57, (recurrent.bottom + readouts.top) / 2, synapse, SPIKES, ha="right")

    y = recurrent.y
    arrow(ax, (recurrent.left, y + 0.25), (recurrent.left, y - 0.25), SPIKES,
          bend="arc,angleA=180,angleB=180,armA=32,armB=32,rad=10")
    label(ax, recurrent.left - 0.55, y, synapse.replace("_bss", "\n_bss"), SPIKES, ha="right")

    arrow(ax, (x + 0.45, readouts.top), (x + 0.45, recurrent.bottom), SIGNALS, dashed=True)
    connection = "eprop_learning_signal\n_connection" + suffix
    label(ax, x + 0.57, (recurrent.bottom + readouts.top) / 2, connection, SIGNALS)

    for i, rate in enumerate(rates):
        at = x - 0.45 + 0.9 * i if len(rates) > 1 else x
        arrow(ax, (at, generators.top), (at, readouts.bottom), RATES)
        right = i + 1 == len(rates)
        label(ax, at + (0.12 if right else -0.12), (generators.top + readouts.bottom) / 2, rate,
              RATES, ha="left" if right else "right")


def draw():
    figure = plt.figure(figsize=(WIDTH, HEIGHT))
    ax = figure.add_axes([0, 0, 1, 1])
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    ax.axis("off")
    family(ax, 3.35, "_bsshslm_2020", "bsshslm_2020",
           "weights change at the end of update intervals",
           ["eprop_iaf_bsshslm_2020", "eprop_iaf_adapt_bsshslm_2020"], ["target_signal"])
    family(ax, 9.35, "", "plus", "weights change whenever a synapse transmits",
           ["eprop_iaf", "eprop_iaf_adapt", "eprop_iaf_psc_delta", "eprop_iaf_psc_delta_adapt",
            "eprop_iaf_psc_exp"],
           ["target_signal", "learning_window"])
    ax.plot([6.2, 6.2], [0.85, 7.4], color="#BBBBBB", lw=0.9)
    ax.text(WIDTH / 2, 0.52, "Besides, in any network: StaticSynapse, from any spiking population "
            "onto any neuron; iaf_psc_delta, which does not learn.",
            ha="center", va="center", fontsize=8.8, color=INK)
    legend = [(SPIKES, "solid", "spikes, plastic synapses"),
              (SIGNALS, (0, (4, 2.2)), "error signals, fixed weights"),
              (RATES, "solid", "rates")]
    for (colour, style, text), x in zip(legend, (2.5, 5.45, 8.75)):
        ax.plot([x, x + 0.5], [0.2, 0.2], color=colour, lw=1.5, linestyle=style)
        ax.text(x + 0.6, 0.2, text, va="center", fontsize=8.8, color=INK)
    return figure


def main():
    beside = pathlib.Path(__file__).with_name("map.svg")
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    plt.rcParams["svg.hashsalt"] = "eprop"  # the same file from every run
    metadata = {"Date": None} if path.suffix == ".svg" else None
    draw().savefig(path, facecolor="white", dpi=110, metadata=metadata)


if __name__ == "__main__":
    main()
