#!/usr/bin/env python3
"""Draws what the HDF5 file of a simulation holds: losses, spikes, signals and weights."""
import argparse
import pathlib
import sys

from plotting import activity, recorded, training, weights
from plotting.run_file import RunFile, RunFileError
from plotting.style import plt

FIGURES = (training.loss_figure, training.confusion_figure, activity.activity_figures,
           activity.curve_figure, activity.sample_figure, recorded.spikes_figure,
           recorded.trace_figures, weights.traces_figure, weights.matrix_figures)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=pathlib.Path, metavar="RUN.h5", help="output file of a simulation")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR",
                        help="folder for the figures [default: that of RUN.h5]")
    parser.add_argument("--format", choices=("png", "pdf"), default="png",
                        help="of the figures [default: png]")
    return parser.parse_args()


ATTEMPTS = 5  # to read a file that is being written meanwhile


def drawn(figures, run, missing):
    """What `figures` draws as far as the file can be read; says otherwise what is missing."""
    for _ in range(ATTEMPTS):
        done = []
        try:
            for item in figures(run):
                done.append(item)
            return done
        except (KeyError, RuntimeError, OSError) as error:  # of h5py
            problem = error.args[-1]
            run.reopen()
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            problem = f"what was not written by eprop ({error})"
            break
    missing.append(str(problem))
    return done


def draw_all(run, folder, stem, file_format):
    """Saves every figure that the file holds data for. Returns their paths, and what is missing."""
    paths, missing = [], []
    for figures in FIGURES:
        for name, figure in drawn(figures, run, missing):
            paths.append(folder / f"{stem}_{name}.{file_format}")
            figure.savefig(paths[-1])
            plt.close(figure)
            print(paths[-1], flush=True)
    return paths, missing


def main():
    options = arguments()
    folder = options.output or options.run.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"plot.py: error: --output {folder}: cannot be made a folder: {error.strerror}")
    try:
        paths, missing = draw_all(RunFile(options.run), folder, options.run.stem, options.format)
        if missing:
            raise RunFileError("incomplete: " + "; ".join(dict.fromkeys(missing)))
        if not paths:
            raise RunFileError("holds nothing to draw")
    except (RunFileError, OSError) as error:
        sys.exit(f"plot.py: error: {options.run}: {error}")


if __name__ == "__main__":
    main()
