"""Synapse models: what a connection of each is, and the defaults that SetDefaults() changes."""

from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Mapping, Optional

import numpy as np

import eprop

from .errors import NESTErrors, engine_errors
from .models import BSSHSLM, PLUS


class SynapseKind(Enum):
    """What a connection carries."""

    static = "spikes"
    eprop = "spikes, and learns"
    learning_signal = "learning signals"
    rate = "rates"


OPTIMIZERS: dict[str, Any] = {"gradient_descent": eprop.GradientDescent, "adam": eprop.Adam}
_IN_SYNAPSE = ("optimize_each_step",)


def _optimizer_defaults(kind: str) -> dict[str, Any]:
    return {name: default for name, (_, default, _) in OPTIMIZERS[kind].parameters().items()}


@dataclass
class SynapseModel:
    """A synapse model with its defaults.

    What belongs to single connections (`weight`, `delay`, `receptor_type`, `tau_m_readout`) is
    taken by Connect(). What is common to all (`optimizer` and its parameters, `average_gradient`,
    `weight_recorder`) is in force for all that are there.
    """

    name: str
    kind: SynapseKind
    family: Optional[str] = None
    own: dict[str, Any] = field(default_factory=dict)
    average_gradient: bool = False
    optimizer: str = "gradient_descent"
    optimizer_parameters: dict[str, Any] = field(default_factory=dict)
    weight_recorder: Optional[int] = None
    in_use: bool = False

    def copy_as(self, name: str) -> "SynapseModel":
        """A model of another name without connections."""
        copy = deepcopy(self)
        copy.name, copy.in_use = name, False
        return copy

    def take_over(self, other: "SynapseModel") -> None:
        """Becomes as the other model, for all connections that are there."""
        self.__dict__.update(other.__dict__)

    @property
    def common_names(self) -> tuple[str, ...]:
        """The names of what is common to all connections."""
        if self.kind is SynapseKind.static:
            return ("weight_recorder",)
        if self.kind is not SynapseKind.eprop:
            return ()
        return ("optimizer", "weight_recorder") + (
            ("average_gradient",) if self.family == BSSHSLM else ()
        )

    def defaults(self) -> dict[str, Any]:
        """As GetDefaults() gives them: `optimizer` is a name, its parameters stand beside it."""
        values = dict(self.own, synapse_model=self.name)
        if self.kind is SynapseKind.eprop:
            values.update(optimizer=self.optimizer, **self.optimizer_parameters)
        if "average_gradient" in self.common_names:
            values["average_gradient"] = self.average_gradient
        return values

    def with_optimizer(self, given: Mapping[str, Any], call: str) -> "SynapseModel":
        """A copy with an optimizer's dictionary taken in; what it does not name stays."""
        new = deepcopy(self)
        kind = given.get("type", self.optimizer)
        if kind not in OPTIMIZERS:
            raise NESTErrors.BadProperty(
                f"{call}: optimizer type = {kind!r}: must be one of {', '.join(OPTIMIZERS)}"
            )
        if kind != self.optimizer:
            if self.in_use:
                raise NESTErrors.BadParameter(
                    f"{call}: optimizer type = {kind!r}: {self.name} has connections with "
                    f"{self.optimizer!r} already; set it before Connect()"
                )
            new.optimizer = kind
            new.optimizer_parameters = {
                **_optimizer_defaults(kind),
                **{name: self.optimizer_parameters[name] for name in _IN_SYNAPSE},
            }
        for name, value in given.items():
            if name != "type":
                new.set_optimizer_parameter(name, value, call)
        with engine_errors(call):
            new.probe()
        return new

    def set_optimizer_parameter(self, name: str, value: Any, call: str) -> None:
        """Sets one parameter by its name; it is checked by probe()."""
        if name not in self.optimizer_parameters:
            raise NESTErrors.UnaccessedDictionaryEntry(
                f"{call}: the optimizer {self.optimizer} has no parameter {name!r}; there are "
                + ", ".join(("type", *self.optimizer_parameters))
            )
        kind = type(self.optimizer_parameters[name])
        if not isinstance(value, (bool, int, float, np.generic)) or kind(value) != value:
            raise NESTErrors.TypeMismatch(
                f"{call}: optimizer {name} = {value!r}: must be of type {kind.__name__}"
            )
        self.optimizer_parameters[name] = kind(value)

    def engine_synapse(self, **own: Any) -> Any:
        """The engine's synapse model with these weights, delay and so on."""
        if self.kind is SynapseKind.static:
            return eprop.StaticSynapse(**own)
        parameters = dict(self.optimizer_parameters)
        in_synapse = {name: parameters.pop(name) for name in _IN_SYNAPSE}
        optimizer = OPTIMIZERS[self.optimizer](**parameters)
        if self.family == BSSHSLM:
            return eprop.EpropSynapseBsshslm2020(
                optimizer=optimizer, average_gradient=self.average_gradient, **own
            )
        return eprop.EpropSynapse(optimizer=optimizer, **in_synapse, **own)

    def probe(self) -> None:
        """eprop.InvalidParameter if the engine refuses the optimizer's parameters."""
        bounds = (self.optimizer_parameters["Wmin"], self.optimizer_parameters["Wmax"])
        network = eprop.Network(dt=1.0)
        source = network.add("source", eprop.SpikeTrains(times=[[]]))
        readout = "eprop_readout" + ("_bsshslm_2020" if self.family == BSSHSLM else "")
        target = network.add("target", 1, eprop.neuron_model(readout))
        weight = float(np.clip(0.0, *bounds)) if bounds[0] <= bounds[1] else 0.0
        network.connect(source, target, eprop.AllToAll(), self.engine_synapse(weight=weight))


def own_number(name: str, value: Any, call: str) -> float:
    """A number that belongs to single connections; TypeMismatch if it is none."""
    if not isinstance(value, (int, float, np.number)):
        raise NESTErrors.TypeMismatch(f"{call}: {name} = {value!r}: must be a number")
    return int(value) if name == "receptor_type" else float(value)


def _learning(name: str, family: str, **own: Any) -> SynapseModel:
    parameters = dict(
        _optimizer_defaults("gradient_descent"),
        optimize_each_step=eprop.EpropSynapse.parameters()["optimize_each_step"][1],
    )
    own = dict(weight=1.0, delay=1.0, **own)
    return SynapseModel(name, SynapseKind.eprop, family, own, optimizer_parameters=parameters)


def built_in() -> dict[str, SynapseModel]:
    """The synapse models that there are after ResetKernel()."""
    own = dict(weight=1.0, delay=1.0)
    tau_m_readout = eprop.EpropSynapseBsshslm2020.parameters()["tau_m_readout"][1]
    signal = "eprop_learning_signal_connection"
    models = [
        SynapseModel("static_synapse", SynapseKind.static, None, dict(own, receptor_type=0)),
        _learning("eprop_synapse", PLUS),
        _learning("eprop_synapse_bsshslm_2020", BSSHSLM, tau_m_readout=tau_m_readout),
        SynapseModel(signal, SynapseKind.learning_signal, PLUS, dict(own)),
        SynapseModel(f"{signal}_bsshslm_2020", SynapseKind.learning_signal, BSSHSLM, dict(own)),
        SynapseModel(
            "rate_connection_delayed", SynapseKind.rate, None, dict(own, receptor_type=0)
        ),
    ]
    return {model.name: model for model in models}
