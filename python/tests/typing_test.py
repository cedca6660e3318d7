"""Type hints: they agree with themselves, with the module, and with how the package is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")
ROOT = Path(__file__).resolve().parents[2]


def run_module(*arguments: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=folder, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_the_package_is_typed(build: Path, tmp_path: Path) -> None:
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)]
    run_module("mypy", *options, "eprop", folder=build / "python")


def test_the_stub_is_that_of_the_module(build: Path) -> None:
    allowed = Path(__file__).with_name("stubtest_allowlist.txt")
    run_module(
        "mypy.stubtest", "eprop._core", "--allowlist", str(allowed), folder=build / "python"
    )


USE = """
import numpy as np

import eprop

net = eprop.Network(dt=1.0)
rec = net.add("rec", 3, eprop.EpropIaf(tau_m=eprop.Normal(20.0, 1.0), V_m=0.0))
reveal_type(rec)
reveal_type(net.add("target", eprop.StepRates([0.0], [1.0])))
net.connect(rec, rec, np.zeros((3, 3)), eprop.EpropSynapse(optimizer=eprop.Adam(eta=1e-3)))
reveal_type(eprop.Simulation(net).take_spikes(rec).times)
eprop.EpropIaf(tau=1.0)
net.add("rec", eprop.EpropIaf())
"""


def test_wrong_use_is_found(build: Path, tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(USE)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--ignore-missing-imports", str(tmp_path / "use.py")],
        cwd=build / "python",
        capture_output=True,
        text=True,
    )
    lines = [line for line in done.stdout.splitlines() if "use.py:" in line]
    found = [line.split(": ", 1)[1] for line in lines]
    assert found[0] == 'note: Revealed type is "eprop._handles.Population"'
    assert found[1] == 'note: Revealed type is "eprop._handles.RateGenerator"'
    assert "ndarray" in found[2]
    assert 'Unexpected keyword argument "tau" for "EpropIaf"' in found[3]
    assert "No overload variant" in found[4]
