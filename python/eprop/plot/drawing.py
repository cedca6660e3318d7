"""The figures of a file, as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Union

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from . import activity, recorded, training, weights
from .run_file import RunFile, RunFileError
from .style import styled

PARTS = (training.drawings, activity.drawings, recorded.drawings, weights.drawings)
File = Union[str, Path]


def drawn(run: RunFile, draw: Callable[[], Figure]) -> Figure:
    with styled():
        return run.looked_at(draw)


def draw_all(run: RunFile) -> Iterator[tuple[str, Figure]]:
    """Names and figures of all that the file holds data for.

    RunFileError at the end, if the file lacks something, and if there is nothing to draw.
    """
    errors, nothing = [], True
    for part in PARTS:
        try:
            for name, draw in run.looked_at(lambda: list(part(run))):  # noqa: B023
                yield name, drawn(run, draw)
                nothing = False
        except RunFileError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    if nothing:
        raise run.refusal("holds nothing to draw")


def draw_one(file: File, name: str) -> Figure:
    """The figure of that name; RunFileError says which others there are if it is not."""
    with RunFile(file) as run:
        found = run.looked_at(lambda: {name: draw for part in PARTS for name, draw in part(run)})
        if name not in found:
            there = ", ".join(found) or "nothing"
            raise run.refusal(f"nothing to draw as '{name}'; there is: {there}")
        return drawn(run, found[name])


def saved(file: Path, folder: Path, format: str) -> Iterator[Path]:
    """Saves what draw_all() draws as FOLDER/FILE_FIGURE.FORMAT, and tells the paths one by one."""
    with RunFile(file) as run:
        for name, figure in draw_all(run):
            path = folder / f"{file.stem}_{name}.{format}"
            figure.savefig(path)
            plt.close(figure)
            yield path
