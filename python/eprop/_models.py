"""The classes that the module makes from the tables of the C++ library, with their documentation."""

from __future__ import annotations

import inspect
from typing import Any

from eprop import _core
from eprop._core import (
    Adam,
    AdamW,
    AllToAll,
    ConnectionRule,
    EpropSynapse,
    EpropSynapseBsshslm2020,
    ExplicitList,
    FixedIndegree,
    FixedOutdegree,
    GradientDescent,
    Momentum,
    NeuronModel,
    Normal,
    OneToOne,
    Optimizer,
    PairwiseBernoulli,
    RmsProp,
    StaticSynapse,
    SynapseModel,
    Uniform,
    neuron_model,
)

__all__ = [
    "Adam",
    "AdamW",
    "AllToAll",
    "ConnectionRule",
    "EpropSynapse",
    "EpropSynapseBsshslm2020",
    "ExplicitList",
    "FixedIndegree",
    "FixedOutdegree",
    "GradientDescent",
    "Momentum",
    "NeuronModel",
    "Normal",
    "OneToOne",
    "Optimizer",
    "PairwiseBernoulli",
    "RmsProp",
    "StaticSynapse",
    "SynapseModel",
    "Uniform",
    "neuron_model",
]

neuron_models = NeuronModel.__subclasses__()
for _class in neuron_models:
    globals()[_class.__name__] = _class
    __all__.append(_class.__name__)


def _signature(described: Any) -> inspect.Signature:
    """The keywords that a class takes."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            inspect.Parameter(name, keyword, default=default)
            for name, (_, default, _) in described.parameters().items()
        ]
    )


for _class in [
    c
    for base in (NeuronModel, SynapseModel, Optimizer, ConnectionRule)
    for c in base.__subclasses__()
]:
    _class.__signature__ = _signature(_class)
    _class.__module__ = "eprop"
