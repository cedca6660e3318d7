"""eprop.plot returns what examples/plot.py draws, and leaves matplotlib as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from sine_waves import SEQUENCE, draw, sine_waves, train

import eprop
import eprop.plot


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of two iterations, as a loop over a simulation writes it."""
    path = tmp_path_factory.mktemp("plot") / "sines.h5"
    draws = draw()
    task = sine_waves(draws)
    with eprop.Simulation(task.network) as sim:
        sim.open_output(path)
        sim.record_spikes(task.rec)
        sim.record(task.out, ["readout_signal", "target_signal"])
        for projection in task.plastic:
            sim.record_weights(projection, synapses=10, interval=SEQUENCE)
        sim.append_output("training/loss", train(sim, task, draws, 2))
        weights = sim.weights(task.plastic[2]).matrix()
        sim.write_output("weights/rec_out/before", draws.rec_out, "pA")
        sim.write_output("weights/rec_out/after", weights, "pA")
    return path


def test_figures_are_those_that_the_file_holds_data_for(run: Path) -> None:
    names = ["loss", "spikes", "traces_out", "weights", "weight_matrix_rec_out"]
    assert list(eprop.plot.figures(run)) == names
    paths = [run.parent / "figures" / f"sines_{name}.pdf" for name in names]
    assert eprop.plot.save(run, run.parent / "figures", "pdf") == paths
    assert all(path.read_bytes()[:4] == b"%PDF" for path in paths)


def test_single_figures_show_what_was_recorded(run: Path) -> None:
    loss, _ = eprop.plot.training(str(run)).axes[0].lines[0].get_ydata()
    assert 100.0 < loss < 105.0
    target = eprop.plot.traces(run, "out").axes[0].lines[1].get_ydata()
    assert target.max() == pytest.approx(1.0)
    assert len(eprop.plot.spikes(run).axes) == 2  # begin and end
    assert len(eprop.plot.weights(run).axes) == 3
    before, after = (axes.images[0].get_array() for axes in
                     eprop.plot.weight_matrix(run, "rec_out").axes[:2])
    assert before.shape == after.shape == (1, 100)
    assert (before != after).any()


def test_what_is_not_in_the_file_is_named_beside_what_is(run: Path) -> None:
    there = r"there is: loss, spikes, traces_out, weights, weight_matrix_rec_out$"
    for draw_it, name in (
        (eprop.plot.confusion, "confusion"),
        (eprop.plot.activity, "activity_last"),
        (eprop.plot.sample, "sample_input"),
        (eprop.plot.curve, "curve"),
        (lambda file: eprop.plot.traces(file, "rec"), "traces_rec"),
    ):
        with pytest.raises(eprop.plot.RunFileError, match=f"sines.h5: nothing to draw as '{name}'; "
                                                          f"{there}"):
            draw_it(run)
    with pytest.raises(eprop.plot.RunFileError, match=r"other\.h5: no such file"):
        eprop.plot.figures(run.with_name("other.h5"))


def test_figures_change_nothing_of_matplotlib_and_are_kept_by_nobody(run: Path) -> None:
    before, kept = dict(matplotlib.rcParams), plt.get_fignums()
    figure = eprop.plot.training(run)
    figure.canvas.draw()
    assert dict(matplotlib.rcParams) == before
    assert plt.get_fignums() == kept
    assert figure.axes[0].xaxis.get_ticklabels()[0].get_size() == 8


def test_other_packages_are_imported_with_eprop_plot_only() -> None:
    program = "import sys, eprop; print({'matplotlib', 'h5py'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_command_saves_the_figures(run: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eprop.plot", str(run), "--output", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"{tmp_path / 'sines_loss.png'}\n" in done.stdout
    assert (tmp_path / "sines_loss.png").stat().st_size > 1000


def test_times_of_long_runs_are_written_out(tmp_path: Path) -> None:
    path = tmp_path / "long.h5"
    with h5py.File(path, "w") as file:
        file.attrs["magic"] = np.uint32(0x0A7A)
        file["spikes/rec/timestamps"] = [0.0, 2e6 - 500.0, 2e6]
        file["spikes/rec/node_ids"] = [0, 1, 0]
    figure = eprop.plot.spikes(path)
    figure.canvas.draw()
    last = figure.axes[1].xaxis
    assert last.get_offset_text().get_text() == ""
    assert "2000000" in [label.get_text() for label in last.get_ticklabels()]
