"""Every test begins with an empty network."""

from collections.abc import Iterator

import pytest

import eprop.nest as nest


@pytest.fixture(autouse=True, scope="module")
def _no_nodes_of_others() -> Iterator[None]:
    nest.ResetKernel()
    yield
    nest.ResetKernel()


@pytest.fixture
def kernel() -> None:
    """An empty network with a resolution of 1 ms."""
    nest.ResetKernel()
    nest.set(resolution=1.0)
