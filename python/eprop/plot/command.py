"""Draws what the HDF5 file of a simulation holds: losses, spikes, signals and weights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import matplotlib

from .drawing import saved
from .run_file import RunFileError


def arguments(program: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN.h5", help="output file of a simulation")
    parser.add_argument("--output", type=Path, metavar="DIR",
                        help="folder for the figures [default: that of RUN.h5]")
    parser.add_argument("--format", choices=("png", "pdf"), default="png",
                        help="of the figures [default: png]")
    return parser.parse_args()


def main(program: str) -> None:
    """Saves every figure that a file holds data for, and prints their paths."""
    options = arguments(program)
    matplotlib.use("Agg")
    folder = options.output or options.run.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"{program}: error: --output {folder}: cannot be made a folder: {error.strerror}")
    try:
        for path in saved(options.run, folder, options.format):
            print(path, flush=True)
    except (RunFileError, OSError) as error:
        sys.exit(f"{program}: error: {error}")
