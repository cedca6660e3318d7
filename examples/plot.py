#!/usr/bin/env python3
"""Draws the figures of a training run from the HDF5 file that an example program wrote."""
import argparse
import pathlib
import sys

from plotting import activity, training, weights
from plotting.run_file import RunFile, RunFileError
from plotting.style import plt

FIGURES = (training.loss_figure, training.confusion_figure, activity.activity_figures,
           activity.curve_figure, activity.sample_figure, weights.traces_figure,
           weights.matrix_figures)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=pathlib.Path, metavar="RUN.h5", help="file of a training run")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR",
                        help="folder for the figures [default: that of RUN.h5]")
    parser.add_argument("--format", choices=("png", "pdf"), default="png",
                        help="of the figures [default: png]")
    return parser.parse_args()


def draw_all(run, folder, stem, file_format):
    """Saves every figure that the file holds data for, and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for figures in FIGURES:
        for name, figure in figures(run):
            paths.append(folder / f"{stem}_{name}.{file_format}")
            figure.savefig(paths[-1])
            plt.close(figure)
            print(paths[-1], flush=True)
    return paths


def main():
    options = arguments()
    folder = options.output or options.run.parent
    try:
        if not draw_all(RunFile(options.run), folder, options.run.stem, options.format):
            raise RunFileError("holds nothing to draw")
    except (RunFileError, OSError) as error:
        sys.exit(f"plot.py: error: {options.run}: {error}")
    except KeyError as error:
        sys.exit(f"plot.py: error: {options.run}: incomplete: {error.args[0]}")


if __name__ == "__main__":
    main()
