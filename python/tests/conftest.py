"""What the tests share. Under mpirun every rank runs pytest, and all run the same tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import eprop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of this test, the same on all ranks."""
    return Path(eprop.world().broadcast(str(tmp_path).encode()).decode())


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder that the project is built in."""
    return Path(os.environ["EPROP_BUILD"])
