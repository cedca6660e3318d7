"""The sine wave task gives the losses of the literature."""

import pytest
from sine_waves import REFERENCE_LOSSES, draw, sine_waves, train

import eprop


@pytest.mark.parametrize("threads", [1, 2])
def test_losses_are_those_of_the_literature(threads: int) -> None:
    draws = draw()
    task = sine_waves(draws)
    sim = eprop.Simulation(task.network, threads=threads)
    losses = train(sim, task, draws, len(REFERENCE_LOSSES))
    assert losses == pytest.approx(REFERENCE_LOSSES, rel=1e-8)
