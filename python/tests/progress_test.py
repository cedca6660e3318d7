"""Progress bars: for long runs, on stderr, and none if nobody wants them."""

from __future__ import annotations

import numpy as np
import pytest
from sine_waves import draw, sine_waves
from training_test import SineWaveTask

import eprop
from eprop import _progress


def test_short_runs_have_none(capfd: pytest.CaptureFixture[str]) -> None:
    sim = eprop.Simulation(sine_waves(draw()).network)
    sim.run(1000.0)
    assert capfd.readouterr().err == ""


def test_long_runs_have_one(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_progress, "PATIENCE", 0.05)
    eprop.Simulation(sine_waves(draw()).network).run(300_000.0)
    assert "300000.0" in capfd.readouterr().err
    eprop.Simulation(sine_waves(draw()).network, progress=False).run(300_000.0)
    assert capfd.readouterr().err == ""


def test_trainings_show_loss_and_iterations(capfd: pytest.CaptureFixture[str]) -> None:
    eprop.Trainer(SineWaveTask(draw()), progress=True).run()
    shown = capfd.readouterr().err
    assert "/3" in shown and "loss=" in shown


def test_without_tqdm_there_is_none(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    sim = eprop.Simulation(sine_waves(draw()).network, progress=True)
    sim.run(1000.0)
    assert (sim.step, capfd.readouterr().err) == (1000, "")


def test_the_names_of_the_package_are_those_for_users() -> None:
    assert set(eprop.__all__) <= set(dir(eprop))
    assert not [name for name in dir(eprop) if name.startswith("_") and not name.endswith("__")]
    assert np.lib.NumpyVersion(eprop.__version__) >= "0.1.0"
