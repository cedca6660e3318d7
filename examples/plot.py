#!/usr/bin/env python3
"""Draws what the HDF5 file of a simulation holds: losses, spikes, signals and weights.

This is `python3 -m eprop.plot` for those who have not built the Python package: of it, figures need
the folder `plot` only, which is installed beside this file.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python" / "eprop"))

from plot.command import main  # noqa: E402

main("plot.py")
