"""SetDefaults() of synapse models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import NESTErrors
from .kernel import kernel
from .models import Role
from .random import Parameter
from .synapse_models import SynapseKind, SynapseModel, own_number

if TYPE_CHECKING:
    from .engine import Engine


def set_synapse_defaults(name: str, given: Mapping[str, Any], call: str) -> None:
    """Changes a model, in all or, after an error, in nothing.

    Once the network is built, only the learning rate can differ; it is in force at once.
    """
    old = kernel.synapse_models[name]
    new = old.with_optimizer(given["optimizer"], call) if _learns(old, given) else old.copy_as(name)
    new.in_use = old.in_use
    for key, value in given.items():
        if key == "weight_recorder" and key in old.common_names:
            new.weight_recorder = _recorder(value, call)
        elif key == "average_gradient" and key in old.common_names:
            new.average_gradient = bool(value)
        elif key in old.own:
            drawn = key == "weight" and isinstance(value, Parameter)
            new.own[key] = value if drawn else own_number(key, value, call)
        elif key != "optimizer" or not _learns(old, given):
            raise NESTErrors.UnaccessedDictionaryEntry(
                f"{call}: {name} has no {key!r}; there are "
                + ", ".join((*old.own, *old.common_names))
            )
    if kernel.engine is not None and old.in_use:
        _change_running(kernel.engine, old, new, call)
    old.take_over(new)


def _learns(model: SynapseModel, given: Mapping[str, Any]) -> bool:
    return "optimizer" in given and model.kind is SynapseKind.eprop


def _recorder(value: Any, call: str) -> int:
    ids = np.atleast_1d(np.asarray(value))
    pieces = list(kernel.nodes.pieces(ids)) if len(ids) == 1 else []
    if not pieces or pieces[0].block.model.role is not Role.weight_recorder:
        raise NESTErrors.BadProperty(
            f"{call}: weight_recorder = {value!r}: must be one weight_recorder, as a NodeCollection"
        )
    return int(ids[0])


def _change_running(engine: Engine, old: SynapseModel, new: SynapseModel, call: str) -> None:
    def fixed(model: SynapseModel) -> dict[str, Any]:
        return dict(
            {key: v for key, v in model.optimizer_parameters.items() if key != "eta"},
            average_gradient=model.average_gradient, weight_recorder=model.weight_recorder,
        )

    for key, value in fixed(new).items():
        if value != fixed(old)[key]:
            kernel.require_unbuilt(
                f"{call}: {key} = {value!r}", "set it before; only eta can change"
            )
    eta: Any = new.optimizer_parameters.get("eta")
    if eta != old.optimizer_parameters.get("eta"):
        engine.set_learning_rate(old, eta)
