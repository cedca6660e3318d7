"""Node models: what each is in a network and which parameters it has.

Parameters of neurons, their defaults and their rules are those of the engine's classes.
"""

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Mapping, Optional

import numpy as np

import eprop

from .errors import NESTErrors

BSSHSLM = "bsshslm_2020"
PLUS = "plus"


class Role(Enum):
    """What the nodes of a model are in a network."""

    recurrent = "recurrent neuron"
    readout = "readout"
    parrot = "parrot"
    spike_generator = "spike generator"
    poisson_generator = "Poisson generator"
    rate_generator = "step rate generator"
    multimeter = "multimeter"
    spike_recorder = "spike recorder"
    weight_recorder = "weight recorder"


NEURONS = (Role.recurrent, Role.readout)
RECORDERS = (Role.multimeter, Role.spike_recorder, Role.weight_recorder)


class Kind(Enum):
    """What the values of a parameter are."""

    number = "a number"
    truth = "True or False"
    word = "a string"
    times = "an array of times"
    numbers = "an array of numbers"
    nodes = "a NodeCollection or an array of node ids"
    words = "a list of strings"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a node model.

    `fixed`: only the default is possible. `meaningless`: any value is taken, none has an effect.
    `uniform`: the same for all neurons of a population of the engine.
    """

    kind: Kind
    default: Any
    fixed: bool = False
    meaningless: bool = False
    uniform: bool = False


@dataclass(frozen=True)
class NodeModel:
    """A node model; `family` and `engine_model` of neurons only."""

    name: str
    role: Role
    parameters: Mapping[str, Parameter]
    family: Optional[str] = None
    recordables: tuple[str, ...] = ()
    engine_model: Any = field(default=None, repr=False)

    def parameter(self, name: str, call: str) -> Parameter:
        """The parameter of that name; UnaccessedDictionaryEntry if there is none."""
        if name not in self.parameters:
            raise NESTErrors.UnaccessedDictionaryEntry(
                f"{call}: {self.name} has no parameter {name!r}; there are "
                + ", ".join(self.parameters)
            )
        return self.parameters[name]


_UNLIMITED = float("inf")
_WINDOW = {
    "start": Parameter(Kind.number, 0.0),
    "stop": Parameter(Kind.number, _UNLIMITED),
    "origin": Parameter(Kind.number, 0.0, fixed=True),
}
_RECORDER = {
    **_WINDOW,
    "label": Parameter(Kind.word, "", meaningless=True),
    "record_to": Parameter(Kind.word, "memory", fixed=True),
    "time_in_steps": Parameter(Kind.truth, False, fixed=True),
    "n_events": Parameter(Kind.number, 0),
}
_DEVICES: dict[str, tuple[Role, dict[str, Parameter]]] = {
    "parrot_neuron": (Role.parrot, {}),
    "spike_generator": (
        Role.spike_generator,
        {
            "spike_times": Parameter(Kind.times, np.empty(0)),
            **_WINDOW,
            "precise_times": Parameter(Kind.truth, False, fixed=True),
            "allow_offgrid_times": Parameter(Kind.truth, False, fixed=True),
            "shift_now_spikes": Parameter(Kind.truth, False, fixed=True),
        },
    ),
    "poisson_generator": (
        Role.poisson_generator,
        {"rate": Parameter(Kind.number, 0.0), **_WINDOW},
    ),
    "step_rate_generator": (
        Role.rate_generator,
        {
            "amplitude_times": Parameter(Kind.times, np.empty(0)),
            "amplitude_values": Parameter(Kind.numbers, np.empty(0)),
            "start": Parameter(Kind.number, 0.0, fixed=True),
            "stop": Parameter(Kind.number, _UNLIMITED, fixed=True),
            "origin": Parameter(Kind.number, 0.0, fixed=True),
            "allow_offgrid_times": Parameter(Kind.truth, False, fixed=True),
        },
    ),
    "multimeter": (
        Role.multimeter,
        {
            **_RECORDER,
            "interval": Parameter(Kind.number, 1.0),
            "offset": Parameter(Kind.number, 0.0, fixed=True),
            "record_from": Parameter(Kind.words, ()),
        },
    ),
    "spike_recorder": (Role.spike_recorder, _RECORDER),
    "weight_recorder": (
        Role.weight_recorder,
        {
            **_RECORDER,
            "senders": Parameter(Kind.nodes, np.empty(0, dtype=np.int64)),
            "targets": Parameter(Kind.nodes, np.empty(0, dtype=np.int64)),
        },
    ),
}

#: Those that NEST has, of the engine's.
_NEURONS = (
    "eprop_iaf_bsshslm_2020",
    "eprop_iaf_adapt_bsshslm_2020",
    "eprop_readout_bsshslm_2020",
    "eprop_iaf",
    "eprop_iaf_adapt",
    "eprop_iaf_psc_delta",
    "eprop_iaf_psc_delta_adapt",
    "eprop_readout",
    "iaf_psc_delta",
)


def _neuron_parameter(default: Any, rule: str) -> Parameter:
    if isinstance(default, bool):
        return Parameter(Kind.truth, default, uniform=True)
    if isinstance(default, str):
        return Parameter(Kind.word, default, uniform=True)
    if rule.startswith("true or false"):
        return Parameter(Kind.truth, bool(default))
    return Parameter(Kind.number, default)


def _neuron(name: str) -> NodeModel:
    model = eprop.neuron_model(name)
    engine_model = type(model)
    role = Role[engine_model.role]
    family = None if engine_model.family == "none" else engine_model.family
    parameters = {
        key: _neuron_parameter(default, rule)
        for key, (_, default, rule) in engine_model.parameters().items()
    }
    if family and role is Role.recurrent:
        # bounds the memory of spikes that NEST keeps for its synapses
        parameters["flush_event_send_interval"] = Parameter(Kind.number, 1000.0, meaningless=True)
    return NodeModel(
        name, role, MappingProxyType(parameters), family, tuple(model.recordables()), engine_model
    )


def _device(name: str) -> NodeModel:
    role, parameters = _DEVICES[name]
    return NodeModel(name, role, MappingProxyType(parameters))


NODE_MODELS: Mapping[str, NodeModel] = MappingProxyType(
    {**{name: _neuron(name) for name in _NEURONS}, **{name: _device(name) for name in _DEVICES}}
)
