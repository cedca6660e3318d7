"""Connections as described, and which nodes each synapse model may connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Integers, Reals
from .errors import NESTErrors
from .models import NEURONS, NodeModel, Role
from .node_table import Block, NodeTable
from .synapse_models import SynapseKind, SynapseModel


@dataclass
class Connections:
    """What one call of Connect() made, an entry per connection; `delay` in steps."""

    model: SynapseModel
    source: Integers
    target: Integers
    weight: Reals
    delay: Integers
    own: dict[str, Any]

    def __len__(self) -> int:
        return len(self.source)


# kind: (sources, targets)
_ROLES: dict[SynapseKind, list[tuple[tuple[Role, ...], tuple[Role, ...]]]] = {
    SynapseKind.static: [
        ((Role.spike_generator,), (Role.parrot, *NEURONS, Role.spike_recorder)),
        ((Role.poisson_generator,), (Role.parrot, *NEURONS)),
        ((Role.parrot, Role.recurrent), (*NEURONS, Role.spike_recorder)),
        ((Role.multimeter,), NEURONS),
    ],
    SynapseKind.eprop: [((Role.parrot, Role.recurrent), NEURONS)],
    SynapseKind.learning_signal: [((Role.readout,), (Role.recurrent,))],
    SynapseKind.rate: [((Role.rate_generator, Role.readout), (Role.readout,))],
}
# what NEST connects
_ELSEWHERE = {
    (Role.recurrent, Role.parrot): "record the neurons themselves",
    (Role.parrot, Role.parrot): "feed both from the generators",
    (Role.poisson_generator, Role.spike_recorder): "record a parrot_neuron fed by it",
}


def require_legal(model: SynapseModel, source: NodeModel, target: NodeModel) -> None:
    """IllegalConnection, or NotImplemented, if a synapse does not connect nodes of these models."""
    if model.kind is SynapseKind.static and (source.role, target.role) in _ELSEWHERE:
        raise NESTErrors.NotImplemented(
            f"Connect: {source.name} to {target.name}: is not possible here; "
            + _ELSEWHERE[source.role, target.role]
        )
    legal = any(
        source.role in sources and target.role in targets
        for sources, targets in _ROLES[model.kind]
    )
    families = [target.family]
    if source.role is Role.readout:
        families.append(source.family)
    if model.family and any(family != model.family for family in families):
        legal = False
    if not legal:
        raise NESTErrors.IllegalConnection(
            f"Connect: {source.name} to {target.name} by {model.name}: this synapse connects "
            + "; or ".join(
                f"{_words(sources)} to {_words(targets)}"
                for sources, targets in _ROLES[model.kind]
            )
            + (f", of the family {model.family}" if model.family else "")
        )


def _words(roles: tuple[Role, ...]) -> str:
    return " or ".join(role.value for role in roles)


def require_receptor(receptor: int, source: NodeModel, target: NodeModel) -> None:
    """IllegalConnection if a rate connection onto this receptor means nothing."""
    window = source.role is Role.rate_generator and target.family == "plus"
    softmax = source.role is Role.readout and source.family == target.family == "bsshslm_2020"
    if not (receptor == 2 and source.role is Role.rate_generator) and not (
        receptor == 1 and (window or softmax)
    ):
        raise NESTErrors.IllegalConnection(
            f"Connect: {source.name} to {target.name} by rate_connection_delayed: receptor_type = "
            f"{receptor}: must be 2 from a step_rate_generator (target signal), or 1: from one to "
            "eprop_readout (learning window), or between eprop_readout_bsshslm_2020 (softmax)"
        )


def block_pairs(nodes: NodeTable, source: Integers, target: Integers) -> list[
        tuple[Block, Block]]:
    """The blocks that any of the connections go from and to."""
    count = len(nodes.blocks)
    pairs = np.unique(nodes.block_numbers(source) * count + nodes.block_numbers(target))
    return [(nodes.blocks[pair // count], nodes.blocks[pair % count]) for pair in pairs]
