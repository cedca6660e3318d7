"""Documentation and signatures of the classes that the module makes from tables."""

from __future__ import annotations

import inspect
from typing import Any

from eprop import _core

#: What the classes are, and on which page of docs/models they are explained.
_SUMMARIES = {
    "Adam": ("Kingma & Ba (2015).", "optimizers"),
    "AdamW": ("Adam with decoupled weight decay, Loshchilov & Hutter (2019).", "optimizers"),
    "AllToAll": ("Every source to every target. Arrays: [target][source].", "connection_rules"),
    "ConstantLearningRate": ("The same in all training iterations.", None),
    "CosineLearningRate": (
        "floor + (eta - floor) (1 + cos(pi n / iterations)) / 2 in iteration n, then floor.",
        None,
    ),
    "EpropSynapse": (
        "Synapses that learn whenever they transmit (Korcsak-Gorzo et al. 2025).",
        "eprop_synapse",
    ),
    "EpropSynapseBsshslm2020": (
        "Synapses that learn at the end of each update interval (Bellec et al. 2020).",
        "eprop_synapse_bsshslm_2020",
    ),
    "ExponentialLearningRate": ("max(floor, eta decay^n) in training iteration n.", None),
    "ExplicitList": ("The pairs listed, in any order. Arrays: [entry].", "connection_rules"),
    "FixedIndegree": (
        "Each target draws ``indegree`` sources. Arrays: [target][draw].",
        "connection_rules",
    ),
    "FixedOutdegree": (
        "Each source draws ``outdegree`` targets. Arrays: [source][draw].",
        "connection_rules",
    ),
    "GradientDescent": ("W <- W - eta g.", "optimizers"),
    "Momentum": ("Polyak (1964), Sutskever et al. (2013).", "optimizers"),
    "OneToOne": ("Source i to target i; equal sizes. Arrays: [i].", "connection_rules"),
    "PairwiseBernoulli": (
        "Each pair with probability ``p``. Arrays: [target][source].",
        "connection_rules",
    ),
    "RmsProp": ("Tieleman & Hinton (2012).", "optimizers"),
    "StepLearningRate": (
        "max(floor, eta factor^k) in training iteration n, k = n / every rounded down.",
        None,
    ),
    "StaticSynapse": ("Synapses that do not learn.", "connection_rules"),
}
_FAMILIES = {
    "bsshslm_2020": "e-prop by update intervals (Bellec et al. 2020)",
    "plus": "e-prop at every transmission (Korcsak-Gorzo et al. 2025)",
    "none": "no learning",
}


def _signature(described: Any) -> inspect.Signature:
    """The keywords that a class takes."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            inspect.Parameter(name, keyword, default=default)
            for name, (_, default, _) in described.parameters().items()
        ]
    )


def _table(described: Any) -> str:
    """Parameters with defaults, units and rules, a line each."""
    rows = [
        (name, repr(default), unit, rule)
        for name, (unit, default, rule) in described.parameters().items()
    ]
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)] if rows else []
    lines = [
        "".join(cell.ljust(width) for cell, width in zip(row, widths)) + row[3] for row in rows
    ]
    return "\n".join(f"    {line.rstrip()}" for line in lines)


def _of_neurons(model: Any) -> str:
    kind = "Readouts" if model.role == "readout" else "Spiking neurons"
    recorded = ", ".join(f"{name} ({unit})" for name, unit in model().recordables().items())
    return (
        f"{kind}, {model.model}: {_FAMILIES[model.family]}.\n\n"
        "Each parameter is a number, an array with one for each neuron, Normal or Uniform, unless\n"
        f"it says otherwise:\n\n{_table(model)}\n\n"
        f"Recordables: {recorded}\nEquations: docs/models/{model.model}.md\n"
    )


def _of_other(described: Any) -> str:
    summary, page = _SUMMARIES.get(described.__name__, ("", None))
    table = f"\n\n{_table(described)}" if described.parameters() else ""
    more = f"\n\nMore: docs/models/{page}.md" if page else ""
    return f"{summary}{table}{more}\n"


def document(described: Any) -> None:
    """Gives a class of parameters its documentation and its signature."""
    is_model = issubclass(described, _core.NeuronModel)
    described.__doc__ = _of_neurons(described) if is_model else _of_other(described)
    described.__signature__ = _signature(described)
