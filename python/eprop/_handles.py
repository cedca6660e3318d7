"""What a Network holds, as its functions return it and others take it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Population:
    """Neurons or inputs of one kind; valid for its network and simulations of it."""

    index: int
    name: str
    size: int

    def __len__(self) -> int:
        return self.size


@dataclass(frozen=True)
class Projection:
    """The synapses from one population to another."""

    index: int
    name: str
    source: Population
    target: Population


@dataclass(frozen=True)
class RateGenerator:
    """Step functions that feed readouts; ``size`` of them."""

    index: int
    name: str
    size: int
